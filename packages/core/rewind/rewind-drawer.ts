import type { TillId } from '../base/id.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import { orderPieces, type Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

/** Cash that an act of a session moved: into a drawer, out of one, or with a drawer from till to till. */
export type DrawerLeg = {
  readonly factId: string
  /** The till whose drawer it left. */
  readonly from?: TillId | undefined
  /** The till whose drawer it came into. With `from`: the drawer was carried, with all that is in it. */
  readonly into?: TillId | undefined
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

export type RewindDrawer = {
  /** The till whose drawer is asked for. */
  readonly tillId: TillId
  /** What was counted as the session began, and the till where it did. */
  readonly counted: { readonly tillId: TillId; readonly cash: readonly CashAmount[] }
  /** All that moved in the session since, in its order, at whatever till; they end with those of the act. */
  readonly legs: readonly DrawerLeg[]
  readonly actId: string
}

/**
 * A till's drawer before and after an act: what was counted first, and all that moved since. An act that
 * moves nothing leaves it as it was.
 */
export function rewindDrawer({ tillId, counted, legs, actId }: RewindDrawer): RewoundDrawer {
  const drawers: Drawers = new Map()
  for (const { currency, minor: amountMinor, pieces } of counted.cash) {
    put(drawerOf(drawers, counted.tillId), { currency, amountMinor, pieces }, 1)
  }
  const own = legs.filter(({ factId }) => factId === actId)
  for (const leg of legs) if (leg.factId !== actId) move(drawers, leg)
  const held = drawerOf(drawers, tillId)
  // A currency that comes with the act was there before, with nothing.
  for (const { from, into, currency } of own) {
    if (from === tillId || into === tillId) heldOf(held, currency)
  }
  const before = toCash(held)
  for (const leg of own) move(drawers, leg)
  return { before, after: toCash(held) }
}

/** What is counted, as a drawer's cash. */
export function rewindCount(cash: readonly CashAmount[]): readonly RewoundCash[] {
  const held: Drawer = new Map()
  for (const { currency, minor: amountMinor, pieces } of cash) {
    put(held, { currency, amountMinor, pieces }, 1)
  }
  return toCash(held)
}

type Held = { balance: number; readonly faces: Map<Minor, number> }
type Drawer = Map<Currency, Held>
type Drawers = Map<TillId, Drawer>

function drawerOf(drawers: Drawers, tillId: TillId): Drawer {
  const known: Drawer = drawers.get(tillId) ?? new Map()
  drawers.set(tillId, known)
  return known
}

function heldOf(drawer: Drawer, currency: Currency): Held {
  const known = drawer.get(currency) ?? { balance: 0, faces: new Map<Minor, number>() }
  drawer.set(currency, known)
  return known
}

function move(drawers: Drawers, leg: DrawerLeg): void {
  const { from, into, currency } = leg
  const carried = from !== undefined && into !== undefined
  // All its pieces go along: the amount is what the books said then, also where a sale was not known yet.
  const pieces = carried ? piecesIn(heldOf(drawerOf(drawers, from), currency)) : leg.pieces
  const cash = { currency, amountMinor: leg.amountMinor, pieces }
  if (from !== undefined) put(drawerOf(drawers, from), cash, -1)
  if (into !== undefined) put(drawerOf(drawers, into), cash, 1)
}

const piecesIn = ({ faces }: Held): Pieces =>
  [...faces].map(([faceMinor, pieces]) => ({ faceMinor, pieces }))

function put(
  drawer: Drawer,
  cash: Pick<DrawerLeg, 'currency' | 'amountMinor' | 'pieces'>,
  sign: 1 | -1,
): void {
  const known = heldOf(drawer, cash.currency)
  known.balance += sign * cash.amountMinor
  for (const { faceMinor, pieces } of cash.pieces ?? []) {
    known.faces.set(faceMinor, (known.faces.get(faceMinor) ?? 0) + sign * pieces)
  }
}

function toCash(drawer: Drawer): readonly RewoundCash[] {
  return [...drawer].map(([currency, held]) => {
    // A face that more went out of than is known to have come in was among the unknown.
    const pieces = orderPieces(piecesIn(held))
    const worth = pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)
    return {
      currency,
      balanceMinor: minor(held.balance),
      pieces,
      unknownMinor: minor(held.balance - worth),
    }
  })
}
