import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { isLanguage } from '@tillkeeper/ui/language/language.ts'
import { getShop, type TillNode } from '../app/node.ts'
import { listDocuments, type TillDocument, viewDocument } from '../receipt/document.ts'
import { printText } from '../receipt/print.tsx'
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
  printText(
    receiptText(viewDocument(document, getShop(node)), {
      language: isLanguage(language) ? language : 'en',
      copy: true,
    }),
  )
}
