import { addTransfer, type Effects, type TransferRow } from '../apply/effects.ts'
import { drawer, overShort, safe } from '../cash/location.ts'

/** What every transfer of one act in a session says. */
export type OfAct = Pick<
  TransferRow,
  'fact_id' | 'shop_id' | 'session_id' | 'staff_id' | 'business_date' | 'occurred_at'
>

/** Books what a drawer has more or less than it should against over and short. */
export function addVariance(
  effects: Effects,
  act: OfAct,
  variance: {
    /** The transfer's id after the fact's. */
    readonly part: string
    readonly tillId: string
    readonly currency: string
    readonly minor: number
  },
): void {
  const { part, tillId, currency, minor } = variance
  const surplus = minor > 0
  const [inside, outside] = [drawer(tillId), overShort(act.shop_id)]
  addTransfer(effects, {
    ...act,
    id: `${act.fact_id}/${part}`,
    type: surplus ? 'surplus' : 'shortage',
    from_location: surplus ? outside : inside,
    to_location: surplus ? inside : outside,
    currency,
    amount_minor: Math.abs(minor),
  })
}

/** Books cash between a drawer and the safe; an amount below zero goes the other way. */
export function addToSafe(
  effects: Effects,
  act: OfAct,
  moved: {
    readonly part: string
    readonly type: 'float' | 'takings'
    readonly tillId: string
    readonly currency: string
    /** From the drawer to the safe. */
    readonly minor: number
    readonly pieces?: unknown
  },
): void {
  const { part, type, tillId, currency, minor, pieces } = moved
  const [inside, kept] = [drawer(tillId), safe(act.shop_id)]
  addTransfer(effects, {
    ...act,
    id: `${act.fact_id}/${part}`,
    type,
    from_location: minor > 0 ? inside : kept,
    to_location: minor > 0 ? kept : inside,
    currency,
    amount_minor: Math.abs(minor),
    pieces,
  })
}
