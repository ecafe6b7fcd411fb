import type { Pieces } from '../money/denominations.ts'
import { type Minor, minor } from '../money/money.ts'

/** A face of which two people who counted apart found different numbers of pieces. */
export type CountDifference = {
  readonly faceMinor: Minor
  readonly first: number
  readonly second: number
}

/**
 * Where two independent counts of one currency differ, high to low. What both found alike is not in it, and
 * nothing of what should be there.
 */
export function compareTwoCounts(first: Pieces, second: Pieces): readonly CountDifference[] {
  const ofFirst = piecesByFace(first)
  const ofSecond = piecesByFace(second)
  return [...new Set([...ofFirst.keys(), ...ofSecond.keys()])]
    .sort((a, b) => b - a)
    .map((face) => ({
      faceMinor: minor(face),
      first: ofFirst.get(face) ?? 0,
      second: ofSecond.get(face) ?? 0,
    }))
    .filter((each) => each.first !== each.second)
}

function piecesByFace(pieces: Pieces): ReadonlyMap<number, number> {
  return new Map(pieces.map((each) => [each.faceMinor, each.pieces]))
}
