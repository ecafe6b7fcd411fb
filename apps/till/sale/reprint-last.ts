import { isLanguage } from '@tillkeeper/ui/language/language.ts'
import type { TillNode } from '../app/node.ts'
import { listDocuments, type TillDocument } from '../receipt/document.ts'
import { printCopy } from '../receipt/reprint.ts'
import type { Paid } from './sale-state.ts'

/** Prints the last receipt again, marked as a copy: the one in the corner, else the session's latest. */
export async function reprintLast(
  node: TillNode,
  last: Paid | undefined,
  language: string,
): Promise<void> {
  const sessionId = node.state.getState().book.session?.id ?? ''
  const isReceipt = ({ kind }: TillDocument) => kind !== 'movement'
  const document = last?.document ?? (await listDocuments(node.db, sessionId)).find(isReceipt)
  if (document === undefined) return
  await printCopy(node, document, isLanguage(language) ? language : 'en')
}
