import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { denominationsOf, makeChange } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { foreignPaidOf } from '@tillkeeper/core/refund/pay-back.ts'
import type { SaleRefunded } from '@tillkeeper/core/refund/refund.ts'
import {
  decideRefundSale,
  type RefundableSale,
  type RefundSaleRefusal,
} from '@tillkeeper/core/refund/refund-sale.ts'
import { planForeignBack } from '@tillkeeper/core/sale/plan-change.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import { addRefund } from '@tillkeeper/core/till/session-totals.ts'
import { getShop, getTillPlace, type TillNode } from '../app/node.ts'
import { type Acting, type ActRefusal, recordAct, rehearseAct } from '../app/record-act.ts'
import type { Place } from '../journal/journal.ts'
import { countReceipt } from '../journal/kept.ts'
import type { ByMachine } from '../machine/machine-record.ts'
import { listRefunds, type RefundDocument } from '../receipt/document.ts'
import { authorityOf, holdsHere } from '../till/hold-authority.ts'
import type { FoundSale } from './find-sale.ts'

export type RefundSaleAsk = {
  readonly id: string
  readonly sale: FoundSale
  /** Thousandths of each line that comes back. */
  readonly lines: readonly { readonly lineNo: number; readonly quantity: number }[]
  readonly method: TenderMethod
  /** Cash goes back in this currency, which the sale was paid in, as far as its notes go. */
  readonly currency?: Currency | undefined
  readonly reason: string
  /** Of `machine`: the attempt that gave it. */
  readonly attemptId?: string | undefined
  /** Another person's word, where it is more than one may give back alone. */
  readonly approval?: HeldApproval | undefined
}

export type MadeRefund = { readonly document: RefundDocument; readonly place: Place }

/** Takes goods of a sale back, in part or whole, and pays for them. */
export async function refundSale(
  node: TillNode,
  ask: RefundSaleAsk,
  by?: ByMachine,
): Promise<Outcome<MadeRefund, RefundSaleRefusal | ActRefusal>> {
  const refunds = await refundsOf(node, ask.sale)
  const recorded = await recordAct(node, 'sale.refund', decideHere(node, ask, { refunds, by }))
  if (!recorded.ok) return recorded
  const { act, place } = recorded.value
  return accepted({ document: act.document, place })
}

/** Decides a refund without making it: what it comes to, or what would refuse it. */
export async function rehearseRefund(
  node: TillNode,
  ask: RefundSaleAsk,
): Promise<Outcome<SaleRefunded, RefundSaleRefusal | ActRefusal>> {
  const refunds = await refundsOf(node, ask.sale)
  const decided = rehearseAct(node, 'sale.refund', decideHere(node, ask, { refunds }))
  return decided.ok ? accepted(decided.value.body) : decided
}

async function refundsOf(node: TillNode, sale: FoundSale) {
  // What came back here since the sale was looked up counts too.
  const here = (await listRefunds(node.db, sale.id)).map(({ id, body }) => ({ id, ...body }))
  const known = new Set(sale.refunds.map(({ id }) => id))
  return [...sale.refunds, ...here.filter(({ id }) => !known.has(id))]
}

function decideHere(
  node: TillNode,
  ask: RefundSaleAsk,
  { refunds, by }: { readonly refunds: FoundSale['refunds']; readonly by?: ByMachine | undefined },
) {
  const { sale } = ask
  return (acting: Acting) => {
    const { person, occurredAt, businessDate } = acting
    const { book } = node.state.getState()
    const { session } = book
    const { number: tillNumber } = getTillPlace(node)
    const lastCounter = book.counters[businessDate] ?? 0
    const state = {
      at: { shopId: node.device.shopId, tillId: node.device.tillId },
      session,
      drawer: (currency: Currency) => holdsHere(node, currency),
      sale: { ...sale, refunds },
      receipt: { tillNumber, businessDate, lastCounter },
      rounding: getShop(node).cashRounding,
      authority: authorityOf(acting, { ...ask, by }),
    }
    const { lines, method, attemptId, reason } = ask
    const asked = { staffId: person.id, lines, method, attemptId, reason }
    const plain = decideRefundSale(state, asked)
    if (!plain.ok) return plain
    const foreign = planAbroad(state.sale, plain.value.totalMinor, ask)
    const decided = foreign === undefined ? plain : decideRefundSale(state, { ...asked, foreign })
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
      ...(by !== undefined && { kept: { attempts: by.open() } }),
      documents: [document],
      document,
    })
  }
}

function planAbroad(
  sale: RefundableSale,
  totalMinor: Minor,
  { method, currency }: Pick<RefundSaleAsk, 'method' | 'currency'>,
) {
  if (method !== 'cash' || currency === undefined) return undefined
  const paid = foreignPaidOf(sale, sale.refunds).get(currency)
  if (paid === undefined) return undefined
  return planForeignBack(totalMinor, paid, { ...paid.at, base: sale.currency })
}

/** The currencies that a sale was paid in and something may go back in, beside the shop's own. */
export function currenciesBack(sale: RefundableSale): readonly Currency[] {
  return [...foreignPaidOf(sale, sale.refunds)]
    .filter(([, { leftMinor }]) => leftMinor > 0)
    .map(([currency]) => currency)
}

/** The notes and coins to hand back in a currency; none where it cannot make them. */
export function planPayBack(amountMinor: Minor, currency: Currency) {
  return amountMinor === 0 ? undefined : makeChange(amountMinor, denominationsOf(currency))
}
