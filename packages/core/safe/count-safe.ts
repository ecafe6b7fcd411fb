import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Cash, type CashRefusal, checkCash } from '../money/cash-amount.ts'
import type { Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { SafeStock } from './safe-stock.ts'

export type CountSafeState = {
  readonly shopId: ShopId
  readonly stock: readonly SafeStock[]
}

export type CountSafe = {
  readonly staffId: StaffId
  /** What was found, for each currency that was counted; nothing found is 0. */
  readonly counted: Cash
  readonly note?: string | undefined
}

/** What was found of one currency, beside what its author expected. */
export type SafeCount = {
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly pieces?: Pieces
  readonly expectedMinor: Minor
  /** Counted less expected. */
  readonly varianceMinor: Minor
  /** The safe was never counted in this currency before: what is found was always there, and is no surplus. */
  readonly first: boolean
  /**
   * Where it was counted by pieces: those that its author thought were there, some of them below zero. They are
   * taken for what was counted instead.
   */
  readonly replaced?: Pieces
}

/** The safe was counted. The body of the fact `safe.counted`. */
export type SafeCounted = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly counted: readonly SafeCount[]
  readonly note?: string
}

export type CountSafeRefusal = CashRefusal<'count'> | { readonly code: 'nothing_counted' }

/** Decides what a blind count of the safe says. A variance is recorded, whatever it is. */
export function decideCountSafe(
  { shopId, stock }: CountSafeState,
  { staffId, counted, note }: CountSafe,
): Outcome<SafeCounted, CountSafeRefusal> {
  const checked = checkCash(counted, 'count')
  if (!checked.ok) return checked
  if (checked.value.length === 0) return refused({ code: 'nothing_counted' })
  return accepted({
    ...{ shopId, staffId },
    counted: checked.value.map(({ currency, minor: countedMinor, pieces }) => {
      const held = stock.find((each) => each.currency === currency)
      const expectedMinor = held?.balanceMinor ?? minor(0)
      return {
        ...{ currency, countedMinor },
        ...(pieces !== undefined && { pieces }),
        expectedMinor,
        varianceMinor: minor(countedMinor - expectedMinor),
        first: held === undefined || !held.known,
        ...(pieces !== undefined && { replaced: piecesOf(held?.faces) }),
      }
    }),
    ...(note !== undefined && { note }),
  })
}

function piecesOf(faces: ReadonlyMap<number, number> = new Map()): Pieces {
  return [...faces]
    .filter(([, pieces]) => pieces !== 0)
    .map(([faceMinor, pieces]) => ({ faceMinor: minor(faceMinor), pieces }))
    .sort((a, b) => b.faceMinor - a.faceMinor)
}
