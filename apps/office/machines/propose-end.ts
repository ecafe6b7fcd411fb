import type { AttemptDetail } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { orderPieces, sumPieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { Stock } from './stock-picture.ts'

// An attempt whose end nobody knows: what its machine held before and after says most likely what moved. A person
// decides; this is what the form begins with.

export type Moved = { readonly in: Pieces; readonly out: Pieces }

/** What was believed: the stock, what the machine said, or nothing at all. */
export type Proposal = Moved & { readonly from: 'stock' | 'said' | 'nothing' }

type Attempt = Pick<AttemptDetail, 'work' | 'currency' | 'before' | 'after' | 'in' | 'out'>

/**
 * What most likely moved. The stock before and after is believed first. Where what the machine said comes to the same,
 * its word is taken, since it knows what went in and came out again of one face. `now` is what the machine holds this
 * moment: it stands for a stock that nobody read, if nothing was done in between.
 */
export function proposeEnd(attempt: Attempt, now?: Stock | undefined): Proposal {
  const said: Moved = {
    in: orderPieces(attempt.in?.pieces ?? []),
    out: orderPieces(attempt.out?.pieces ?? []),
  }
  const after = attempt.after ?? now
  if (attempt.before !== null && after !== undefined) {
    const moved = movedBetween({ ...attempt, before: attempt.before, after })
    return isSameNet(moved, said) ? { ...said, from: 'stock' } : { ...moved, from: 'stock' }
  }
  const isSaid = said.in.length > 0 || said.out.length > 0
  return { ...said, from: isSaid ? 'said' : 'nothing' }
}

/** By face, what a machine holds more and less than before. Of a collection what left the stock that gives change. */
export function movedBetween({
  work,
  currency,
  before,
  after,
}: Pick<Attempt, 'work' | 'currency'> & { readonly before: Stock; readonly after: Stock }): Moved {
  const isInside = work.kind === 'collect'
  const count = (stock: Stock) => countFaces(stock, currency, isInside)
  const [was, is] = [count(before), count(after)]
  const net = [...new Set([...was.keys(), ...is.keys()])].map((faceMinor) => ({
    faceMinor,
    pieces: (is.get(faceMinor) ?? 0) - (was.get(faceMinor) ?? 0),
  }))
  return {
    in: orderPieces(net),
    out: orderPieces(net.map(({ faceMinor, pieces }) => ({ faceMinor, pieces: -pieces }))),
  }
}

function countFaces(
  stock: Stock,
  currency: Currency,
  recyclingOnly: boolean,
): ReadonlyMap<Minor, number> {
  const faces = new Map<Minor, number>()
  for (const line of stock) {
    if (line.currency !== currency || (recyclingOnly && line.unit !== 'recycling')) continue
    const face = minor(line.faceMinor)
    faces.set(face, (faces.get(face) ?? 0) + line.pieces)
  }
  return faces
}

function netOf({ in: taken, out: given }: Moved): ReadonlyMap<Minor, number> {
  const net = new Map<Minor, number>()
  const add = (pieces: Pieces, sign: 1 | -1) => {
    for (const { faceMinor, pieces: count } of pieces) {
      net.set(faceMinor, (net.get(faceMinor) ?? 0) + sign * count)
    }
  }
  add(taken, 1)
  add(given, -1)
  return net
}

function isSameNet(a: Moved, b: Moved): boolean {
  const [one, other] = [netOf(a), netOf(b)]
  return [...new Set([...one.keys(), ...other.keys()])].every(
    (face) => (one.get(face) ?? 0) === (other.get(face) ?? 0),
  )
}

/** What a machine keeps by what moved; below zero it gave more than it took. */
export function keptBy(moved: Moved): Minor {
  return minor(sumPieces(moved.in) - sumPieces(moved.out))
}

/** A face of which a machine held another number before than after. */
export type Change = {
  readonly currency: Currency
  readonly faceMinor: Minor
  readonly before: number
  readonly after: number
}

/** What changed between two stocks, over both parts of a machine, high to low. */
export function changesBetween(before: Stock, after: Stock): readonly Change[] {
  const currencies = [...new Set([...before, ...after].map(({ currency }) => currency))]
  return currencies.flatMap((currency) => {
    const [was, is] = [countFaces(before, currency, false), countFaces(after, currency, false)]
    return [...new Set([...was.keys(), ...is.keys()])]
      .sort((a, b) => b - a)
      .map((faceMinor) => ({
        ...{ currency, faceMinor },
        ...{ before: was.get(faceMinor) ?? 0, after: is.get(faceMinor) ?? 0 },
      }))
      .filter((face) => face.before !== face.after)
  })
}
