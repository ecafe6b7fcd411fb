import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { compareHeld, type HeldDifference } from '@tillkeeper/core/recycler/compare-held.ts'

// What a machine holds, as a picture of its slots: how full each is, what lies in it, and what the books say.

export type Stock = NonNullable<RecyclerView['stock']>
export type StockLine = Stock[number]
export type Unit = StockLine['unit']
export type Level = StockLine['level']

/** One slot: the pieces of one face in one part of a machine. */
export type Slot = {
  readonly unit: Unit
  readonly currency: Currency
  readonly faceMinor: Minor
  readonly pieces: number
  readonly level: Level
  /** As many as fit, where the machine says so. */
  readonly maxPieces: number | undefined
  /** How full it is, from 0 to 1. */
  readonly share: number
  /** Whether `share` is counted, or only what the machine's word for it makes likely. */
  readonly measured: boolean
  /** What the books say lies in it; undefined where they do not know, or say the same. */
  readonly booked: number | undefined
  /** Whether it would be missed where there is none of it, see `isMissed`. */
  readonly missed: boolean
}

/** One part of a machine in one currency. */
export type Part = {
  readonly unit: Unit
  readonly currency: Currency
  /** High to low. */
  readonly slots: readonly Slot[]
  readonly totalMinor: Minor
  /** What the books say that it comes to; undefined before the machine was ever counted. */
  readonly bookedMinor: Minor | undefined
}

type Machine = Pick<RecyclerView, 'held' | 'known' | 'currencies'>

/** Where a machine says no number: how full its word for it looks. */
const looks: Readonly<Record<Level, number>> = {
  empty: 0,
  near_empty: 0.12,
  normal: 0.5,
  near_full: 0.88,
  full: 1,
  absent: 0,
  unknown: 0.5,
}

const low: ReadonlySet<Level> = new Set<Level>(['empty', 'near_empty', 'absent'])

/** Whether there is little or nothing of a face. */
export function isLow({ level }: Pick<StockLine, 'level'>): boolean {
  return low.has(level)
}

/** Whether change of this face is missed where a machine has none: only one that it ever held, and gives again. */
export function isMissed(
  { held }: Pick<Machine, 'held'>,
  line: Pick<StockLine, 'unit' | 'currency' | 'faceMinor'>,
): boolean {
  const { unit, currency, faceMinor } = line
  return (
    unit === 'recycling' &&
    held.some(
      (known) =>
        known.unit === unit && known.currency === currency && known.faceMinor === faceMinor,
    )
  )
}

/** How full a slot is, and whether that is counted. */
export function fillOf({
  pieces,
  level,
  maxPieces,
}: Pick<StockLine, 'pieces' | 'level' | 'maxPieces'>): {
  readonly share: number
  readonly measured: boolean
} {
  if (maxPieces !== undefined && maxPieces > 0) {
    return { share: Math.min(1, pieces / maxPieces), measured: true }
  }
  if (pieces === 0) return { share: 0, measured: true }
  return { share: looks[level], measured: false }
}

/**
 * The parts of a machine with their slots: what it gives again before its cash box, its own currencies first. A face
 * that only the books know is a slot too, empty as the machine has it.
 */
export function pictureOf(machine: Machine, stock: Stock): readonly Part[] {
  const currencies = new Set([
    ...machine.currencies,
    ...[...stock, ...machine.held].map(({ currency }) => currency),
  ])
  const units: readonly Unit[] = ['recycling', 'cash_box']
  return [...currencies].flatMap((currency) =>
    units.flatMap((unit) => {
      const part = partOf(machine, stock, { unit, currency })
      return part.slots.length === 0 ? [] : part
    }),
  )
}

function partOf(
  { held, known }: Machine,
  stock: Stock,
  { unit, currency }: { readonly unit: Unit; readonly currency: Currency },
): Part {
  const isOurs = (line: { readonly unit: Unit; readonly currency: Currency }) =>
    line.unit === unit && line.currency === currency
  const lines = stock.filter(isOurs)
  const books = held.filter((line) => isOurs(line) && line.pieces !== 0)
  const bookedOf = (faceMinor: number) =>
    books.find((line) => line.faceMinor === faceMinor)?.pieces ?? 0
  const missing = books
    .filter(({ faceMinor }) => !lines.some((line) => line.faceMinor === faceMinor))
    .map(({ faceMinor }): StockLine => {
      return { unit, currency, faceMinor, pieces: 0, level: 'unknown' }
    })
  const slots = [...lines, ...(known ? missing : [])]
    .sort((a, b) => b.faceMinor - a.faceMinor)
    .map((line): Slot => {
      const booked = bookedOf(line.faceMinor)
      return {
        ...{ unit, currency, faceMinor: line.faceMinor, pieces: line.pieces, level: line.level },
        ...{ maxPieces: line.maxPieces, ...fillOf(line) },
        booked: known && booked !== line.pieces ? booked : undefined,
        missed: isMissed({ held }, line),
      }
    })
  return {
    ...{ unit, currency, slots },
    totalMinor: worthOf(lines),
    bookedMinor: known ? worthOf(books) : undefined,
  }
}

type Face = { readonly faceMinor: number; readonly pieces: number }

function worthOf(lines: readonly Face[]): Minor {
  return minor(lines.reduce((all, { faceMinor, pieces }) => all + faceMinor * pieces, 0))
}

/** What a machine holds of a currency in all its parts. */
export function totalsOf(stock: Stock): readonly {
  readonly currency: Currency
  readonly minor: Minor
}[] {
  const currencies = [...new Set(stock.map(({ currency }) => currency))]
  return currencies.map((currency) => ({
    currency,
    minor: worthOf(stock.filter((line) => line.currency === currency)),
  }))
}

/**
 * Where a machine holds more or less than the books say, by part and face, as the shop's server finds it at rest. None
 * before it was ever counted.
 */
export function differencesOf({ held, known }: Machine, stock: Stock): readonly HeldDifference[] {
  const exact = (lines: Machine['held'] | Stock) =>
    lines.map((line) => ({ ...line, faceMinor: minor(line.faceMinor) }))
  return known ? compareHeld(exact(held), exact(stock)) : []
}

/** What can be given again of a currency, high to low; places that are absent give nothing. */
export function givable(stock: Stock, currency: Currency): readonly StockLine[] {
  return stock
    .filter(
      (line) => line.unit === 'recycling' && line.currency === currency && line.level !== 'absent',
    )
    .sort((a, b) => b.faceMinor - a.faceMinor)
}

/** All that can be given again but some pieces of each face: what to collect so that change is left. */
export function allBut(
  stock: Stock,
  currency: Currency,
  reservePieces: number,
): ReadonlyMap<Minor, number> {
  const count = new Map<Minor, number>()
  for (const { faceMinor, pieces } of givable(stock, currency)) {
    if (pieces > reservePieces) count.set(minor(faceMinor), pieces - reservePieces)
  }
  return count
}

/** The faces of which more is asked for than can be given. */
export function facesBeyond(
  count: ReadonlyMap<Minor, number>,
  stock: Stock,
  currency: Currency,
): readonly Minor[] {
  const held = new Map(givable(stock, currency).map((line) => [minor(line.faceMinor), line.pieces]))
  return [...count].flatMap(([face, pieces]) => (pieces > (held.get(face) ?? 0) ? face : []))
}
