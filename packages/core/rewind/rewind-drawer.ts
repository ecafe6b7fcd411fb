import type { CashAmount } from '../money/cash-amount.ts'
import { orderPieces, type Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

/** Cash that an act brought into a drawer, or took out of it. */
export type DrawerLeg = {
  readonly factId: string
  readonly into: boolean
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
}

/** A drawer's cash in one currency. */
export type RewoundCash = {
  readonly currency: Currency
  readonly balanceMinor: Minor
  /** The notes and coins that are known to be in it, high to low. */
  readonly pieces: Pieces
  /**
   * What of the balance is not known by piece. Below zero: so much went out of the pieces that are listed,
   * and nobody said which.
   */
  readonly unknownMinor: Minor
}

export type RewoundDrawer = {
  readonly before: readonly RewoundCash[]
  readonly after: readonly RewoundCash[]
}

/**
 * A drawer before and after an act: what was counted last, and all that moved since in its order. `legs` end
 * with those of the act; an act that moves nothing leaves the drawer as it was.
 */
export function rewindDrawer(
  counted: readonly CashAmount[],
  legs: readonly DrawerLeg[],
  actId: string,
): RewoundDrawer {
  const held = new Map<Currency, Held>()
  for (const { currency, minor: amountMinor, pieces } of counted) {
    add(held, { currency, amountMinor, pieces, sign: 1 })
  }
  const own = legs.filter(({ factId }) => factId === actId)
  for (const leg of legs) {
    if (leg.factId !== actId) add(held, { ...leg, sign: leg.into ? 1 : -1 })
  }
  // A currency that comes with the act was there before, with nothing.
  for (const { currency } of own) heldOf(held, currency)
  const before = [...held].map(toCash)
  for (const leg of own) add(held, { ...leg, sign: leg.into ? 1 : -1 })
  return { before, after: [...held].map(toCash) }
}

type Held = { balance: number; readonly faces: Map<Minor, number> }

function heldOf(held: Map<Currency, Held>, currency: Currency): Held {
  const known = held.get(currency) ?? { balance: 0, faces: new Map<Minor, number>() }
  held.set(currency, known)
  return known
}

function add(
  held: Map<Currency, Held>,
  leg: {
    readonly currency: Currency
    readonly amountMinor: Minor
    readonly pieces?: Pieces | undefined
    readonly sign: 1 | -1
  },
): void {
  const known = heldOf(held, leg.currency)
  known.balance += leg.sign * leg.amountMinor
  for (const { faceMinor, pieces } of leg.pieces ?? []) {
    known.faces.set(faceMinor, (known.faces.get(faceMinor) ?? 0) + leg.sign * pieces)
  }
}

function toCash([currency, { balance, faces }]: readonly [Currency, Held]): RewoundCash {
  // A face that more went out of than is known to have come in was among the unknown.
  const pieces = orderPieces([...faces].map(([faceMinor, count]) => ({ faceMinor, pieces: count })))
  const worth = pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)
  return {
    currency,
    balanceMinor: minor(balance),
    pieces,
    unknownMinor: minor(balance - worth),
  }
}
