import { assert } from '../base/assert.ts'
import { type Currency, type Minor, minor } from './money.ts'

/** Notes or coins of one face value, and how many of them. */
export type DenominationCount = {
  readonly faceMinor: Minor
  /** Whole, zero or more. */
  readonly pieces: number
}

/** Cash by denomination. */
export type Pieces = readonly DenominationCount[]

/** A note or coin that a currency's central bank issues for everyday use. */
export type Denomination = { readonly faceMinor: Minor; readonly kind: 'note' | 'coin' }

const table: Readonly<Record<string, readonly Denomination[]>> = {
  THB: faces([100_000, 50_000, 10_000, 5_000, 2_000], [1_000, 500, 200, 100, 50, 25]),
  GBP: faces([5_000, 2_000, 1_000, 500], [200, 100, 50, 20, 10, 5, 2, 1]),
  USD: faces([10_000, 5_000, 2_000, 1_000, 500, 100], [25, 10, 5, 1]),
  EUR: faces([20_000, 10_000, 5_000, 2_000, 1_000, 500], [200, 100, 50, 20, 10, 5, 2, 1]),
  JPY: faces([10_000, 5_000, 2_000, 1_000], [500, 100, 50, 10, 5, 1]),
  // 1,000 rupiah is a note and a coin; a count does not tell them apart.
  IDR: faces(
    [10_000_000, 5_000_000, 2_000_000, 1_000_000, 500_000, 200_000, 100_000],
    [50_000, 20_000, 10_000],
  ),
  // 1 yuan is a note and a coin too.
  CNY: faces([10_000, 5_000, 2_000, 1_000, 500, 100], [50, 10]),
  AUD: faces([10_000, 5_000, 2_000, 1_000, 500], [200, 100, 50, 20, 10, 5]),
  RUB: faces([500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000], [1_000, 500, 200, 100]),
}

/** A currency's denominations, high to low; none where we have no table of them. */
export function denominationsOf(currency: Currency): readonly Denomination[] {
  return table[currency] ?? []
}

/** What the pieces are worth together. */
export function sumPieces(pieces: Pieces): Minor {
  return minor(worth(pieces))
}

/**
 * Whether the pieces, each face once, are worth `amount`. Unlike a sum it takes any counts: what a wire
 * lets through may be worth more than a number holds exactly, and then it is worth more than any amount.
 */
export function piecesAddUp(pieces: Pieces, amount: Minor): boolean {
  const faces = new Set(pieces.map(({ faceMinor }) => faceMinor))
  return faces.size === pieces.length && worth(pieces) === amount
}

function worth(pieces: Pieces): number {
  return pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)
}

/** The same cash in its one spelling: high to low, and no face that there are no pieces of. */
export function orderPieces(pieces: Pieces): DenominationCount[] {
  return pieces.filter((entry) => entry.pieces > 0).sort((a, b) => b.faceMinor - a.faceMinor)
}

// Enough to find a way wherever a drawer has one: a search through real currencies takes some dozens.
const changeStepsMax = 10_000

/**
 * Makes `amount` out of denominations, with as many of the high ones as can be, and out of no more than
 * `available` has where that is known. `undefined` where there is no way, or none was found in a bounded
 * search. Nothing is made of nothing: an amount of 0 gives no pieces.
 */
export function makeChange(
  amount: Minor,
  denominations: readonly { readonly faceMinor: Minor }[],
  available?: Pieces,
): DenominationCount[] | undefined {
  assert(amount >= 0, 'change is not negative')
  const stock = available && new Map(available.map((entry) => [entry.faceMinor, entry.pieces]))
  const descending = denominations.map(({ faceMinor }) => faceMinor).sort((a, b) => b - a)
  let steps = 0

  const take = (left: number, index: number): DenominationCount[] | undefined => {
    if (left === 0) return []
    const faceMinor = descending[index]
    steps += 1
    if (faceMinor === undefined || steps > changeStepsMax) return undefined
    const fit = Math.floor(left / faceMinor)
    const most = stock ? Math.min(fit, stock.get(faceMinor) ?? 0) : fit
    for (let count = most; count >= 0 && steps <= changeStepsMax; count -= 1) {
      const rest = take(left - count * faceMinor, index + 1)
      if (rest) return count === 0 ? rest : [{ faceMinor, pieces: count }, ...rest]
    }
    return undefined
  }
  return take(amount, 0)
}

const quickTendersMax = 5

/**
 * The amounts that a customer is likely to hand over for `due`: it exactly, then the next ones up that
 * notes of one kind make. Ascending, each once, at most five; none where nothing is due.
 */
export function quickTenders(due: Minor, denominations: readonly Denomination[]): Minor[] {
  if (due <= 0) return []
  const amounts = new Set<number>([due])
  for (const { faceMinor, kind } of denominations) {
    if (kind === 'note') amounts.add(Math.ceil(due / faceMinor) * faceMinor)
  }
  return [...amounts]
    .sort((a, b) => a - b)
    .slice(0, quickTendersMax)
    .map(minor)
}

function faces(notes: readonly number[], coins: readonly number[]): readonly Denomination[] {
  return [
    ...notes.map((face) => ({ faceMinor: minor(face), kind: 'note' }) as const),
    ...coins.map((face) => ({ faceMinor: minor(face), kind: 'coin' }) as const),
  ]
}
