import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { addRefund } from '@tillkeeper/core/till/session-totals.ts'
import { decideVoidSale, type VoidSaleRefusal } from '@tillkeeper/core/verify/void-sale.ts'
import { getShop, getTillPlace, type TillNode } from '../app/node.ts'
import { type AcceptedAct, type ActRefusal, recordAct } from '../app/record-act.ts'
import { countReceipt } from '../journal/kept.ts'
import { listRefunds, type RefundDocument, type SaleDocument } from '../receipt/document.ts'
import { authorityOf, holdsHere } from '../till/hold-authority.ts'
import type { MadeRefund } from './refund-sale.ts'

export type VoidSaleAsk = {
  readonly id: string
  readonly sale: SaleDocument
  readonly reason: string
  /** Another person's word: needed for the own sale, and by who may not void. */
  readonly approval?: HeldApproval | undefined
}

/** It is another day, another session, or something of it came back: then it is a refund, which is asked for as one. */
export type TooLate = { readonly code: 'void_too_late' }

type Voided = AcceptedAct & { readonly document: RefundDocument }

/** Takes a sale of this till back whole, on its day and in its session. */
export async function voidSale(
  node: TillNode,
  { id, sale, reason, approval }: VoidSaleAsk,
): Promise<Outcome<MadeRefund, VoidSaleRefusal | TooLate | ActRefusal>> {
  const { body: sold, businessDate: soldOn } = sale
  const refunds = (await listRefunds(node.db, sale.id)).map(({ body }) => body)
  const recorded = await recordAct(
    node,
    'sale.refund',
    (acting): Outcome<Voided, VoidSaleRefusal | TooLate> => {
      const { person, occurredAt, businessDate } = acting
      const { book } = node.state.getState()
      const { session } = book
      const { number: tillNumber } = getTillPlace(node)
      const lastCounter = book.counters[businessDate] ?? 0
      const decided = decideVoidSale(
        {
          at: { shopId: node.device.shopId, tillId: node.device.tillId },
          session,
          drawer: (currency: Currency) => holdsHere(node, currency),
          sale: { ...sold, id: sale.id, businessDate: soldOn, refunds, paidBy: sold.tenders },
          receipt: { tillNumber, businessDate, lastCounter },
          rounding: getShop(node).cashRounding,
          authority: authorityOf(acting, { id, approval }),
        },
        { staffId: person.id, reason },
      )
      if (!decided.ok) return decided
      const { type, body } = decided.value
      if (type !== 'sale.voided') return refused({ code: 'void_too_late' as const })
      assert(session !== undefined, 'a sale is voided in an open session')
      const document: RefundDocument = {
        ...{ kind: 'refund', voids: true, id, receiptNumber: body.receiptNumber },
        ...{ sessionId: body.sessionId, saleId: sale.id, saleReceiptNumber: sale.receiptNumber },
        ...{ occurredAt, businessDate, staffName: person.name, tillNumber, body },
      }
      const counted = countReceipt(book, businessDate, body.receiptCounter)
      return accepted({
        ...{ type, id, sessionId: body.sessionId, refs: [sale.id], body },
        book: { ...counted, session: { ...session, totals: addRefund(session.totals, body) } },
        documents: [document],
        document,
      })
    },
  )
  if (!recorded.ok) return recorded
  const { act, place } = recorded.value
  return accepted({ document: act.document, place })
}
