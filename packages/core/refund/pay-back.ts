import { assert } from '../base/assert.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type CashRounding, roundCash } from '../money/cash-rounding.ts'
import { orderPieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { worthOf } from '../money/rate.ts'
import type { CashPaid, ForeignTender, Tender } from '../sale/tender.ts'
import type { PayBack, PayBackRefusal } from './refund.ts'

/** What a sale was paid with in another currency, and has not been paid back in it. */
export type ForeignPaid = { readonly at: ForeignTender; readonly leftMinor: Minor }

/**
 * What a sale was paid with in other currencies, given less change, less what its refunds paid back in
 * them; zero or more. The rate is the sale's own: what came in as 20 dollars goes back as 20 dollars.
 */
export function foreignPaidOf(
  sale: Partial<Pick<CashPaid, 'tenders' | 'change'>>,
  refunds: readonly Pick<Partial<CashPaid>, 'tenders'>[],
): ReadonlyMap<Currency, ForeignPaid> {
  const held = new Map<Currency, { at: ForeignTender; left: number }>()
  for (const { foreign } of sale.tenders ?? []) {
    if (foreign === undefined) continue
    const before = held.get(foreign.currency)?.left ?? 0
    held.set(foreign.currency, { at: foreign, left: before + foreign.givenMinor })
  }
  const take = (currency: Currency, amount: number) => {
    const paid = held.get(currency)
    if (paid !== undefined) paid.left -= amount
  }
  for (const { currency, minor: amount } of sale.change ?? []) take(currency, amount)
  for (const { foreign } of refunds.flatMap(({ tenders = [] }) => tenders)) {
    if (foreign !== undefined) take(foreign.currency, foreign.givenMinor)
  }
  return new Map(
    // Two shops that were cut off from each other may have paid back more than was paid.
    Array.from(held, ([currency, { at, left }]) => [
      currency,
      { at, leftMinor: minor(Math.max(0, left)) },
    ]),
  )
}

export type PayBackTerms = {
  readonly currency: Currency
  /** Left out: cash is not rounded. */
  readonly rounding?: CashRounding | undefined
  /** What may be paid back in other currencies. Left out: nothing. */
  readonly paid?: ReadonlyMap<Currency, ForeignPaid> | undefined
}

export type PaidBack = { readonly tenders: readonly Tender[]; readonly roundingMinor?: Minor }

/**
 * Pays an amount back by one method; what is paid in notes and coins is rounded; of cash, a part may be in a currency that the sale was paid in.
 * Nothing is paid back by no tender.
 */
export function payBack(
  totalMinor: Minor,
  back: PayBack,
  terms: PayBackTerms,
): Outcome<PaidBack, PayBackRefusal> {
  const { method, pieces, attemptId } = back
  const cash = method === 'cash'
  const machine = method === 'machine'
  if (pieces !== undefined && !cash) return refused({ code: 'pieces_only_of_cash', of: 'refund' })
  if (!machine && attemptId !== undefined) {
    return refused({ code: 'attempt_only_of_machine', index: 0 })
  }
  if (machine && attemptId === undefined) {
    return refused({ code: 'machine_attempt_missing', index: 0 })
  }
  const foreign = payBackForeign(totalMinor, back, terms)
  if (!foreign.ok) return foreign
  const rest = totalMinor - (foreign.value?.amountMinor ?? 0)
  const own = cash || machine ? minor(-roundCash(minor(-rest), terms.rounding)) : minor(rest)
  if (pieces !== undefined && !piecesAddUp(pieces, own)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'refund' })
  }
  const held = {
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    ...(attemptId !== undefined && { attemptId }),
  }
  const tenders = [
    ...(foreign.value === undefined ? [] : [foreign.value]),
    ...(own === 0 ? [] : [{ method, amountMinor: own, givenMinor: own, ...held }]),
  ]
  return accepted({ tenders, ...(own !== rest && { roundingMinor: minor(own - rest) }) })
}

function payBackForeign(
  totalMinor: Minor,
  { method, foreign }: PayBack,
  { currency: base, paid }: PayBackTerms,
): Outcome<Tender | undefined, PayBackRefusal> {
  if (foreign === undefined) return accepted(undefined)
  const { currency, minor: amount, pieces } = foreign
  assert(amount > 0, 'something is paid back')
  if (method !== 'cash') return refused({ code: 'foreign_only_cash', index: 0 })
  const held = paid?.get(currency)
  if (held === undefined) return refused({ code: 'currency_not_paid', currency })
  if (amount > held.leftMinor) {
    return refused({ code: 'refund_above_paid', currency, leftMinor: held.leftMinor })
  }
  if (pieces !== undefined && !piecesAddUp(pieces, amount)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'refund' })
  }
  const worth = worthOf(amount, { ...held.at, base })
  if (worth > totalMinor) return refused({ code: 'refund_above_total', totalMinor })
  return accepted({
    method,
    amountMinor: minor(worth),
    givenMinor: minor(worth),
    foreign: { ...held.at, givenMinor: amount },
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
  })
}
