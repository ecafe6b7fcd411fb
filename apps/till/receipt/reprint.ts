import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import type { ReceiptReprintedBody } from '@tillkeeper/facts/catalogue/receipt-reprinted.ts'
import { getShop, makeId, type TillNode } from '../app/node.ts'
import { type AcceptedAct, type ActRefusal, recordAct } from '../app/record-act.ts'
import { type TillDocument, viewDocument } from './document.ts'
import { printText } from './print.tsx'
import { viewMovement } from './view-movement.ts'

/** Writes down that a paper is printed again, and prints it, marked as a copy. What is not recorded is not printed. */
export async function printCopy(
  node: TillNode,
  document: TillDocument,
  language: Language,
): Promise<Outcome<undefined, ActRefusal>> {
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
  printText(receiptText(viewDocument(document, getShop(node)), { language, copy: true }))
  return accepted(undefined)
}

// As the store server names the papers of a shop.
function kindOf(document: TillDocument, node: TillNode): string {
  if (document.kind === 'movement') {
    return viewMovement(document, getShop(node)).parts[0]?.type ?? document.kind
  }
  return document.kind === 'refund' && document.voids === true ? 'void' : document.kind
}
