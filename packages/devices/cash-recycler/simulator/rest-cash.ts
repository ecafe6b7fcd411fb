import { orderPieces, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'

// The money of a polled machine: hoppers that give again, a box that keeps, a tray that the customer takes from.
// It is the truth that a test compares with, and no word of the protocol is in it.

export type CashFace = {
  readonly faceMinor: Minor
  /** Pieces that it can give again; `0` for a face that goes into the box at once. */
  readonly maxPieces: number
}

export type CashPlan = { readonly currency: Currency; readonly faces: readonly CashFace[] }

export type RestCash = {
  readonly plan: CashPlan
  /** A piece from the customer's hand; whether it was one of those that the machine knows. */
  readonly takeIn: (faceMinor: Minor) => boolean
  /** One piece of a face into the tray; whether there was one. */
  readonly giveOne: (faceMinor: Minor) => boolean
  /** The pieces nearest to the amount, from below, high faces first: it does not think ahead. */
  readonly planOut: (amountMinor: Minor) => readonly Minor[]
  readonly recycling: (faceMinor: Minor) => number
  readonly boxed: (faceMinor: Minor) => number
  /** A person with a key puts pieces in or takes them out. */
  readonly setRecycling: (faceMinor: Minor, pieces: number) => void
  /** What lies in the tray. */
  readonly tray: () => Pieces
  /** The customer takes what lies in the tray. */
  readonly empty: () => Pieces
  /** A person with a key takes all that is in the box. */
  readonly emptyBoxes: () => void
}

export function fillCash(plan: CashPlan, start: Pieces): RestCash {
  const faces = plan.faces.toSorted((a, b) => b.faceMinor - a.faceMinor)
  const recycling = new Map<Minor, number>()
  const boxed = new Map<Minor, number>()
  const tray = new Map<Minor, number>()
  const change = (place: Map<Minor, number>, face: Minor, by: number) =>
    place.set(face, (place.get(face) ?? 0) + by)
  const held = (face: Minor) => recycling.get(face) ?? 0
  const listTray = () =>
    orderPieces([...tray].map(([faceMinor, count]) => ({ faceMinor, pieces: count })))
  for (const { faceMinor, pieces } of start) change(recycling, faceMinor, pieces)
  return {
    plan,
    takeIn: (faceMinor) => {
      const face = faces.find((one) => one.faceMinor === faceMinor)
      if (face === undefined) return false
      change(held(faceMinor) < face.maxPieces ? recycling : boxed, faceMinor, 1)
      return true
    },
    giveOne: (faceMinor) => {
      if (held(faceMinor) === 0) return false
      change(recycling, faceMinor, -1)
      change(tray, faceMinor, 1)
      return true
    },
    planOut: (amountMinor) => {
      let left: number = amountMinor
      return faces.flatMap(({ faceMinor }) => {
        const count = Math.min(held(faceMinor), Math.floor(left / faceMinor))
        left -= count * faceMinor
        return Array<Minor>(count).fill(faceMinor)
      })
    },
    recycling: held,
    boxed: (faceMinor) => boxed.get(faceMinor) ?? 0,
    setRecycling: (faceMinor, pieces) => recycling.set(faceMinor, pieces),
    tray: listTray,
    empty: () => {
      const pieces = listTray()
      tray.clear()
      return pieces
    },
    emptyBoxes: () => boxed.clear(),
  }
}

const baht = 'THB' as Currency

/** A small machine of a Thai shop: notes of 500 and 1,000 go into the box. */
export const thaiPlan: CashPlan = {
  currency: baht,
  faces: [
    ...[100_000, 50_000].map((face) => ({ faceMinor: minor(face), maxPieces: 0 })),
    ...[10_000, 5_000, 2_000].map((face) => ({ faceMinor: minor(face), maxPieces: 60 })),
    ...[1_000, 500, 200, 100, 50, 25].map((face) => ({ faceMinor: minor(face), maxPieces: 200 })),
  ],
}

/** A float that gives change for any amount in whole baht. */
export const thaiFloat: Pieces = [
  ...[10_000, 5_000, 2_000].map((face) => ({ faceMinor: minor(face), pieces: 20 })),
  ...[1_000, 500, 200, 100].map((face) => ({ faceMinor: minor(face), pieces: 50 })),
]
