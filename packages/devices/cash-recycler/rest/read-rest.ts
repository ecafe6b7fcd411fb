import { orderPieces, type Pieces, piecesAddUp } from '@tillkeeper/core/money/denominations.ts'
import { amountMax, type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import {
  canBeHeld,
  canBeMoved,
  codeCharsMax,
  isCurrencyCode,
  machinePiecesMax,
  stockLinesMax,
} from '../bounds.ts'
import type { Attempt, Level, Reply, Stock, StockLine } from '../contract.ts'
import { movedBetween } from '../settle-attempt.ts'

// What a polled machine's JSON means. Fields that are not known are passed over; one that is known and cannot be
// read makes the whole of no use, where money hangs on it.

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 4_096 ? value : undefined

/** Whole and not negative, as a number or as its digits. */
export function readWhole(value: unknown): number | undefined {
  const digits = typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value
  const whole = Number.isSafeInteger(digits) ? Number(digits) : -1
  return whole >= 0 && whole <= amountMax ? whole : undefined
}

/** A transaction, under way or the last one. */
export type RestTransaction = {
  readonly idle: boolean
  /** What was said at its start: ours is the attempt's number. */
  readonly reference: string | undefined
  readonly insertedMinor: Minor | undefined
  readonly dispensedMinor: Minor | undefined
  /** What it owes: it had not the pieces. */
  readonly notDispensedMinor: Minor | undefined
  readonly end: string
  readonly inserted: Pieces | undefined
  readonly dispensed: Pieces | undefined
}

/** Reads ActiveTransaction or LastTransaction; some machines answer nothing at all while they are idle. */
export function readTransaction(data: unknown): RestTransaction | undefined {
  if (data === null || data === undefined) return readTransaction({ operation: 'idle' })
  if (!isRecord(data)) return undefined
  const operation = readText(data.operation)?.toLowerCase()
  if (operation === undefined) {
    return Object.keys(data).length === 0 ? readTransaction(undefined) : undefined
  }
  const amount = (value: unknown) => {
    const whole = readWhole(value)
    return whole === undefined ? undefined : minor(whole)
  }
  return {
    idle: operation === 'idle',
    reference: readText(data.reference),
    insertedMinor: amount(data.inserted),
    dispensedMinor: amount(data.dispensed),
    notDispensedMinor: amount(data.notDispensed),
    end: readText(data.end)?.toLowerCase() ?? '',
    inserted: readPieces(data.denominationsInserted),
    dispensed: readPieces(data.denominationsDispensed),
  }
}

function readPieces(value: unknown): Pieces | undefined {
  if (!Array.isArray(value) || value.length > stockLinesMax) return undefined
  const faces = new Map<Minor, number>()
  for (const entry of value) {
    const face = isRecord(entry) ? readWhole(entry.value) : undefined
    const pieces = isRecord(entry) ? readWhole(entry.quantity) : undefined
    if (face === undefined || face === 0 || pieces === undefined || pieces > machinePiecesMax) {
      return undefined
    }
    faces.set(minor(face), (faces.get(minor(face)) ?? 0) + pieces)
  }
  const pieces = orderPieces([...faces].map(([faceMinor, count]) => ({ faceMinor, pieces: count })))
  return canBeMoved(pieces) ? pieces : undefined
}

/** What the machine holds, and whether all of it could be read. `undefined` where nothing could. */
export function readLevels(
  data: unknown,
): { readonly stock: Stock; readonly certain: boolean } | undefined {
  if (!Array.isArray(data) || data.length === 0) return undefined
  const lines = new Map<string, StockLine>()
  let certain = data.length <= stockLinesMax
  for (const entry of data.slice(0, stockLinesMax)) {
    const line = readLevel(entry)
    if (line === undefined) {
      certain = false
      continue
    }
    const key = `${line.unit} ${line.currency} ${line.faceMinor}`
    const known = lines.get(key)
    lines.set(key, known === undefined ? line : { ...line, pieces: line.pieces + known.pieces })
  }
  const stock = [...lines.values()]
  if (stock.length === 0) return undefined
  return canBeHeld(stock) ? { stock, certain } : { stock: [], certain: false }
}

function readLevel(entry: unknown): StockLine | undefined {
  if (!isRecord(entry)) return undefined
  const face = readWhole(entry.value)
  const pieces = readWhole(entry.level)
  const code = readText(entry.currency)?.toUpperCase()
  const usable =
    face !== undefined && face > 0 && pieces !== undefined && pieces <= machinePiecesMax
  if (!usable || code === undefined || !isCurrencyCode(code)) return undefined
  const told = readWhole(entry.maxLevel)
  const maxPieces = told !== undefined && told <= machinePiecesMax ? told : undefined
  return {
    unit:
      readText(entry.routing)?.toLowerCase().includes('box') === true ? 'cash_box' : 'recycling',
    currency: code as Currency,
    faceMinor: minor(face),
    pieces,
    level: levelOf(pieces, maxPieces ?? 0, readWhole(entry.floatLevel) ?? 0),
    ...(maxPieces !== undefined && maxPieces > 0 && { maxPieces }),
  }
}

function levelOf(pieces: number, max: number, float: number): Level {
  if (max > 0 && pieces >= max) return 'full'
  if (max > 0 && pieces * 10 >= max * 9) return 'near_full'
  if (pieces === 0) return 'empty'
  return pieces * 4 <= float ? 'near_empty' : 'normal'
}

/** Whether the machine's words about the amounts are enough to make a reply of. */
export const isTold = (last: RestTransaction): boolean =>
  last.insertedMinor !== undefined && last.dispensedMinor !== undefined

/** Whether it also told the pieces, and they are worth what it says: then levels are not needed. */
export const tellsPieces = (last: RestTransaction): boolean =>
  last.inserted !== undefined &&
  last.dispensed !== undefined &&
  piecesAddUp(last.inserted, last.insertedMinor ?? minor(0)) &&
  piecesAddUp(last.dispensed, last.dispensedMinor ?? minor(0))

/**
 * The reply to an attempt out of its own transaction. Where the machine tells amounts and no pieces, what it held
 * before and holds now (`after`) tells them; and where that is not worth what it says, it is not believed.
 */
export function replyOf(attempt: Attempt, last: RestTransaction, after: Stock): Reply {
  const code = last.end === '' ? 'no end' : last.end.slice(0, codeCharsMax)
  const said = resultOf(last)
  if (tellsPieces(last)) {
    return { result: said, in: last.inserted ?? [], out: last.dispensed ?? [], code }
  }
  const moved = movedBetween(attempt, after)
  const keptMinor = (last.insertedMinor ?? 0) - (last.dispensedMinor ?? 0)
  const worth = (pieces: Pieces) =>
    pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)
  const agrees = worth(moved.in) - worth(moved.out) === keptMinor
  return { result: agrees ? said : 'inconsistent', ...moved, code }
}

const cancelled: ReadonlySet<string> = new Set(['cancel', 'canceled', 'cancelled', 'aborted'])

function resultOf({ end, notDispensedMinor }: RestTransaction): Reply['result'] {
  if (notDispensedMinor !== undefined && notDispensedMinor > 0) return 'short'
  if (cancelled.has(end)) return 'cancelled'
  // An end that nobody knows is one that stopped: the amounts and what it holds decide.
  return end === 'normal' ? 'done' : 'failed'
}
