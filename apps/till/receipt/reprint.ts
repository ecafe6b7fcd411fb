import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import type { ReceiptReprintedBody } from '@tillkeeper/facts/catalogue/receipt-reprinted.ts'
import { getShop, makeId, type TillNode } from '../app/node.ts'
import { type AcceptedAct, type ActRefusal, recordAct } from '../app/record-act.ts'
import { type TillDocument, viewDocument } from './document.ts'
import { printText } from './print.tsx'
import { viewMovement } from './view-movement.ts'

// What was printed as itself since the app was opened.
const printed = new WeakSet<TillDocument>()

/** Prints the paper of an act that was just done: the first print is the paper, later ones are recorded copies. */
export async function printPaper(
  node: TillNode,
  document: TillDocument,
  options: { readonly language: Language; readonly offline?: boolean },
): Promise<Outcome<undefined, ActRefusal>> {
  if (printed.has(document)) return printCopy(node, document, options.language)
  printed.add(document)
  printText(receiptText(viewDocument(document, getShop(node)), options))
  return accepted(undefined)
}

/** Writes down that a paper is printed again, and prints it, marked as a copy. What is not recorded is not printed. */
export async function printCopy(
  node: TillNode,
  document: TillDocument,
  language: Language,
): Promise<Outcome<undefined, ActRefusal>> {
  const copy = await recordCopy(node, document, language)
  if (!copy.ok) return copy
  printText(copy.value)
  return accepted(undefined)
}

/** Writes down that a paper is printed again; its text, marked as a copy. */
export async function recordCopy(
  node: TillNode,
  document: TillDocument,
  language: Language,
): Promise<Outcome<string, ActRefusal>> {
  const { receiptNumber, id: receiptId } = document
  const kind = kindOf(document, node)
  const recorded = await recordAct(node, 'sale.read', ({ person }): Outcome<AcceptedAct, never> => {
    const body: ReceiptReprintedBody = {
      ...{ shopId: node.device.shopId, staffId: person.id, receiptId, kind, receiptNumber },
    }
    return accepted({
      ...{
        type: 'receipt.reprinted' as const,
        id: makeId(node.nowMs()),
        sessionId: undefined,
        body,
      },
      ...{ keys: [`receipt:${receiptId}`], refs: [receiptId] },
      book: node.state.getState().book,
    })
  })
  if (!recorded.ok) return recorded
  return accepted(receiptText(viewDocument(document, getShop(node)), { language, copy: true }))
}

// As the store server names the papers of a shop.
function kindOf(document: TillDocument, node: TillNode): string {
  if (document.kind === 'movement') {
    return viewMovement(document, getShop(node)).parts[0]?.type ?? document.kind
  }
  return document.kind === 'refund' && document.voids === true ? 'void' : document.kind
}
