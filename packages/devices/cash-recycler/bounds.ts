import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { amountMax } from '@tillkeeper/core/money/money.ts'
import type { Stock } from './contract.ts'

// How much of what a machine says is taken. Its words go into facts, which have bounds, and are added up: what a bent
// digit makes of a count must neither be booked, nor stop a shop's server, nor be an end that no journal takes.

/** Pieces of one face in one part: no machine holds a tenth of that. */
export const machinePiecesMax = 100_000
/** Faces of one currency that one act moves. */
export const facesMax = 40
/** Places of a machine: each unit of each face of each currency. */
export const stockLinesMax = 200
/** Kinds of money in one machine. */
export const machineCurrenciesMax = 12
/** Of a maker's code. */
export const codeCharsMax = 100
/** Of a maker's text, and of the address where it shows the cure. */
export const textCharsMax = 400
/** Of what is told as strange. */
export const strangeCharsMax = 500

/** The code of a currency, as a fact can name it. */
export const isCurrencyCode = (code: string): boolean => /^[A-Z]{3}$/.test(code)

const worth = (pieces: Pieces) =>
  pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)

/** Whether these pieces can be what one act moved. */
export const canBeMoved = (pieces: Pieces): boolean =>
  pieces.length <= facesMax &&
  pieces.every(({ pieces: count }) => count <= machinePiecesMax) &&
  worth(pieces) <= amountMax

/** Whether this can be what a machine holds: by line, by face, and all together. */
export function canBeHeld(stock: Stock): boolean {
  const faces = new Map<string, Set<number>>()
  for (const { currency, faceMinor } of stock) {
    faces.set(currency, (faces.get(currency) ?? new Set()).add(faceMinor))
  }
  return (
    stock.length <= stockLinesMax &&
    [...faces.values()].every(({ size }) => size <= facesMax) &&
    stock.every(({ pieces }) => pieces <= machinePiecesMax) &&
    worth(stock) <= amountMax
  )
}
