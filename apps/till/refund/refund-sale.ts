import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { denominationsOf, makeChange } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { decideRefundSale, type RefundSaleRefusal } from '@tillkeeper/core/refund/refund-sale.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import { addRefund } from '@tillkeeper/core/till/session-totals.ts'
import { getTillPlace, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import type { Place } from '../journal/journal.ts'
import { countReceipt } from '../journal/kept.ts'
import { listRefunds, type RefundDocument } from '../receipt/document.ts'
import type { FoundSale } from './find-sale.ts'

export type RefundSaleAsk = {
  readonly id: string
  readonly sale: FoundSale
  /** Thousandths of each line that comes back. */
  readonly lines: readonly { readonly lineNo: number; readonly quantity: number }[]
  readonly method: TenderMethod
  readonly reason: string
}

export type MadeRefund = { readonly document: RefundDocument; readonly place: Place }

/** Takes goods of a sale back, in part or whole, and pays for them. */
export async function refundSale(
  node: TillNode,
  ask: RefundSaleAsk,
): Promise<Outcome<MadeRefund, RefundSaleRefusal | ActRefusal>> {
  const { sale } = ask
  // What came back here since the sale was looked up counts too.
  const here = (await listRefunds(node.db, sale.id)).map(({ id, body }) => ({ id, ...body }))
  const known = new Set(sale.refunds.map(({ id }) => id))
  const refunds = [...sale.refunds, ...here.filter(({ id }) => !known.has(id))]
  const recorded = await recordAct(node, 'sale.refund', ({ person, occurredAt, businessDate }) => {
    const { book } = node.state.getState()
    const { session } = book
    const { number: tillNumber } = getTillPlace(node)
    const lastCounter = book.counters[businessDate] ?? 0
    const decided = decideRefundSale(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        sale: { ...sale, refunds },
        receipt: { tillNumber, businessDate, lastCounter },
      },
      { staffId: person.id, lines: ask.lines, method: ask.method, reason: ask.reason },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'a refund is made in an open session')
    const body = decided.value
    const document: RefundDocument = {
      kind: 'refund',
      id: ask.id,
      receiptNumber: body.receiptNumber,
      sessionId: body.sessionId,
      saleId: sale.id,
      saleReceiptNumber: sale.receiptNumber,
      occurredAt,
      businessDate,
      staffName: person.name,
      tillNumber,
      body,
    }
    const counted = countReceipt(book, businessDate, body.receiptCounter)
    return accepted({
      type: 'sale.refunded' as const,
      id: ask.id,
      sessionId: body.sessionId,
      refs: [sale.id],
      body,
      book: { ...counted, session: { ...session, totals: addRefund(session.totals, body) } },
      documents: [document],
      document,
    })
  })
  if (!recorded.ok) return recorded
  const { act, place } = recorded.value
  return accepted({ document: act.document, place })
}

/** The notes and coins to hand back for a refund; none where the currency cannot make it. */
export function planPayBack(totalMinor: Minor, currency: FoundSale['currency']) {
  return totalMinor === 0 ? undefined : makeChange(totalMinor, denominationsOf(currency))
}
