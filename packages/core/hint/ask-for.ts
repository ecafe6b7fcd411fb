import {
  denominationsOf,
  makeChange,
  type Pieces,
  quickTenders,
  sumPieces,
} from '../money/denominations.ts'
import { type Minor, minor } from '../money/money.ts'
import { type DrawerStock, piecesOf } from './drawer-stock.ts'

/** What a cashier may ask a customer for beside what is given, so that the change takes fewer pieces. */
export type AskFor = {
  /** What the customer gives, or is likely to. */
  readonly givenMinor: Minor
  /** What is asked for on top. */
  readonly askMinor: Minor
  /** The change then. */
  readonly changeMinor: Minor
}

/** So few of a face are left that it should be kept. */
const scarceBelow = 5
/** More of a face than this change nothing: so a hint never tells how many there are. */
const enough = 10
/** Pieces that a customer is asked for at most: more is a search in a purse. */
const askedPiecesMax = 3
/** A hint that saves fewer pieces, and no scarce one, is not worth the words. */
const savedMin = 2

/**
 * What to ask for when `dueMinor` is paid in cash: the small extra sum after which the change takes the
 * fewest scarce pieces, then the fewest pieces. `undefined` where nothing is due back, or nothing helps. It
 * answers from few and enough of each face alone, never from what the drawer holds together: who counts it
 * blind learns nothing.
 */
export function askFor({
  dueMinor,
  givenMinor,
  stock,
}: {
  /** Above zero, rounded as cash is. */
  readonly dueMinor: Minor
  /** Where it is known. */
  readonly givenMinor?: Minor | undefined
  readonly stock: DrawerStock
}): AskFor | undefined {
  const given = givenMinor ?? likelyGiven(dueMinor, stock)
  if (given === undefined || dueMinor <= 0 || given <= dueMinor) return undefined
  const back = minor(given - dueMinor)
  const available = piecesOf(stock).map(({ faceMinor, pieces }) => ({
    ...{ faceMinor, pieces: Math.min(pieces, enough) },
  }))
  const now = weigh(back, available)
  let best: Weighed | undefined
  for (const ask of listAsks(back, stock)) {
    const then = weigh(minor(back + sumPieces(ask)), available, ask)
    if (then === undefined || givesBack(then) || !isWorth(then, now)) continue
    if (best === undefined || compare(then, best) < 0) best = then
  }
  if (best === undefined) return undefined
  const askMinor = sumPieces(best.ask)
  return { givenMinor: given, askMinor, changeMinor: minor(back + askMinor) }
}

/** Change with what was asked for to make it so. */
type Weighed = {
  readonly ask: Pieces
  readonly change: Pieces
  readonly scarce: number
  readonly count: number
}

/** Customers who pay with more notes than this had looked for them, and have no coins to be asked for. */
const likelyNotesMax = 2

/** The least that one or two notes make, and that is enough; `undefined` where that is the sum itself. */
function likelyGiven(dueMinor: Minor, { currency }: DrawerStock): Minor | undefined {
  const all = denominationsOf(currency)
  const notes = all.filter(({ kind }) => kind === 'note')
  const likely = quickTenders(dueMinor, all).find((amount) => {
    const pieces = makeChange(amount, notes)
    return pieces !== undefined && countOf(pieces) <= likelyNotesMax
  })
  return likely === dueMinor ? undefined : likely
}

const countOf = (pieces: Pieces) => pieces.reduce((all, each) => all + each.pieces, 0)

function weigh(back: Minor, available: Pieces, ask: Pieces = []): Weighed | undefined {
  const change = makeChange(back, available, available)
  if (change === undefined) return undefined
  const left = new Map(available.map(({ faceMinor, pieces }) => [faceMinor, pieces]))
  const scarce = change.filter(({ faceMinor }) => (left.get(faceMinor) ?? 0) < scarceBelow)
  return { ask, change, scarce: countOf(scarce), count: countOf(change) }
}

/** A customer who is asked for a coin does not get it back. */
const givesBack = ({ ask, change }: Weighed) =>
  ask.some(({ faceMinor }) => change.some((each) => each.faceMinor === faceMinor))

function isWorth(then: Weighed, now: Weighed | undefined): boolean {
  if (now === undefined) return true
  if (then.count >= now.count) return false
  return then.scarce < now.scarce || now.count - then.count >= savedMin
}

// The fewest scarce pieces, the fewest from hand to hand, and then what is least trouble to the customer.
const compare = (a: Weighed, b: Weighed) =>
  a.scarce - b.scarce ||
  a.count + countOf(a.ask) - b.count - countOf(b.ask) ||
  countOf(a.ask) - countOf(b.ask) ||
  sumPieces(a.ask) - sumPieces(b.ask)

/** Every sum below the change that few pieces make, each once, in the fewest pieces. */
function listAsks(back: Minor, { currency }: DrawerStock): readonly Pieces[] {
  const faces = denominationsOf(currency)
  const sums = new Set<number>()
  const add = (sum: number, from: number, left: number) => {
    for (const [index, { faceMinor }] of faces.entries()) {
      if (index < from || sum + faceMinor >= back) continue
      sums.add(sum + faceMinor)
      if (left > 1) add(sum + faceMinor, index, left - 1)
    }
  }
  add(0, 0, askedPiecesMax)
  return [...sums].flatMap((sum) => {
    const pieces = makeChange(minor(sum), faces)
    return pieces !== undefined && countOf(pieces) <= askedPiecesMax ? [pieces] : []
  })
}
