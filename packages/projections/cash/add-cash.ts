import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import { addTransfer, type Effects, type TransferRow, type TransferType } from '../apply/effects.ts'

type MovingFact = {
  readonly id: string
  readonly businessDate: string
  readonly occurredAt: string
  readonly body: {
    readonly shopId: string
    readonly staffId: string
    readonly note?: string
    readonly reason?: string
  }
}

/** Moves cash of each currency from one place to another, for one part of a fact. */
export function addCash(
  effects: Effects,
  fact: MovingFact,
  {
    from,
    to,
    type,
    part,
    cash,
    sessionId,
  }: {
    readonly from: string
    readonly to: string
    readonly type: TransferType
    readonly part: string
    readonly cash: readonly CashAmount[]
    /** Of the drawer that takes part; left out where none does. */
    readonly sessionId?: string | undefined
  },
): void {
  for (const { currency, minor, pieces } of cash) {
    addTransfer(effects, {
      ...rowOf(fact),
      id: `${fact.id}/${part}/${currency}`,
      session_id: sessionId,
      ...{ type, from_location: from, to_location: to, currency, amount_minor: minor, pieces },
    })
  }
}

/** Books what a place holds more (above zero) or less than it should. */
export function addVariance(
  effects: Effects,
  fact: MovingFact,
  {
    place,
    outside,
    part,
    currency,
    varianceMinor,
    type = varianceMinor > 0 ? 'surplus' : 'shortage',
  }: {
    readonly place: string
    readonly outside: string
    readonly part: string
    readonly currency: string
    readonly varianceMinor: number
    readonly type?: TransferType
  },
): void {
  const more = varianceMinor > 0
  addTransfer(effects, {
    ...rowOf(fact),
    id: `${fact.id}/${part}/${currency}`,
    ...{ type, currency, amount_minor: Math.abs(varianceMinor) },
    from_location: more ? outside : place,
    to_location: more ? place : outside,
  })
}

function rowOf({
  id,
  body,
  businessDate,
  occurredAt,
}: MovingFact): Omit<
  TransferRow,
  'id' | 'type' | 'from_location' | 'to_location' | 'currency' | 'amount_minor'
> {
  return {
    fact_id: id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    note: body.note ?? body.reason,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
}
