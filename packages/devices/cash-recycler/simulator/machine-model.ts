import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  listPieces,
  move,
  moveAll,
  type Piece,
  type Place,
  qualities,
  worthIn,
} from './held-money.ts'
import { type DevId, deviceOf, type UnitPlan } from './machine-profiles.ts'
import {
  booked,
  bookMove,
  type Counts,
  countPlan,
  type Draft,
  doubt,
  enter,
  type Fault,
  faultKinds,
  type Machine,
  type News,
  notesIn,
  type Operation,
  type Phase,
  placeOf,
  recount,
  worthOf,
} from './machine-state.ts'
import {
  advance,
  end,
  give,
  losePower,
  payable,
  planOut,
  refund,
  takeAway,
} from './run-operation.ts'

// A cash recycler, whatever it speaks: what it is told, what hands do with it, what goes wrong, and time. Pure:
// the same inputs give the same machine. `held` is the truth of every piece; `book` is what it believes.

export type Input =
  /** Take this amount and give the change. */
  | {
      readonly is: 'pay_in'
      readonly ref: string
      readonly amountMinor: number
      readonly waitsWhenShort: boolean
    }
  | { readonly is: 'pay_out'; readonly ref: string; readonly amountMinor: number }
  | { readonly is: 'pay_out_pieces'; readonly ref: string; readonly pieces: Counts }
  | { readonly is: 'deposit'; readonly ref: string; readonly devices: readonly DevId[] }
  | { readonly is: 'replenish'; readonly ref: string; readonly from: 'entrance' | 'cassette' }
  /** Out of the recycling stock. */
  | {
      readonly is: 'collect'
      readonly ref: string
      readonly to: 'exit' | 'box'
      readonly pieces: Counts
    }
  /** Count these devices again. */
  | { readonly is: 'verify'; readonly ref: string; readonly devices: readonly DevId[] }
  /** That was all, of a deposit or a replenishment. */
  | { readonly is: 'finish' }
  /** `short`: end for want of change, and not as a cancellation. */
  | { readonly is: 'cancel'; readonly short: boolean }
  | { readonly is: 'reset' }
  | { readonly is: 'enable'; readonly faces: readonly number[]; readonly on: boolean }
  /** Hands: put in, into the inlet or the cassette; take what lies out; open the cover over a doubted note. */
  | {
      readonly is: 'insert'
      readonly pieces: readonly (Piece & { readonly count: number })[]
      readonly into: 'entrance' | 'cassette'
    }
  | { readonly is: 'take' }
  | { readonly is: 'open_cover' }
  /** A person with a key takes the boxes' money. */
  | { readonly is: 'empty_boxes' }
  | { readonly is: 'power_cycle' }
  | { readonly is: 'arm'; readonly fault: Fault }
  /** What it believes goes wrong by so many pieces, and it does not know. */
  | {
      readonly is: 'misbook'
      readonly devId: DevId
      readonly unitNo: number
      readonly faceMinor: number
      readonly count: number
    }
  /** It begins to doubt its book. */
  | { readonly is: 'doubt'; readonly devId: DevId }
  /** Time went on. */
  | { readonly is: 'tick' }

export type StepRefusal = {
  readonly code:
    | 'busy'
    /** Nothing runs that this would end. */
    | 'nothing_runs'
    | 'short'
    | 'bad_request'
    /** Money lies in the inlet. */
    | 'entrance'
    | 'cassette_empty'
    /** A doubted note lies behind the cover: it does not answer until that is gone. */
    | 'suspicious'
    | 'closed'
    | 'entrance_full'
}

export type Step = { readonly machine: Machine; readonly news: readonly News[] }

/** At most so many things in a row without time going on: more is a bug of the model. */
const movesMax = 100_000

/**
 * What the machine is after an input at this time, and what it told. Before the input, all that was due by then
 * happens, each thing at its own time.
 */
export function step(before: Machine, input: Input, now: number): Outcome<Step, StepRefusal> {
  const draft: Draft = { ...before, now, news: [] }
  for (let moves = 0; draft.dueAt !== undefined && draft.dueAt <= now; moves += 1) {
    if (moves >= movesMax) throw new Error('the machine does not come to rest')
    draft.now = draft.dueAt
    advance(draft)
  }
  draft.now = now
  const refusal = apply(draft, input)
  if (refusal !== undefined) return refused({ code: refusal })
  const { now: _, news, ...machine } = draft
  return accepted({ machine, news })
}

function apply(draft: Draft, input: Input): StepRefusal['code'] | undefined {
  switch (input.is) {
    case 'tick':
      return undefined
    case 'pay_in':
    case 'pay_out':
    case 'pay_out_pieces':
    case 'deposit':
    case 'replenish':
    case 'collect':
    case 'verify':
      return begin(draft, input)
    case 'finish':
      return finish(draft)
    case 'cancel':
      return cancel(draft, input.short)
    case 'reset':
      return reset(draft)
    case 'enable':
      draft.disabled = input.on
        ? draft.disabled.filter((face) => !input.faces.includes(face))
        : [...new Set([...draft.disabled, ...input.faces])]
      return undefined
    case 'arm':
      if (!isFault(input.fault)) return 'bad_request'
      draft.faults = [...draft.faults, input.fault]
      return undefined
    case 'misbook':
      return misbook(draft, input)
    case 'doubt':
      doubt(draft, input.devId)
      return undefined
    default:
      return useHands(draft, input)
  }
}

// Faults and pieces come from a page that a person works: what is none is refused.
const isWhole = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0
const isFault = (fault: Fault | undefined) =>
  fault !== undefined && faultKinds.includes(fault.kind) && isWhole(fault.after)
const isPieces = ({ faceMinor, quality, count }: Piece & { readonly count: number }) =>
  isWhole(faceMinor) && faceMinor > 0 && isWhole(count) && qualities.includes(quality)

type Begin = Extract<Input, { ref: string }>
const bothDevices: readonly DevId[] = [1, 2]
const refuses = new Set<Phase>(['off', 'initialising', 'error', 'blocked', 'resetting'])

function begin(draft: Draft, input: Begin): StepRefusal['code'] | undefined {
  const { phase, timings, held } = draft
  if (phase !== 'idle' || notesIn(draft, 'exit') > 0 || notesIn(draft, 'reject') > 0) return 'busy'
  const blank: Operation = {
    ...{ ref: input.ref, amountMinor: 0, waitsWhenShort: false, from: 'entrance', to: 'exit' },
    ...{ devices: bothDevices, taken: {}, given: {}, plan: [], ending: 'done', kind: 'pay_in' },
    ...{ refunding: false, finishing: false, thenReset: false },
  }
  switch (input.is) {
    case 'pay_in':
      if (!Number.isSafeInteger(input.amountMinor) || input.amountMinor <= 0) return 'bad_request'
      draft.operation = { ...blank, ...input, kind: 'pay_in' }
      break
    case 'deposit':
      draft.operation = { ...blank, ...input, kind: 'deposit' }
      break
    case 'replenish':
      if (input.from === 'entrance' && listPieces(held, 'entrance').length > 0) return 'entrance'
      if (input.from === 'cassette' && listPieces(held, 'cassette').length === 0) {
        return 'cassette_empty'
      }
      draft.operation = { ...blank, ...input, kind: 'replenish' }
      break
    case 'verify':
      draft.operation = { ...blank, ...input, kind: 'verify' }
      enter(draft, 'verifying', timings.verifyMs)
      return undefined
    default:
      return beginGiving(draft, input, blank)
  }
  const fed = listPieces(held, draft.operation.from).length > 0
  enter(draft, 'starting', timings.startMs, draft.operation.amountMinor)
  if (fed) draft.dueAt = draft.now + timings.startMs
  return undefined
}

function beginGiving(
  draft: Draft,
  input: Extract<Begin, { is: 'pay_out' | 'pay_out_pieces' | 'collect' }>,
  blank: Operation,
): StepRefusal['code'] | undefined {
  const stock = payable(draft)
  if (input.is === 'pay_out') {
    if (!Number.isSafeInteger(input.amountMinor) || input.amountMinor <= 0) return 'bad_request'
    const plan = planOut(input.amountMinor, stock)
    if (plan === undefined) return 'short'
    draft.operation = { ...blank, kind: 'pay_out', amountMinor: input.amountMinor }
    give(draft, plan, 'done')
    return undefined
  }
  const plan: number[] = []
  for (const [face, count] of Object.entries(input.pieces)) {
    if (!Number.isSafeInteger(count) || count < 0) return 'bad_request'
    const there = stock.find(({ faceMinor }) => faceMinor === Number(face))?.pieces ?? 0
    if (count > there) return 'short'
    plan.push(...Array<number>(count).fill(Number(face)))
  }
  const amountMinor = worthOf(countPlan(plan))
  const what = input.is === 'collect' ? { kind: 'collect' as const, to: input.to } : {}
  draft.operation = { ...blank, kind: 'pay_out', amountMinor, ...what }
  give(
    draft,
    plan.toSorted((a, b) => b - a),
    'done',
  )
  return undefined
}

function finish(draft: Draft): StepRefusal['code'] | undefined {
  const { operation, phase } = draft
  if (operation === undefined || (operation.kind !== 'deposit' && operation.kind !== 'replenish')) {
    return 'nothing_runs'
  }
  if (phase === 'suspicious') return 'suspicious'
  if (operation.finishing || operation.refunding || refuses.has(phase)) return 'busy'
  draft.operation = { ...operation, finishing: true }
  if (phase === 'waiting' && draft.dueAt === undefined) end(draft, 'done')
  return undefined
}

const cancellable = new Set<Phase>(['starting', 'waiting', 'counting', 'short', 'remove_reject'])

function cancel(draft: Draft, short: boolean): StepRefusal['code'] | undefined {
  const { operation, phase } = draft
  if (operation === undefined) return 'nothing_runs'
  if (phase === 'suspicious') return 'suspicious'
  if (!cancellable.has(phase) || operation.refunding) return 'nothing_runs'
  refund(draft, short ? 'short' : 'cancelled')
  return undefined
}

function reset(draft: Draft): StepRefusal['code'] | undefined {
  const { operation, phase, timings } = draft
  if (phase === 'off' || phase === 'initialising' || phase === 'resetting') return 'busy'
  if (operation === undefined) {
    enter(draft, 'resetting', timings.resetMs)
    return undefined
  }
  draft.operation = { ...operation, thenReset: true }
  if (cancellable.has(phase) || phase === 'suspicious') refund(draft, 'reset')
  else end(draft, phase === 'error' ? operation.ending : 'reset')
  return undefined
}

function misbook(
  draft: Draft,
  { devId, unitNo, faceMinor, count }: Extract<Input, { is: 'misbook' }>,
): StepRefusal['code'] | undefined {
  const unit = draft.profile.units.find((one) => one.devId === devId && one.unitNo === unitNo)
  if (!unit?.faces.includes(faceMinor) || !Number.isSafeInteger(count)) return 'bad_request'
  bookMove(draft, unit, faceMinor, count)
  return undefined
}

type Hands = Extract<
  Input,
  { is: 'insert' | 'take' | 'open_cover' | 'empty_boxes' | 'power_cycle' }
>
const open = new Set<Phase>(['idle', 'starting', 'waiting', 'counting', 'remove_reject'])

function useHands(draft: Draft, input: Hands): StepRefusal['code'] | undefined {
  switch (input.is) {
    case 'take':
      takeAway(draft)
      return undefined
    case 'open_cover':
      draft.held = moveAll(draft.held, 'gate', 'outside')
      if (draft.phase === 'suspicious') enter(draft, 'counting', draft.timings.countMs)
      return undefined
    case 'empty_boxes':
      if (draft.phase !== 'idle') return 'busy'
      for (const unit of draft.profile.units) if (unit.kind !== 'recycling') emptyBox(draft, unit)
      draft.news.push({ is: 'stock', cause: 'person' })
      return undefined
    case 'power_cycle':
      if (draft.phase !== 'off') losePower(draft)
      return undefined
    case 'insert':
      return insert(draft, input)
  }
}

function insert(
  draft: Draft,
  { pieces, into }: Extract<Input, { is: 'insert' }>,
): StepRefusal['code'] | undefined {
  const { phase, profile, operation, timings } = draft
  const place = into === 'entrance' || into === 'cassette'
  if (!place || !Array.isArray(pieces) || !pieces.every(isPieces)) return 'bad_request'
  if (into === 'entrance' ? !open.has(phase) : phase !== 'idle') return 'closed'
  const lies = listPieces(draft.held, into).reduce((sum, { count }) => sum + count, 0)
  const more = pieces.reduce((sum, { count }) => sum + count, 0)
  if (into === 'entrance' && lies + more > profile.entranceMax) return 'entrance_full'
  for (const { count, ...piece } of pieces) {
    // The cassette holds what the machine gives again: a person fills it with nothing else.
    if (into === 'cassette' && deviceOf(profile, piece.faceMinor) === undefined)
      return 'bad_request'
    draft.held = move(draft.held, 'outside', into, piece, count)
  }
  const waits = phase === 'waiting' && operation?.from === 'entrance' && draft.dueAt === undefined
  if (waits && more > 0) draft.dueAt = draft.now + timings.countMs
  return undefined
}

function emptyBox(draft: Draft, unit: UnitPlan): void {
  const counts = Object.fromEntries(unit.faces.map((face) => [face, booked(draft, unit, face)]))
  draft.held = moveAll(draft.held, placeOf(unit), 'outside')
  recount(draft, unit)
  if (worthOf(counts) > 0) draft.news.push({ is: 'box_emptied', unit, counts })
}

/** What all pieces inside are worth, wherever they lie: the truth to compare books with. */
export function worthInside({ held }: Machine): number {
  const outer = new Set(['outside', 'exit', 'reject'])
  return Object.keys(held)
    .filter((place) => !outer.has(place))
    .reduce((sum, place) => sum + worthIn(held, place as Place), 0)
}
