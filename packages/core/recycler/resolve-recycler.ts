import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import { orderPieces, type Pieces, sumPieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

type Unit = 'recycling' | 'cash_box'

/** The pieces of one face in one part of a machine. */
export type UnitFace = {
  readonly unit: Unit
  readonly currency: Currency
  readonly faceMinor: Minor
  readonly pieces: number
}

export type ResolveRecyclerState<Work extends { readonly kind: string }> = {
  readonly shopId: ShopId
  readonly recyclerId: string
  /** What the books say that it holds; below zero where more went out than anybody told. */
  readonly held: readonly UnitFace[]
  /** Whether it was ever counted. */
  readonly known: boolean
  /** The attempt that is asked about; `undefined` where there is none of this machine. */
  readonly attempt:
    | { readonly work: Work; readonly currency: Currency; readonly unresolved: boolean }
    | undefined
}

export type ResolveRecycler<Line extends UnitFace> = {
  readonly staffId: StaffId
  /** What an attempt is taken to have moved. */
  readonly attempt?:
    | { readonly attemptId: string; readonly in: Pieces; readonly out: Pieces }
    | undefined
  /** All that the machine counted. What is left out of it is not there. */
  readonly counted?: readonly Line[] | undefined
  readonly reason: string
}

/** By how much a count of one part of a machine is over or short of the books. */
export type UnitVariance = {
  readonly unit: Unit
  readonly way: 'over' | 'short'
  readonly cash: CashAmount
}

/** The body of the fact `recycler.resolved`. */
export type RecyclerResolved<Work, Line> = {
  readonly shopId: ShopId
  readonly recyclerId: string
  readonly staffId: StaffId
  readonly attempt?: {
    readonly attemptId: string
    readonly work: Work
    readonly ending: 'done' | 'not_done'
    readonly in: CashAmount
    readonly out: CashAmount
  }
  readonly counted?: readonly Line[]
  readonly variances: readonly UnitVariance[]
  readonly first?: true
  readonly reason: string
}

export type ResolveRecyclerRefusal =
  | { readonly code: 'nothing_resolved' }
  | { readonly code: 'recycler_attempt_not_found' }
  /** It ended in a way that is known, or somebody has said how already. */
  | { readonly code: 'recycler_attempt_not_unresolved' }

/**
 * Decides what a person's word on a machine books: an attempt whose end nobody knew, a verified count, or both. A
 * count is compared with the books as they are after the attempt; each face that differs is over or short.
 */
export function decideResolveRecycler<
  Work extends { readonly kind: string; readonly to?: string },
  Line extends UnitFace,
>(
  { shopId, recyclerId, held, known, attempt }: ResolveRecyclerState<Work>,
  command: ResolveRecycler<Line>,
): Outcome<RecyclerResolved<Work, Line>, ResolveRecyclerRefusal> {
  const { staffId, attempt: said, counted, reason } = command
  if (said === undefined && counted === undefined) return refused({ code: 'nothing_resolved' })
  const about = { shopId, recyclerId, staffId, reason }
  const first = counted !== undefined && !known ? ({ first: true } as const) : {}
  const seen = counted === undefined ? {} : { counted }
  if (said === undefined) {
    const variances = compareUnits(held, counted ?? [])
    return accepted({ ...about, ...seen, variances, ...first })
  }
  if (attempt === undefined) return refused({ code: 'recycler_attempt_not_found' })
  if (!attempt.unresolved) return refused({ code: 'recycler_attempt_not_unresolved' })
  const { work, currency } = attempt
  const moved = { in: cashOf(currency, said.in), out: cashOf(currency, said.out) }
  const ending = moved.in.minor === moved.out.minor ? 'not_done' : 'done'
  const after = [...held, ...movedBy(work, currency, said)]
  return accepted({
    ...about,
    attempt: { attemptId: said.attemptId, work, ending, ...moved },
    ...seen,
    variances: counted === undefined ? [] : compareUnits(after, counted),
    ...first,
  })
}

/** Cash of these pieces, in its one spelling. */
export function cashOf(
  currency: Currency,
  pieces: Pieces,
): CashAmount & { readonly pieces: Pieces } {
  return { currency, minor: sumPieces(pieces), pieces: orderPieces(pieces) }
}

function movedBy(
  work: { readonly kind: string; readonly to?: string },
  currency: Currency,
  { in: taken, out: given }: { readonly in: Pieces; readonly out: Pieces },
): readonly UnitFace[] {
  const faces = (unit: Unit, pieces: Pieces, sign: 1 | -1) =>
    pieces.map(({ faceMinor, pieces: count }) => {
      return { unit, currency, faceMinor, pieces: sign * count }
    })
  const own = [...faces('recycling', taken, 1), ...faces('recycling', given, -1)]
  if (work.kind !== 'collect' || work.to !== 'cash_box') return own
  return [...own, ...faces('cash_box', given, 1), ...faces('cash_box', taken, -1)]
}

/** Of each part and currency, by how much what was counted is over and short of the books, face by face. */
export function compareUnits(
  held: readonly UnitFace[],
  counted: readonly UnitFace[],
): readonly UnitVariance[] {
  const more = new Map<string, UnitFace>()
  const add = (line: UnitFace, sign: 1 | -1) => {
    const name = `${line.unit} ${line.currency} ${line.faceMinor}`
    const pieces = (more.get(name)?.pieces ?? 0) + sign * line.pieces
    more.set(name, { ...line, pieces })
  }
  for (const line of counted) add(line, 1)
  for (const line of held) add(line, -1)
  const lines = [...more.values()]
  const kinds = new Map(lines.map((line) => [`${line.unit} ${line.currency}`, line]))
  return [...kinds.keys()].sort().flatMap((name) => {
    const { unit, currency } = kinds.get(name) as UnitFace
    const of = lines.filter((line) => line.unit === unit && line.currency === currency)
    return [['over', 1] as const, ['short', -1] as const].flatMap(([way, sign]) => {
      const pieces = of
        .filter((line) => line.pieces * sign > 0)
        .map(({ faceMinor, pieces: count }) => ({
          faceMinor: minor(faceMinor),
          pieces: count * sign,
        }))
      return pieces.length === 0 ? [] : [{ unit, way, cash: cashOf(currency, pieces) }]
    })
  })
}
