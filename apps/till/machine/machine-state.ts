import type { AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { MachineRecord } from './machine-record.ts'

// One try at a machine, as this till sees it: pure. Every news, answer and key goes through `stepMachine`, in any
// order and any number of times; what has to be done comes back as effects. Two promises hold whatever comes: the
// act is written only when the store server says that exactly its money moved, and what is not known is never
// taken for an end.

/** How an attempt stands. Only `record` outlives the page; the rest is asked for again. */
export type MachineAttempt = {
  readonly record: MachineRecord
  /** What the store server said last. */
  readonly view?: AttemptView | undefined
  /**
   * `asking`: no answer yet. `heard`: it knows the attempt. `away`: it did not answer. `unheard`: it answers, and
   * has never heard of it. `refused`: it did not begin it, see `refusal`.
   */
  readonly hearing: 'asking' | 'heard' | 'away' | 'unheard' | 'refused'
  readonly refusal?: string | undefined
  /** Whether it was asked in this page's life, once, and got its answer: then a refusal is the last word. */
  readonly asked: 'once' | 'maybe_more'
  /** What is written of it here. */
  readonly act: 'none' | 'saving' | 'refused'
  readonly actRefusal?: string | undefined
  /** News heard so far: an answer that was asked for before some of them is older than they are. */
  readonly news: number
}

export type MachineEvent =
  /** The record is on the disk. */
  | { readonly type: 'kept' }
  /** An answer of the store server to what was asked after so many news. */
  | { readonly type: 'answered'; readonly view: AttemptView; readonly since: number }
  | { readonly type: 'news'; readonly view: AttemptView }
  /** Its machine tells of another attempt, or the line to the news came up: this one is to be asked for. */
  | { readonly type: 'look' }
  /** The question whether it may begin was answered by no. */
  | { readonly type: 'refused'; readonly code: string }
  /** It never heard of it; `late`: and would have by now. */
  | { readonly type: 'not_found'; readonly late: boolean }
  | { readonly type: 'unreachable' }
  | { readonly type: 'acted' }
  | { readonly type: 'act_refused'; readonly code: string }
  | { readonly type: 'key'; readonly key: MachineKey }

/** What a person may press; see `keysOf` for when. */
export type MachineKey =
  | 'cancel'
  | 'end_short'
  /** Ask the same again: it is begun once. */
  | 'retry'
  | 'look'
  /** Back to where it came from; the attempt goes, or is watched if it may still move money. */
  | 'leave'
  | 'aside'
  | 'resume'
  /** Write what comes of it, after it was put aside or could not be written. */
  | 'write'
  /** It was looked after by people. */
  | 'forget'

export type MachineEffect =
  | { readonly do: 'post' }
  | { readonly do: 'get' }
  | { readonly do: 'tell'; readonly what: 'cancel' | 'end-short' }
  /** Write the fact that comes of it, and with it that the attempt is over. */
  | { readonly do: 'act' }
  | { readonly do: 'keep'; readonly stage: MachineRecord['stage'] }
  /** The record goes. */
  | { readonly do: 'forget' }

/** What a person sees of an attempt. */
export type Shown =
  | 'asking'
  /** The store server does not answer: the machine may be at it. */
  | 'away'
  /** Nothing began, and nothing moved. */
  | 'not_begun'
  | 'starting'
  | 'working'
  | 'short'
  | 'cancelling'
  | 'giving'
  | 'settling'
  /** Begun, and its machine is out of reach or stopped. */
  | 'open'
  /** Nobody knows what moved, or it is not what was asked. */
  | 'unresolved'
  | 'not_done'
  /** The money moved; what comes of it is being written, or waits to be. */
  | 'done'
  /** The machine kept more than was asked. */
  | 'kept_more'
  /** The money moved, and it could not be written. */
  | 'unwritten'

/** An attempt whose record was just made; `kept` begins it. */
export function newAttempt(record: MachineRecord): MachineAttempt {
  return { record, hearing: 'asking', asked: 'once', act: 'none', news: 0 }
}

/** An attempt that was found in the till's storage: whether anybody heard of it is not known. */
export function foundAttempt(record: MachineRecord): MachineAttempt {
  return { ...newAttempt(record), asked: 'maybe_more' }
}

/** What the machine kept of what went in and out; below zero where it gave. */
export function keptMinor(view: Pick<AttemptView, 'in' | 'out'>): Minor {
  return minor((view.in?.minor ?? 0) - (view.out?.minor ?? 0))
}

/** Whether exactly the money of this attempt moved, and that is certain: the guard of every act. */
export function isMoved({ record, view }: Pick<MachineAttempt, 'record' | 'view'>): boolean {
  if (view === undefined || view.state !== 'ended' || view.ending !== 'done') return false
  if (view.attemptId !== record.attemptId || view.currency !== record.currency) return false
  const { kind, amountMinor } = record.work
  return keptMinor(view) === (kind === 'pay_in' ? amountMinor : -amountMinor)
}

/**
 * Whether a machine kept more of a sale than was asked, for want of change, and somebody said so: the sale can be
 * written by hand, and what is too much is change out of the drawer.
 */
export function isMore({ record, view }: Pick<MachineAttempt, 'record' | 'view'>): boolean {
  if (view === undefined || view.state !== 'ended' || view.ending !== 'done') return false
  if (view.attemptId !== record.attemptId || view.currency !== record.currency) return false
  return record.task.kind === 'sale' && keptMinor(view) > record.work.amountMinor
}

/** Whether it ended and nothing moved. */
export function isNothing({ view }: Pick<MachineAttempt, 'view'>): boolean {
  return view?.state === 'ended' && view.ending === 'not_done' && keptMinor(view) === 0
}

export function shownOf(attempt: MachineAttempt): Shown {
  const { hearing, view, act } = attempt
  if (isMoved(attempt)) return act === 'refused' ? 'unwritten' : 'done'
  if (isNothing(attempt)) return 'not_done'
  if (isMore(attempt)) return act === 'refused' ? 'unwritten' : 'kept_more'
  if (view?.state === 'ended') return 'unresolved'
  if (hearing === 'refused' || (hearing === 'unheard' && mayForget(view))) return 'not_begun'
  // The store server knew it once, and does not any more: nobody can say what became of it.
  if (hearing === 'unheard') return 'unresolved'
  if (hearing === 'away') return 'away'
  if (view === undefined) return 'asking'
  switch (view.state) {
    case 'starting':
      return 'starting'
    case 'open':
      return 'open'
    case 'settling':
    case 'finding':
      return 'settling'
    case 'working':
      if (view.cancelling) return 'cancelling'
      if (view.short) return 'short'
      return view.givingMinor > 0 ? 'giving' : 'working'
  }
}

// What the store server had not journalled yet may be gone with it, and no machine heard of it.
function mayForget(view: AttemptView | undefined): boolean {
  return view === undefined || (view.state === 'starting' && view.insertedMinor === 0)
}

/** What a person may press now, the next action first. */
export function keysOf(attempt: MachineAttempt): readonly MachineKey[] {
  const shown = shownOf(attempt)
  const { record, act } = attempt
  if (record.stage === 'left') {
    const over = shown === 'done' || shown === 'unresolved' || shown === 'kept_more'
    return over ? ['look', 'forget'] : ['look']
  }
  if (record.stage === 'aside') {
    const writes = shown === 'done' || shown === 'kept_more' || shown === 'unwritten'
    return writes && act === 'none' ? ['write'] : ['resume', 'look']
  }
  const sale = record.task.kind === 'sale'
  switch (shown) {
    case 'asking':
    case 'cancelling':
    case 'giving':
    case 'settling':
    case 'done':
      return []
    case 'starting':
    case 'working':
      return ['cancel']
    case 'short':
      return record.work.kind === 'pay_in' ? ['cancel', 'end_short'] : ['cancel']
    case 'not_begun':
      return ['leave', 'retry']
    case 'not_done':
      return ['leave']
    case 'away':
    case 'open':
    case 'unresolved':
      return sale ? ['look', 'aside', 'leave'] : ['look', 'leave']
    case 'kept_more':
      return act === 'none' ? ['write', 'leave'] : []
    case 'unwritten':
      return ['write', 'leave']
  }
}

type Stepped = { readonly attempt: MachineAttempt; readonly effects: readonly MachineEffect[] }

/** What an event makes of an attempt, and what is to be done. */
export function stepMachine(attempt: MachineAttempt, event: MachineEvent): Stepped {
  const next = hear(attempt, event)
  const effects = effectsOf(next.attempt, event)
  const acts = next.attempt.act === 'none' && goesOn(next.attempt)
  return acts
    ? {
        attempt: { ...next.attempt, act: 'saving' },
        effects: [...next.effects, ...effects, { do: 'act' }],
      }
    : { attempt: next.attempt, effects: [...next.effects, ...effects] }
}

// Only before somebody's eyes: what was put aside or left is written by a person's hand, or never.
function goesOn(attempt: MachineAttempt): boolean {
  return attempt.record.stage === 'asked' && isMoved(attempt)
}

function hear(attempt: MachineAttempt, event: MachineEvent): Stepped {
  const same = (next: MachineAttempt): Stepped => ({ attempt: next, effects: [] })
  switch (event.type) {
    case 'kept':
      return { attempt, effects: [{ do: 'post' }] }
    case 'look': {
      // The first question is still on its way: its answer says as much.
      const pending = attempt.hearing === 'asking' && attempt.asked === 'once'
      return { attempt, effects: pending || isOver(attempt) ? [] : [{ do: 'get' }] }
    }
    case 'answered':
      // News are whole and came later than the question.
      if (event.since < attempt.news && event.view.state !== 'ended') return same(heard(attempt))
      return same(takeView(attempt, event.view))
    case 'news':
      return same({ ...takeView(attempt, event.view), news: attempt.news + 1 })
    case 'refused':
      if (attempt.view !== undefined) return same(attempt)
      return same({ ...attempt, hearing: 'refused', refusal: event.code })
    case 'not_found':
      return same(isOver(attempt) ? attempt : { ...attempt, hearing: 'unheard' })
    case 'unreachable':
      if (isOver(attempt) || attempt.hearing === 'refused') return same(attempt)
      return same({ ...attempt, hearing: 'away', asked: 'maybe_more' })
    case 'acted':
      return same(attempt)
    case 'act_refused':
      return same({ ...attempt, act: 'refused', actRefusal: event.code })
    case 'key':
      return keysOf(attempt).includes(event.key) ? press(attempt, event.key) : same(attempt)
  }
}

const heard = (attempt: MachineAttempt): MachineAttempt => ({
  ...attempt,
  hearing: 'heard',
  refusal: undefined,
})

/** The attempt with what was said of it. What ended stays ended; only a person's word of an unresolved one is newer. */
function takeView(attempt: MachineAttempt, view: AttemptView): MachineAttempt {
  if (view.attemptId !== attempt.record.attemptId || isOver(attempt)) return attempt
  const before = attempt.view
  if (before?.state === 'ended' && view.state !== 'ended') return heard(attempt)
  return { ...heard(attempt), view }
}

/** Whether nothing more can be said of it. */
export function isOver(attempt: MachineAttempt): boolean {
  return isMoved(attempt) || isMore(attempt) || isNothing(attempt)
}

function press(attempt: MachineAttempt, key: MachineKey): Stepped {
  const stay = (...effects: MachineEffect[]): Stepped => ({ attempt, effects })
  const stage = (to: MachineRecord['stage']): Stepped => ({
    attempt: { ...attempt, record: { ...attempt.record, stage: to } },
    effects: [{ do: 'keep', stage: to }],
  })
  switch (key) {
    case 'cancel':
      return stay({ do: 'tell', what: 'cancel' })
    case 'end_short':
      return stay({ do: 'tell', what: 'end-short' })
    case 'look':
      return stay({ do: 'get' })
    case 'retry':
      return {
        attempt: { ...attempt, hearing: 'asking', refusal: undefined, asked: 'maybe_more' },
        effects: [{ do: 'post' }],
      }
    case 'leave':
      return isLastWord(attempt) ? stay({ do: 'forget' }) : stage('left')
    case 'aside':
      return stage('aside')
    case 'resume':
      return stage('asked')
    case 'write':
      return {
        attempt: { ...attempt, act: 'saving', actRefusal: undefined },
        effects: [{ do: 'act' }],
      }
    case 'forget':
      return stay({ do: 'forget' })
  }
}

/** Whether it is certain that this attempt moves no money, now or later. */
function isLastWord(attempt: MachineAttempt): boolean {
  if (isNothing(attempt)) return true
  return attempt.hearing === 'refused' && attempt.asked === 'once' && attempt.view === undefined
}

// What follows by itself of one that was left: it is stopped where it began late, and goes once nothing moved.
function effectsOf(attempt: MachineAttempt, event: MachineEvent): readonly MachineEffect[] {
  const { record, view } = attempt
  if (record.stage !== 'left' || event.type === 'key') return []
  if (isNothing(attempt)) return [{ do: 'forget' }]
  if (event.type === 'not_found' && event.late && mayForget(view)) return [{ do: 'forget' }]
  const runs = view?.state === 'starting' || view?.state === 'working'
  const told = event.type === 'news' || event.type === 'answered'
  return told && runs && !view.cancelling ? [{ do: 'tell', what: 'cancel' }] : []
}
