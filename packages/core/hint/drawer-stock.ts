import type { Instant } from '../base/instant.ts'
import { denominationsOf, makeChange, orderPieces, type Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'

/** What a till supposes of one kind of note or coin in its drawer. */
export type FaceStock = {
  readonly faceMinor: Minor
  /** How many there should be: zero or more. */
  readonly pieces: number
  /** In how many acts it went in or out since it was counted. */
  readonly acts: number
  readonly countedAt: Instant
}

/**
 * What a till supposes to be in its drawer by piece, in the session's currency: counted once, and followed
 * since. Where an act does not say its pieces the fewest are supposed, as people pay and as a till names
 * change. It is good for hints and for nothing else: money is counted, and booked, without it.
 */
export type DrawerStock = {
  readonly currency: Currency
  /** High to low. */
  readonly faces: readonly FaceStock[]
  /** When cash last went in or out. */
  readonly movedAt: Instant
}

/** Every face of the currency was counted; those that are not listed are not there. */
export function countStock(currency: Currency, counted: Pieces, at: Instant): DrawerStock {
  const held = new Map(counted.map(({ faceMinor, pieces }) => [faceMinor, pieces]))
  const known = denominationsOf(currency).map(({ faceMinor }) => faceMinor)
  const all = [...new Set([...known, ...held.keys()])].sort((a, b) => b - a)
  return {
    ...{ currency, movedAt: at },
    faces: all.map((faceMinor) => ({
      ...{ faceMinor, pieces: held.get(faceMinor) ?? 0, acts: 0, countedAt: at },
    })),
  }
}

/** Some faces were counted; of the others is known what was. */
export function recountFaces(stock: DrawerStock, counted: Pieces, at: Instant): DrawerStock {
  const found = new Map(counted.map(({ faceMinor, pieces }) => [faceMinor, pieces]))
  return {
    ...stock,
    faces: stock.faces.map((face) => {
      const pieces = found.get(face.faceMinor)
      return pieces === undefined ? face : { ...face, pieces, acts: 0, countedAt: at }
    }),
  }
}

/** Cash went into the drawer, or out of it. */
export function moveStock(
  stock: DrawerStock,
  moved: {
    readonly into: boolean
    readonly amountMinor: Minor
    readonly pieces?: Pieces | undefined
    readonly at: Instant
  },
): DrawerStock {
  const { into, amountMinor, at } = moved
  if (amountMinor === 0) return stock
  const pieces = new Map(
    (moved.pieces ?? supposePieces(stock, into, amountMinor)).map((each) => [
      each.faceMinor,
      each.pieces,
    ]),
  )
  return {
    ...stock,
    movedAt: at,
    faces: stock.faces.map((face) => {
      const count = pieces.get(face.faceMinor) ?? 0
      if (count === 0) return face
      // Fewer than none are not there: what was supposed before was wrong.
      const left = Math.max(0, face.pieces + (into ? count : -count))
      return { ...face, pieces: left, acts: face.acts + 1 }
    }),
  }
}

/** The pieces of a stock, high to low. */
export const piecesOf = ({ faces }: DrawerStock): Pieces =>
  orderPieces(faces.map(({ faceMinor, pieces }) => ({ faceMinor, pieces })))

function supposePieces(stock: DrawerStock, into: boolean, amountMinor: Minor): Pieces {
  const given = () => makeChange(amountMinor, stock.faces) ?? []
  return into ? given() : (makeChange(amountMinor, stock.faces, piecesOf(stock)) ?? given())
}
