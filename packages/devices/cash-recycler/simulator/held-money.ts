import { assert } from '@tillkeeper/core/base/assert.ts'

// Where every note and coin is. Nothing makes or loses a piece: it only goes from one place to another, and the
// world outside is a place too, whose count falls below zero by what was put in.

/** What the machine makes of a piece: as new, worn, not money it knows, or perhaps counterfeit. */
export const qualities = ['fit', 'unfit', 'unknown', 'suspicious'] as const
export type Quality = (typeof qualities)[number]

export type Piece = { readonly faceMinor: number; readonly quality: Quality }

/** `unit:4043` of notes is `1/4043`: both devices number their units alike. */
export type Place =
  | 'outside'
  | 'entrance'
  | 'cassette'
  | 'escrow'
  | 'transport'
  | 'gate'
  | 'reject'
  | 'exit'
  | `${1 | 2}/${number}`

/** Pieces by face and quality (`10000/fit`). */
export type Bag = { readonly [kind: string]: number }
export type Held = { readonly [place: string]: Bag }

export const kindOf = ({ faceMinor, quality }: Piece): string => `${faceMinor}/${quality}`

export function pieceOf(kind: string): Piece {
  const [face = '', quality = ''] = kind.split('/')
  return { faceMinor: Number(face), quality: quality as Quality }
}

/** The same money after some pieces went from one place to another. They must have been there. */
export function move(held: Held, from: Place, to: Place, piece: Piece, count = 1): Held {
  const kind = kindOf(piece)
  const there = held[from]?.[kind] ?? 0
  assert(Number.isSafeInteger(count) && count >= 0, 'pieces are whole')
  assert(from === 'outside' || there >= count, `${from} holds ${there} of ${kind}, not ${count}`)
  if (from === to || count === 0) return held
  return {
    ...held,
    [from]: { ...held[from], [kind]: there - count },
    [to]: { ...held[to], [kind]: (held[to]?.[kind] ?? 0) + count },
  }
}

/** Everything in one place goes to another. */
export function moveAll(held: Held, from: Place, to: Place): Held {
  return listPieces(held, from).reduce(
    (now, { piece, count }) => move(now, from, to, piece, count),
    held,
  )
}

/** What lies in a place, high faces first. */
export function listPieces(held: Held, place: Place): { piece: Piece; count: number }[] {
  return Object.entries(held[place] ?? {})
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => ({ piece: pieceOf(kind), count }))
    .sort((a, b) => b.piece.faceMinor - a.piece.faceMinor)
}

/** Pieces of one face in a place, of every quality. */
export function countFace(held: Held, place: Place, faceMinor: number): number {
  return listPieces(held, place).reduce(
    (sum, { piece, count }) => (piece.faceMinor === faceMinor ? sum + count : sum),
    0,
  )
}

/** What all pieces in a place are worth. */
export function worthIn(held: Held, place: Place): number {
  return listPieces(held, place).reduce((sum, { piece, count }) => sum + piece.faceMinor * count, 0)
}
