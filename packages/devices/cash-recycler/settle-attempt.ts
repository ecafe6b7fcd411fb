import { assert } from '@tillkeeper/core/base/assert.ts'
import { orderPieces, type Pieces, sumPieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { Attempt, Reply, Stock, Unit } from './contract.ts'

/** How an attempt ended, as far as anybody can know. */
export type Settled = {
  /**
   * `done`: what was asked for happened, to the unit. `not_done`: the machine holds as much as before.
   * `unresolved`: neither, or nobody can tell: a person has to look.
   */
  readonly ending: 'done' | 'not_done' | 'unresolved'
  /** What went in and out; of faces that went both ways only the difference where `because` is `stock`. */
  readonly in: Pieces
  readonly out: Pieces
  /** Whether `in` and `out` are what moved, or only what somebody said. */
  readonly certain: boolean
  /** What was believed: the machine's reply, what it held before and after, or nothing. */
  readonly because: 'reply' | 'stock' | 'nothing'
  /** The maker's code of the reply, where there was one. */
  readonly code?: string
}

/** Where the machine's own count is not what its acts make it. */
export type StockDifference = {
  readonly unit: Unit
  readonly currency: Currency
  readonly faceMinor: Minor
  readonly expected: number
  readonly reported: number
}

/**
 * Decides how an attempt ended from its reply, if there is one, and from what the machine holds now, if it
 * vouches for that (`after`). A reply is believed about amounts, but never about its own name for them: `done`
 * needs the amounts to agree with what was asked. Without a reply, what the machine held before and holds now
 * decides; without that nothing is assumed.
 */
export function settleAttempt(
  attempt: Attempt,
  reply: Reply | undefined,
  after: Stock | undefined,
): Settled {
  const moved = after === undefined ? undefined : movedBetween(attempt, after)
  if (reply === undefined) {
    if (moved === undefined) {
      return { ending: 'unresolved', in: [], out: [], certain: false, because: 'nothing' }
    }
    const ending = judge(attempt, moved.in, moved.out)
    return { ending, ...moved, certain: true, because: 'stock' }
  }

  const said = { in: orderPieces(reply.in), out: orderPieces(reply.out), code: reply.code }
  // A machine that does not know what it gave, or that broke off and holds something else than it says.
  const doubted =
    reply.result === 'inconsistent' ||
    (reply.result === 'failed' && !(moved !== undefined && agrees(moved, said)))
  if (doubted) return { ending: 'unresolved', ...said, certain: false, because: 'reply' }
  return { ending: judge(attempt, said.in, said.out), ...said, certain: true, because: 'reply' }
}

/** Whether money moved as it was asked to, or none did, or something between. */
function judge({ work }: Attempt, taken: Pieces, given: Pieces): Settled['ending'] {
  const kept = sumPieces(taken) - sumPieces(given)
  switch (work.kind) {
    case 'pay_in':
      if (kept === work.amountMinor) return 'done'
      return kept === 0 ? 'not_done' : 'unresolved'
    case 'pay_out':
      if (kept === -work.amountMinor) return 'done'
      return kept === 0 ? 'not_done' : 'unresolved'
    case 'deposit':
    case 'replenish':
      if (kept === 0) return 'not_done'
      return kept > 0 ? 'done' : 'unresolved'
    case 'collect': {
      const asked = sumPieces(work.pieces)
      if (taken.length === 0 && sumPieces(given) === asked) return 'done'
      return kept === 0 && given.length === 0 ? 'not_done' : 'unresolved'
    }
  }
}

/**
 * What went in and out by the machine's stock before and now. Money that a collection moves into the machine's
 * own cash box counts as given: it left the stock that gives change.
 */
export function movedBetween({ work, currency, before }: Attempt, after: Stock): Moved {
  const recyclingOnly = work.kind === 'collect'
  const counted = (stock: Stock) => {
    const faces = new Map<Minor, number>()
    for (const line of stock) {
      if (line.currency !== currency || (recyclingOnly && line.unit !== 'recycling')) continue
      faces.set(line.faceMinor, (faces.get(line.faceMinor) ?? 0) + line.pieces)
    }
    return faces
  }
  const was = counted(before)
  const is = counted(after)
  const net = [...new Set([...was.keys(), ...is.keys()])].map((faceMinor) => ({
    faceMinor,
    pieces: (is.get(faceMinor) ?? 0) - (was.get(faceMinor) ?? 0),
  }))
  return split(net)
}

type Moved = { readonly in: Pieces; readonly out: Pieces }

function split(net: Pieces): Moved {
  return {
    in: orderPieces(net),
    out: orderPieces(net.map(({ faceMinor, pieces }) => ({ faceMinor, pieces: -pieces }))),
  }
}

function agrees(moved: Moved, said: Moved): boolean {
  const net = split(netOf(said))
  return sameText(net.in) === sameText(moved.in) && sameText(net.out) === sameText(moved.out)
}

function netOf({ in: taken, out: given }: Moved): Pieces {
  const faces = new Map<Minor, number>()
  for (const { faceMinor, pieces } of taken)
    faces.set(faceMinor, (faces.get(faceMinor) ?? 0) + pieces)
  for (const { faceMinor, pieces } of given)
    faces.set(faceMinor, (faces.get(faceMinor) ?? 0) - pieces)
  return [...faces].map(([faceMinor, pieces]) => ({ faceMinor, pieces }))
}

const sameText = (pieces: Pieces) =>
  pieces.map(({ faceMinor, pieces: count }) => `${faceMinor}×${count}`).join(' ')

/**
 * Compares what the acts of an attempt make of the stock with what the machine reports: by face over both units,
 * since a machine chooses by itself which notes it keeps for change; and by unit for faces that no act touched.
 * Empty where all is as it should be.
 */
export function compareStock(
  attempt: Attempt,
  settled: Pick<Settled, 'in' | 'out'>,
  after: Stock,
): StockDifference[] {
  const inside = attempt.work.kind === 'collect' && attempt.work.to === 'cash_box'
  const net = new Map(
    (inside ? [] : netOf(settled)).map(({ faceMinor, pieces }) => [faceMinor, pieces]),
  )
  const differences: StockDifference[] = []
  for (const { currency, faceMinor } of facesOf([...attempt.before, ...after])) {
    const held = (stock: Stock, unit?: Unit) => countOf(stock, currency, faceMinor, unit)
    const moved = currency === attempt.currency ? (net.get(faceMinor) ?? 0) : 0
    const expected = held(attempt.before) + moved
    const reported = held(after)
    if (expected === reported) continue
    // Which unit is wrong cannot be known of a face that moved: it is said of the stock that gives change.
    const boxed = held(after, 'cash_box') - held(attempt.before, 'cash_box')
    const unit = moved === 0 && boxed === reported - expected ? 'cash_box' : 'recycling'
    const other = held(after) - held(after, unit)
    const line = { expected: expected - other, reported: reported - other }
    differences.push({ unit, currency, faceMinor, ...line })
  }
  return differences
}

function facesOf(stock: Stock) {
  const seen = new Map(stock.map((line) => [`${line.currency} ${line.faceMinor}`, line]))
  return [...seen.values()].sort(
    (a, b) =>
      (a.currency < b.currency ? -1 : 1) * Number(a.currency !== b.currency) ||
      b.faceMinor - a.faceMinor,
  )
}

function countOf(stock: Stock, currency: Currency, faceMinor: Minor, unit?: Unit): number {
  return stock.reduce((all, line) => {
    const counts =
      line.currency === currency &&
      line.faceMinor === faceMinor &&
      (unit === undefined || line.unit === unit)
    return counts ? all + line.pieces : all
  }, 0)
}

/** What a machine is worth of one currency. */
export function worthOf(stock: Stock, currency: Currency): Minor {
  const total = stock.reduce(
    (all, line) => (line.currency === currency ? all + line.faceMinor * line.pieces : all),
    0,
  )
  assert(Number.isSafeInteger(total), 'a machine holds an amount that is exact')
  return minor(total)
}
