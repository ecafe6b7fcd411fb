import { assert } from '@tillkeeper/core/base/assert.ts'
import { type DenominationCount, orderPieces } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'

/** Pieces by face value. A face that is missing was not counted; a face with 0 was, and has none. */
export type CashCount = ReadonlyMap<Minor, number>

/** More pieces of one face than this are a slip of the finger, not a drawer. */
export const piecesMax = 99_999

/** A count in which nothing was counted yet. */
export const blankCount: CashCount = new Map()

/** The count with `pieces` of a face; `undefined` takes the face back to not counted. */
export function setPieces(count: CashCount, face: Minor, pieces: number | undefined): CashCount {
  const next = new Map(count)
  if (pieces === undefined) next.delete(face)
  else {
    assert(Number.isSafeInteger(pieces) && pieces >= 0, 'pieces are whole and not negative')
    next.set(face, Math.min(pieces, piecesMax))
  }
  return next
}

/** The count with some pieces more. */
export function addPieces(count: CashCount, face: Minor, more: number): CashCount {
  return setPieces(count, face, (count.get(face) ?? 0) + more)
}

/** What was typed into the field of a face: digits, or nothing. Other signs are dropped. */
export function readPieces(text: string): number | undefined {
  const digits = text.replace(/[^0-9]/g, '').slice(0, String(piecesMax).length)
  return digits === '' ? undefined : Number(digits)
}

/** What the counted notes and coins are worth. */
export function totalOf(count: CashCount): Minor {
  let total = 0
  for (const [face, pieces] of count) total += face * pieces
  return minor(total)
}

/** The count as a fact carries it, high to low, without faces of which there are none. */
export function listPieces(count: CashCount): readonly DenominationCount[] {
  return orderPieces([...count].map(([faceMinor, pieces]) => ({ faceMinor, pieces })))
}
