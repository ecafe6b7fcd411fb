import { assert } from '../base/assert.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type CashRounding, roundCash } from '../money/cash-rounding.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { amountMax, type Currency, type Minor, minor } from '../money/money.ts'
import { type Rate, type RatesHeld, worthOf } from '../money/rate.ts'
import type { ForeignChange, Tender, TenderMethod } from './tender.ts'

/** What a customer hands over. */
export type AskedTender = {
  readonly method: TenderMethod
  /** Zero or more, in `currency`. Only cash, and what a machine kept, may be more than is due. */
  readonly givenMinor: Minor
  /** Left out: the sale's. */
  readonly currency?: Currency | undefined
  /** The rate that the customer was shown: if another one holds, the tender is refused. */
  readonly rateId?: string | undefined
  readonly pieces?: Pieces | undefined
  /** Of `machine`, and never of another: the attempt that took it. `givenMinor` is what it kept. */
  readonly attemptId?: string | undefined
}

/** Change that is wanted in a currency that the customer paid with; the rest of it is the sale's. */
export type AskedChange = {
  readonly currency: Currency
  /** Above zero, in that currency. */
  readonly minor: Minor
  readonly pieces?: Pieces | undefined
}

/** What cash is settled by, beside the sale's own currency. */
export type SettleTerms = {
  /** The sale's. Needed where anything is asked in another one. */
  readonly currency?: Currency | undefined
  /** The rates that hold where and when the sale is made. */
  readonly rates?: RatesHeld | undefined
  /** Left out: cash is not rounded. */
  readonly rounding?: CashRounding | undefined
  readonly change?: readonly AskedChange[] | undefined
}

/** Why tenders do not settle what is due, in order of precedence; `index` counts from 0. */
export type SettleRefusal =
  | { readonly code: 'pieces_only_of_cash'; readonly of: 'tender'; readonly index: number }
  | {
      readonly code: 'pieces_do_not_add_up'
      readonly of: 'tender' | 'change'
      readonly index: number
    }
  | AttemptRefusal
  | { readonly code: 'foreign_only_cash'; readonly index: number }
  | { readonly code: 'rate_not_found'; readonly currency: Currency }
  | { readonly code: 'rate_stale'; readonly currency: Currency; readonly rateId: string }
  | { readonly code: 'amount_too_large' }
  /** Cards and transfers together come to more than is due, and they give no change. */
  | { readonly code: 'tender_above_due'; readonly dueMinor: Minor }
  | { readonly code: 'not_enough_given'; readonly dueMinor: Minor; readonly givenMinor: Minor }
  /** Change is asked twice in a currency, or in one that the customer did not pay with. */
  | { readonly code: 'change_currency_not_given'; readonly currency: Currency }
  | { readonly code: 'change_above_due'; readonly changeMinor: Minor }

/** A tender by machine says by which attempt, no two of one act say the same, and no other tender says one. */
export type AttemptRefusal =
  | { readonly code: 'attempt_only_of_machine'; readonly index: number }
  | { readonly code: 'machine_attempt_missing'; readonly index: number }
  | { readonly code: 'machine_attempt_used'; readonly attemptId: string }

export type Settled = {
  readonly tenders: readonly Tender[]
  /** What all the change is worth. */
  readonly changeMinor: Minor
  /** The part of it that is given in other currencies. */
  readonly change?: readonly ForeignChange[]
  /** What cash was rounded by: given − change − rounding = due. Left out where that is nothing. */
  readonly roundingMinor?: Minor
}

/**
 * Shares what is due among tenders: what is not cash pays its whole amount, a machine's next, cash pays the rest in
 * its order, and what is left is the change. Cash of another currency counts by what it is worth. What is settled
 * in notes and coins, also by a machine, is rounded once, in the sale's currency. A tender of nothing is left out.
 *
 * A machine that had not the pieces for its change kept more than is due: the rest of it is change out of the drawer.
 */
export function settleTenders(
  dueMinor: Minor,
  asked: readonly AskedTender[],
  terms: SettleTerms = {},
): Outcome<Settled, SettleRefusal> {
  assert(
    asked.every((tender) => tender.givenMinor >= 0),
    'nobody hands over less than nothing',
  )
  const odd = findOddPieces(asked, terms.change)
  if (odd !== undefined) return refused(odd)
  const attempt = findOddAttempt(asked)
  if (attempt !== undefined) return refused(attempt)
  const valued = valueTenders(asked, terms)
  if (!valued.ok) return valued
  const given = valued.value.reduce((all, tender) => all + tender.worthMinor, 0)
  if (given > amountMax) return refused({ code: 'amount_too_large' })
  const cash = cashOf(valued.value)
  if (given - cash > dueMinor) return refused({ code: 'tender_above_due', dueMinor })

  // A sale that no notes or coins are given for is not rounded.
  const rounding = asked.some(isPhysical) ? terms.rounding : undefined
  const owed = minor(dueMinor - given)
  if (roundCash(owed, rounding) > 0) {
    return refused({ code: 'not_enough_given', dueMinor, givenMinor: minor(given) })
  }
  const changed = settleChange(owed, valued.value, { ...terms, rounding })
  if (!changed.ok) return changed
  const { changeMinor, change } = changed.value
  const roundingMinor = minor(given - changeMinor - dueMinor)
  return accepted({
    tenders: shareAmounts(valued.value, cash - changeMinor),
    changeMinor,
    ...(change.length > 0 && { change }),
    ...(roundingMinor !== 0 && { roundingMinor }),
  })
}

/** A tender with what it is worth in the sale's currency, and the rate of another one. */
type Valued = AskedTender & { readonly worthMinor: Minor; readonly at?: Rate }

/** Whether notes and coins were handed over: to a cashier, or to a machine. */
const isPhysical = ({ method }: Pick<AskedTender, 'method'>) =>
  method === 'cash' || method === 'machine'

function cashOf(valued: readonly Valued[]): number {
  return valued.reduce((all, tender) => (isPhysical(tender) ? all + tender.worthMinor : all), 0)
}

function valueTenders(
  asked: readonly AskedTender[],
  { currency: own, rates }: SettleTerms,
): Outcome<readonly Valued[], SettleRefusal> {
  const valued: Valued[] = []
  for (const [index, tender] of asked.entries()) {
    const { method, currency = own, givenMinor, rateId } = tender
    if (currency === undefined || currency === own) {
      valued.push({ ...tender, worthMinor: givenMinor })
      continue
    }
    if (method !== 'cash') return refused({ code: 'foreign_only_cash', index })
    const rate = rates?.get(currency)
    if (rate === undefined) return refused({ code: 'rate_not_found', currency })
    assert(rate.base === own, 'a rate is looked up by the currency of its sale')
    if (rateId !== undefined && rateId !== rate.id) {
      return refused({ code: 'rate_stale', currency, rateId: rate.id })
    }
    const worth = worthOf(givenMinor, rate)
    if (worth > amountMax) return refused({ code: 'amount_too_large' })
    valued.push({ ...tender, worthMinor: minor(worth), at: rate })
  }
  return accepted(valued)
}

/** `owed` is what is due less what was given: zero, or below it by the change. */
function settleChange(
  owed: Minor,
  valued: readonly Valued[],
  { rounding, change: asked = [] }: SettleTerms,
): Outcome<
  { readonly changeMinor: Minor; readonly change: readonly ForeignChange[] },
  SettleRefusal
> {
  const rates = new Map(
    valued.flatMap(({ at }) => (at === undefined ? [] : [[at.currency, at] as const])),
  )
  // No rounding gives back more than the cash that came.
  const cash = cashOf(valued)
  const most = (settled: number) => minor(Math.min(-roundCash(minor(settled), rounding), cash))
  const change: ForeignChange[] = []
  let worth = 0
  for (const { currency, minor: amount, pieces } of asked) {
    assert(amount > 0, 'change of nothing is not asked for')
    const rate = rates.get(currency)
    if (rate === undefined) return refused({ code: 'change_currency_not_given', currency })
    rates.delete(currency)
    const baseMinor = worthOf(amount, rate)
    worth += baseMinor
    if (worth > cash || roundCash(minor(owed + worth), rounding) > 0) {
      return refused({ code: 'change_above_due', changeMinor: most(owed) })
    }
    const held = pieces !== undefined && { pieces: orderPieces(pieces) }
    change.push({ currency, minor: amount, baseMinor: minor(baseMinor), ...held })
  }
  const own = Math.min(-roundCash(minor(owed + worth), rounding), cash - worth)
  return accepted({ changeMinor: minor(worth + own), change })
}

function shareAmounts(valued: readonly Valued[], cashPaid: number): readonly Tender[] {
  const machine = valued.reduce(
    (all, { method, worthMinor }) => (method === 'machine' ? all + worthMinor : all),
    0,
  )
  // A machine's money is there already, so it pays first, and the change is out of the cash.
  const due = {
    machine: Math.min(machine, cashPaid),
    cash: Math.max(0, cashPaid - machine),
  }
  return valued
    .filter((tender) => tender.givenMinor > 0)
    .map(({ method, givenMinor, worthMinor, at, pieces, attemptId }): Tender => {
      const of = method === 'cash' || method === 'machine' ? method : undefined
      const amount = of === undefined ? worthMinor : Math.min(worthMinor, due[of])
      if (of !== undefined) due[of] -= amount
      return {
        method,
        amountMinor: minor(amount),
        givenMinor: worthMinor,
        ...(attemptId !== undefined && { attemptId }),
        ...(at !== undefined && {
          foreign: {
            currency: at.currency,
            givenMinor,
            rateId: at.id,
            rate: at.rate,
            scale: at.scale,
          },
        }),
        ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
      }
    })
}

function findOddAttempt(asked: readonly AskedTender[]): AttemptRefusal | undefined {
  const named = new Set<string>()
  for (const [index, { method, attemptId }] of asked.entries()) {
    if (method !== 'machine') {
      if (attemptId !== undefined) return { code: 'attempt_only_of_machine', index }
      continue
    }
    if (attemptId === undefined) return { code: 'machine_attempt_missing', index }
    if (named.has(attemptId)) return { code: 'machine_attempt_used', attemptId }
    named.add(attemptId)
  }
  return undefined
}

function findOddPieces(asked: readonly AskedTender[], change: readonly AskedChange[] = []) {
  for (const [index, { method, givenMinor, pieces }] of asked.entries()) {
    if (pieces === undefined) continue
    if (method !== 'cash') return { code: 'pieces_only_of_cash', of: 'tender', index } as const
    if (!piecesAddUp(pieces, givenMinor)) {
      return { code: 'pieces_do_not_add_up', of: 'tender', index } as const
    }
  }
  for (const [index, { minor: amount, pieces }] of change.entries()) {
    if (pieces !== undefined && !piecesAddUp(pieces, amount)) {
      return { code: 'pieces_do_not_add_up', of: 'change', index } as const
    }
  }
  return undefined
}
