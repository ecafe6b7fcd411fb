import { type Held, kindOf, listPieces, move, type Place } from './held-money.ts'
import { type DevId, deviceOf, type Profile, type UnitPlan } from './machine-profiles.ts'

// What a machine is at one moment, in the words of no maker: its units, where every piece is, what it believes of
// them, and the operation it is at.

export type Phase =
  | 'off'
  | 'initialising'
  | 'idle'
  | 'starting'
  | 'waiting'
  | 'counting'
  /** A note that may be counterfeit lies behind the cover. */
  | 'suspicious'
  | 'calculating'
  /** No pieces for the change: it waits to be told what to do. */
  | 'short'
  | 'dispensing'
  | 'cancelling'
  | 'collecting'
  | 'verifying'
  /** What was given, or was not taken in, has to be taken away. */
  | 'remove_out'
  | 'remove_reject'
  | 'resetting'
  /** It tries to help itself, and then waits for a person. */
  | 'error'
  | 'blocked'

export type Result =
  | 'done'
  | 'cancelled'
  /** No pieces for the change or the pay-out; everything was given back. */
  | 'short'
  /** Could not give back all. */
  | 'refund_short'
  | 'inconsistent'
  | 'reset'
  | 'jam'
  | 'device'

/** Pieces by face value, as the machine counted them. */
export type Counts = Readonly<Record<number, number>>

export type OperationKind = 'pay_in' | 'pay_out' | 'deposit' | 'replenish' | 'collect' | 'verify'

export type Operation = {
  /** The asker's own name for it. */
  readonly ref: string
  readonly kind: OperationKind
  readonly amountMinor: number
  /** Without change it waits for `cancel`, and does not end by itself. */
  readonly waitsWhenShort: boolean
  readonly from: 'entrance' | 'cassette'
  readonly to: 'exit' | 'box'
  /** Which devices it is about; all where it does not say. */
  readonly devices: readonly DevId[]
  readonly taken: Counts
  readonly given: Counts
  /** The face of each piece that is still to be given. */
  readonly plan: readonly number[]
  /** How it ends once the plan is given. */
  readonly ending: Result
  /** What is given is what was put in. */
  readonly refunding: boolean
  /** That was all: it ends when what lies in the inlet is counted. */
  readonly finishing: boolean
  /** A reset waits for it to end. */
  readonly thenReset: boolean
}

/** What goes wrong, the next time that it can. */
export const faultKinds = [
  /** While counting: the piece stays in the transport. */
  'jam_counting',
  /** While giving, after `after` pieces. */
  'jam_giving',
  /** Two pieces leave where one should. */
  'double_feed',
  /** Power goes while it counts, or while it gives. */
  'power_counting',
  'power_giving',
] as const
export type FaultKind = (typeof faultKinds)[number]
export type Fault = {
  readonly kind: FaultKind
  readonly after: number
  readonly unitDead?: boolean
}

export type MachineError = {
  readonly devId: DevId
  readonly code: number
  readonly help: string
  readonly text: string
}

export type Timings = {
  readonly startMs: number
  readonly countMs: number
  readonly calculateMs: number
  readonly giveMs: number
  readonly recoverMs: number
  readonly resetMs: number
  readonly bootMs: number
  readonly verifyMs: number
  /** How long a customer leaves lying what was given; by hand where it is not said. */
  readonly takesAfterMs?: number
}

export const lifelike: Timings = {
  ...{ startMs: 400, countMs: 250, calculateMs: 200, giveMs: 300, recoverMs: 3_000 },
  ...{ resetMs: 24_000, bootMs: 20_000, verifyMs: 8_000 },
}
export const hurried: Timings = {
  ...{ startMs: 1, countMs: 1, calculateMs: 1, giveMs: 1, recoverMs: 5 },
  ...{ resetMs: 10, bootMs: 10, verifyMs: 5, takesAfterMs: 1 },
}

export type Machine = {
  readonly profile: Profile
  readonly timings: Timings
  /** The truth, which the protocol never tells. */
  readonly held: Held
  /** What the machine believes that its units hold: `1/4043 10000`. */
  readonly book: Readonly<Record<string, number>>
  readonly phase: Phase
  readonly dueAt?: number
  readonly operation?: Operation
  /** What power cut off, until it is told after the start. */
  readonly interrupted?: Operation
  readonly error?: MachineError
  /** Devices whose book it does not vouch for. */
  readonly unsure: readonly DevId[]
  /** Faces that it does not take for now. */
  readonly disabled: readonly number[]
  readonly faults: readonly Fault[]
}

/** What it tells as it goes. */
export type News =
  | { readonly is: 'phase'; readonly phase: Phase; readonly amountMinor: number }
  | { readonly is: 'counted'; readonly devId: DevId; readonly taken: Counts }
  | { readonly is: 'giving'; readonly planned: Counts }
  | { readonly is: 'ended'; readonly operation: Operation; readonly result: Result }
  | { readonly is: 'interrupted'; readonly operation: Operation }
  | { readonly is: 'level'; readonly unit: UnitPlan; readonly level: Level }
  | { readonly is: 'stock'; readonly cause: OperationKind | 'person' }
  | { readonly is: 'remove'; readonly devId: DevId; readonly place: 'entrance' | 'exit' }
  | { readonly is: 'removed'; readonly devId: DevId; readonly place: 'entrance' | 'exit' }
  | { readonly is: 'error'; readonly error: MachineError }
  | { readonly is: 'unsure' | 'sure'; readonly devId: DevId }
  | { readonly is: 'suspicious'; readonly faceMinor: number }
  | { readonly is: 'reset_done' | 'booted' }
  | { readonly is: 'box_emptied'; readonly unit: UnitPlan; readonly counts: Counts }
  | { readonly is: 'fired'; readonly kind: FaultKind }

export type Level = 'empty' | 'near_empty' | 'normal' | 'near_full' | 'full'

/** A machine while it makes one step. Only `step` sees it. */
export type Draft = { -readonly [Key in keyof Machine]: Machine[Key] } & {
  now: number
  news: News[]
}

export const placeOf = ({ devId, unitNo }: UnitPlan): Place => `${devId}/${unitNo}`
export const bookKey = (unit: UnitPlan, faceMinor: number): string =>
  `${placeOf(unit)} ${faceMinor}`

/** What the machine believes to be in a unit, of one face or of all. */
export function booked(machine: Machine, unit: UnitPlan, faceMinor?: number): number {
  if (faceMinor !== undefined) return machine.book[bookKey(unit, faceMinor)] ?? 0
  return unit.faces.reduce((sum, face) => sum + booked(machine, unit, face), 0)
}

export function levelOf(machine: Machine, unit: UnitPlan): Level {
  const pieces = booked(machine, unit)
  if (pieces >= unit.max) return 'full'
  if (pieces >= unit.nf) return 'near_full'
  if (pieces === 0) return 'empty'
  return pieces <= unit.ne ? 'near_empty' : 'normal'
}

export const worthOf = (counts: Counts): number =>
  Object.entries(counts).reduce((sum, [face, count]) => sum + Number(face) * count, 0)

export const add = (counts: Counts, faceMinor: number, count = 1): Counts => ({
  ...counts,
  [faceMinor]: (counts[faceMinor] ?? 0) + count,
})

export const countPlan = (plan: readonly number[]): Counts =>
  plan.reduce<Counts>((counts, face) => add(counts, face), {})

/** Puts the machine in a phase, and tells. `afterMs`: when it goes on by itself. */
export function enter(draft: Draft, phase: Phase, afterMs?: number, amountMinor?: number): void {
  const { operation } = draft
  draft.phase = phase
  if (afterMs === undefined) delete draft.dueAt
  else draft.dueAt = draft.now + afterMs
  const counted = operation === undefined ? 0 : worthOf(operation.taken)
  draft.news.push({ is: 'phase', phase, amountMinor: amountMinor ?? counted })
}

/** Changes what the machine believes, and tells where a level is crossed. */
export function bookMove(draft: Draft, unit: UnitPlan, faceMinor: number, count: number): void {
  const was = levelOf(draft, unit)
  const key = bookKey(unit, faceMinor)
  draft.book = { ...draft.book, [key]: Math.max(0, (draft.book[key] ?? 0) + count) }
  const level = levelOf(draft, unit)
  if (level !== was) draft.news.push({ is: 'level', unit, level })
}

export function doubt(draft: Draft, devId: DevId): void {
  if (draft.unsure.includes(devId)) return
  draft.unsure = [...draft.unsure, devId]
  draft.news.push({ is: 'unsure', devId })
}

/** Counts a unit again: what it holds is what is believed. */
export function recount(draft: Draft, unit: UnitPlan): void {
  const counts: Record<number, number> = {}
  for (const { piece, count } of listPieces(draft.held, placeOf(unit))) {
    counts[piece.faceMinor] = (counts[piece.faceMinor] ?? 0) + count
  }
  for (const face of unit.faces) {
    bookMove(draft, unit, face, (counts[face] ?? 0) - booked(draft, unit, face))
  }
}

/** A new machine, at rest, with this in its units (fit pieces, by `1/4043` and face). */
export function createMachine(
  profile: Profile,
  timings: Timings,
  stock: Readonly<Record<string, Counts>> = fillHalf(profile),
): Machine {
  let held: Held = {}
  const book: Record<string, number> = {}
  for (const unit of profile.units) {
    for (const face of unit.faces) {
      const count = stock[placeOf(unit)]?.[face] ?? 0
      const kind = kindOf({ faceMinor: face, quality: 'fit' })
      held = { ...held, [placeOf(unit)]: { ...held[placeOf(unit)], [kind]: count } }
      book[bookKey(unit, face)] = count
    }
  }
  const idle = { phase: 'idle', unsure: [], disabled: [], faults: [] } as const
  return { profile, timings, held, book, ...idle }
}

/** As a shop begins its day: what is given again half full, the boxes empty. */
export function fillHalf(profile: Profile): Record<string, Counts> {
  return Object.fromEntries(
    profile.units.map((unit) => {
      const each = unit.kind === 'recycling' ? Math.floor(unit.max / unit.faces.length / 2) : 0
      return [placeOf(unit), Object.fromEntries(unit.faces.map((face) => [face, each]))]
    }),
  )
}

/** Moves real money of one face and any quality; how many could be moved. */
export function moveFace(draft: Draft, from: Place, to: Place, faceMinor: number, count: number) {
  let left = count
  for (const { piece, count: there } of listPieces(draft.held, from)) {
    if (piece.faceMinor !== faceMinor || left === 0) continue
    const some = Math.min(left, there)
    draft.held = move(draft.held, from, to, piece, some)
    left -= some
  }
  return count - left
}

/** Notes that lie where they have to be taken away before anything else happens. */
export const notesIn = (machine: Machine, place: Place): number =>
  listPieces(machine.held, place).reduce(
    (sum, { piece, count }) =>
      deviceOf(machine.profile, piece.faceMinor) === 2 ? sum : sum + count,
    0,
  )
