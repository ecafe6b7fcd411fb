import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import { orderPieces, type Pieces } from '../money/denominations.ts'
import type { Currency } from '../money/money.ts'
import { cashOf, compareUnits, type UnitFace, type UnitVariance } from './resolve-recycler.ts'

export type EmptyRecycler = {
  readonly staffId: StaffId
  /** What was taken out, as it was counted into the safe. */
  readonly cash: readonly { readonly currency: Currency; readonly pieces: Pieces }[]
  readonly note?: string | undefined
}

/** The body of the fact `recycler.emptied`. */
export type RecyclerEmptied = {
  readonly shopId: ShopId
  readonly recyclerId: string
  readonly staffId: StaffId
  readonly cash: readonly (CashAmount & { readonly pieces: Pieces })[]
  /** By how much the cash box held more or less than was booked, of the faces that were taken. */
  readonly variances?: readonly UnitVariance[]
  /** The machine was never counted: what was found was always there. */
  readonly first?: true
  readonly note?: string
}

export type EmptyRecyclerRefusal =
  | { readonly code: 'no_cash' }
  | { readonly code: 'currency_repeated'; readonly currency: Currency }

/**
 * Decides what is booked when a person with a key takes out what lies in a machine's cash box. What was counted is
 * what was there: where the books had another number of a face that was taken, the rest of it is over or short.
 * Faces of which nothing was taken stay: a machine may have several boxes.
 */
export function decideEmptyRecycler(
  {
    shopId,
    recyclerId,
    held,
    known,
  }: {
    readonly shopId: ShopId
    readonly recyclerId: string
    /** What the books say that it holds, in all of its parts. */
    readonly held: readonly UnitFace[]
    readonly known: boolean
  },
  { staffId, cash, note }: EmptyRecycler,
): Outcome<RecyclerEmptied, EmptyRecyclerRefusal> {
  const currencies = cash.map(({ currency }) => currency)
  const twice = currencies.find((currency, index) => currencies.indexOf(currency) !== index)
  if (twice !== undefined) return refused({ code: 'currency_repeated', currency: twice })
  const taken = cash
    .map(({ currency, pieces }) => cashOf(currency, orderPieces(pieces)))
    .filter(({ minor }) => minor > 0)
  if (taken.length === 0) return refused({ code: 'no_cash' })
  const found = taken.flatMap(({ currency, pieces }) =>
    pieces.map(
      ({ faceMinor, pieces: count }): UnitFace => ({
        ...{ unit: 'cash_box', currency, faceMinor, pieces: count },
      }),
    ),
  )
  const names = new Set(found.map(nameOf))
  const booked = held.filter((line) => line.unit === 'cash_box' && names.has(nameOf(line)))
  const variances = compareUnits(booked, found)
  return accepted({
    ...{ shopId, recyclerId, staffId, cash: taken },
    ...(variances.length > 0 && { variances }),
    ...(variances.length > 0 && !known && { first: true as const }),
    ...(note !== undefined && note !== '' && { note }),
  })
}

const nameOf = ({ currency, faceMinor }: UnitFace) => `${currency} ${faceMinor}`
