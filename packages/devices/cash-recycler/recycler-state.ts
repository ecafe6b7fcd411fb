import type { Minor } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type {
  Attempt,
  Capabilities,
  Condition,
  DriverCommand,
  DriverEvent,
  Fault,
  Reply,
  Stock,
} from './contract.ts'
import {
  compareStock,
  type Settled,
  type StockDifference,
  settleAttempt,
} from './settle-attempt.ts'

/** Waits with a name. Each ends in *unknown*, never in *failed*: `run-recycler.ts` says how long. */
export type Wait = 'start' | 'cancel' | 'settle' | 'find' | 'check'

/** Work under way, as the person at the till sees it. */
export type Progress = {
  readonly attempt: Attempt
  readonly insertedMinor: Minor
  readonly givingMinor: Minor
  /** It cannot give the change, and waits for a word. */
  readonly short: boolean
  readonly cancelling: boolean
}

/**
 * A machine, as far as we know. An attempt in `offline`, `finding` or `stopped` was begun and may have moved
 * money: nothing else is begun before its end is known or a person gave up on knowing.
 */
export type RecyclerState =
  | { readonly at: 'offline'; readonly open?: Attempt | undefined }
  /** The line is there; condition and stock are being asked for. */
  | { readonly at: 'checking' }
  | { readonly at: 'idle'; readonly stock: Stock }
  /** The intent is on its way to the journal; the machine knows nothing. */
  | { readonly at: 'noting'; readonly attempt: Attempt; readonly cancelled: boolean }
  /** Told, and not a word of it yet. */
  | { readonly at: 'starting'; readonly attempt: Attempt; readonly cancelled: boolean }
  | ({ readonly at: 'working' } & Progress)
  /** Ended; what the machine holds now is being read. */
  | { readonly at: 'settling'; readonly attempt: Attempt; readonly reply?: Reply | undefined }
  /** The end was missed; the machine is asked what it knows of it. */
  | { readonly at: 'finding'; readonly attempt: Attempt }
  | { readonly at: 'stopped'; readonly fault: Fault; readonly open?: Attempt | undefined }

export type RecyclerEvent =
  | DriverEvent
  | { readonly type: 'work'; readonly attempt: Attempt }
  | { readonly type: 'noted' }
  /** The journal did not take the intent: nothing may be sent. */
  | { readonly type: 'not_noted' }
  /** After a start: an intent in the journal that has no end. */
  | { readonly type: 'recall'; readonly attempt: Attempt }
  | { readonly type: 'cancel' }
  | { readonly type: 'end_short' }
  | { readonly type: 'finish' }
  | { readonly type: 'reset' }
  | { readonly type: 'verify' }
  | { readonly type: 'lock'; readonly locked: boolean }
  /** A person will look: the attempt ends unresolved, with what is known. */
  | { readonly type: 'give_up' }
  | { readonly type: 'waited'; readonly wait: Wait }

export type RecyclerEffect =
  /** Write the intent down; answer with `noted` or `not_noted`. */
  | { readonly type: 'note'; readonly attempt: Attempt }
  | { readonly type: 'send'; readonly command: DriverCommand }
  /** One wait runs at a time: this replaces it, `undefined` ends it. */
  | { readonly type: 'wait'; readonly wait: Wait | undefined }
  | ({ readonly type: 'progress' } & Progress)
  | {
      readonly type: 'ended'
      readonly attempt: Attempt
      readonly settled: Settled
      readonly after?: Stock | undefined
      /** Where the machine's own count is not what this made of the last one. */
      readonly differences: readonly StockDifference[]
    }
  /** Work that was not taken: nothing was written or sent. */
  | {
      readonly type: 'refuse'
      readonly attemptId: string
      readonly code: 'offline' | 'busy' | 'stopped'
    }
  | { readonly type: 'capabilities'; readonly capabilities: Capabilities }
  /** What an idle machine holds: compared by the caller with what it should hold. */
  | { readonly type: 'seen'; readonly stock: Stock }
  | { readonly type: 'condition'; readonly condition: Condition | { readonly is: 'offline' } }
  /** News of an attempt that is already ended: evidence for who settles it. */
  | { readonly type: 'late'; readonly seqNo: string; readonly reply: Reply }
  | { readonly type: 'strange'; readonly about: string }

export type Step = { readonly state: RecyclerState; readonly effects: readonly RecyclerEffect[] }

type In<At extends RecyclerState['at']> = Extract<RecyclerState, { at: At }>
type Of<Type extends RecyclerEvent['type']> = Extract<RecyclerEvent, { type: Type }>
type Row<At extends RecyclerState['at']> = {
  readonly [Type in RecyclerEvent['type']]: (state: In<At>, event: Of<Type>) => Step
}
type Table = { readonly [At in RecyclerState['at']]: Row<At> }

const to = (state: RecyclerState, ...effects: RecyclerEffect[]): Step => ({ state, effects })
const stay = (state: RecyclerState) => to(state)
const send = (command: DriverCommand): RecyclerEffect => ({ type: 'send', command })
const wait = (name: Wait | undefined): RecyclerEffect => ({ type: 'wait', wait: name })
const odd = (state: RecyclerState, { type }: RecyclerEvent) =>
  to(state, { type: 'strange', about: `${type} while ${state.at}` })
const late = (state: RecyclerState, { seqNo, reply }: Of<'replied'>) =>
  to(state, { type: 'late', seqNo, reply })
const refuse =
  (code: 'offline' | 'busy' | 'stopped') =>
  (state: RecyclerState, { attempt }: Of<'work'>) =>
    to(state, { type: 'refuse', attemptId: attempt.attemptId, code })

// Where the next state is decided, once each.

const check = (...effects: RecyclerEffect[]) =>
  to({ at: 'checking' }, ...effects, send({ type: 'read_condition' }), wait('check'))

const find = (attempt: Attempt, ...effects: RecyclerEffect[]) =>
  to({ at: 'finding', attempt }, ...effects, send({ type: 'find', attempt }), wait('find'))

const settle = (attempt: Attempt, reply?: Reply) =>
  to({ at: 'settling', attempt, reply }, send({ type: 'read_stock' }), wait('settle'))

const goOffline = (open: Attempt | undefined) =>
  to({ at: 'offline', open }, wait(undefined), { type: 'condition', condition: { is: 'offline' } })

const stop = (fault: Fault, open?: Attempt) =>
  to({ at: 'stopped', fault, open }, wait(undefined), {
    type: 'condition',
    condition: { is: 'fault', fault },
  })

const link = (open: Attempt | undefined, { capabilities }: Of<'linked'>) => {
  const known = { type: 'capabilities', capabilities } as const
  return open === undefined ? check(known) : find(open, known)
}

const idle = (stock: Stock, ...effects: RecyclerEffect[]) =>
  to({ at: 'idle', stock }, ...effects, wait(undefined), {
    type: 'condition',
    condition: { is: 'ready' },
  })

/** The one place where an attempt ends after the machine heard of it. */
function end(attempt: Attempt, reply: Reply | undefined, after: Stock | undefined): Step {
  const settled = settleAttempt(attempt, reply, after)
  const differences = after === undefined ? [] : compareStock(attempt, settled, after)
  const ended = { type: 'ended', attempt, settled, after, differences } as const
  // A machine that broke off, or whose stock could not be read, is asked how it is before more is begun.
  const sound = after !== undefined && reply?.result !== 'failed'
  return sound ? idle(after, ended) : check(ended)
}

/** The machine heard nothing of it. */
function endUntouched(attempt: Attempt, code: string, ...then: RecyclerEffect[]): Step {
  const settled = { in: [], out: [], certain: true, because: 'reply', code } as const
  return idle(
    attempt.before,
    { type: 'ended', attempt, settled: { ending: 'not_done', ...settled }, differences: [] },
    ...then,
  )
}

function work(attempt: Attempt, change: Partial<Omit<Progress, 'attempt'>>): Step {
  const none = { insertedMinor: minor(0), givingMinor: minor(0), short: false, cancelling: false }
  const progress = { attempt, ...none, ...change }
  const cancels = progress.cancelling ? 'cancel' : undefined
  return to({ at: 'working', ...progress }, { type: 'progress', ...progress }, wait(cancels))
}

const ours =
  <S extends Extract<RecyclerState, { attempt: Attempt }>, E extends { readonly seqNo: string }>(
    act: (state: S, event: E) => Step,
  ) =>
  (state: S, event: E): Step =>
    state.attempt.seqNo === event.seqNo ? act(state, event) : stay(state)

/** A reply to our work settles it; one to earlier work is evidence; others' work is not told here. */
const replied = (state: In<'starting' | 'working' | 'finding'>, event: Of<'replied'>) =>
  state.attempt.seqNo === event.seqNo ? settle(state.attempt, event.reply) : late(state, event)

function notStarted(state: In<'starting' | 'finding'>, event: Of<'not_started'>): Step {
  if (state.attempt.seqNo !== event.seqNo) return stay(state)
  // It knows the number already, so something of ours was begun: it is not "nothing".
  if (event.refusal.code === 'duplicate') return find(state.attempt)
  return endUntouched(state.attempt, event.refusal.makerCode)
}

const cancelWork = (state: In<'working'>) => {
  if (state.cancelling) return stay(state)
  const { at: _, attempt, ...rest } = state
  const next = work(attempt, { ...rest, cancelling: true })
  return to(next.state, send({ type: 'cancel', seqNo: attempt.seqNo }), ...next.effects)
}

const giveUp = ({ attempt, reply }: { attempt: Attempt; reply?: Reply | undefined }) =>
  end(attempt, reply, undefined)

const orderWorking =
  (type: 'end_short' | 'finish') =>
  (state: In<'working'>): Step =>
    to(state, send({ type, seqNo: state.attempt.seqNo }), wait('cancel'))

/** What says nothing here, whatever the state. */
const heard = {
  noted: odd,
  not_noted: odd,
  strange: (s: RecyclerState, e: Of<'strange'>) => to(s, e),
}
/** Orders that need work under way, where there is none. */
const noWork = { cancel: stay, end_short: stay, finish: stay }
/** News of work, where none of ours is under way. */
const noNews = {
  inserted: stay,
  giving: stay,
  short: stay,
  started: stay,
  not_started: stay,
  replied: late,
  finding: stay,
}
/** What only a machine at rest is told. */
const atWork = { reset: odd, verify: odd, lock: odd, recall: odd }
const atRest = {
  reset: (state: RecyclerState) => to(state, send({ type: 'reset' }), wait('check')),
  verify: (state: RecyclerState) => to(state, send({ type: 'verify' }), wait('check')),
  lock: (state: RecyclerState, event: Of<'lock'>) => to(state, send(event)),
}

// Every event in every state: a cell that is left out does not compile.
const table: Table = {
  offline: {
    ...{ ...heard, ...noWork, ...noNews, reset: odd, verify: odd, lock: odd },
    linked: ({ open }, event) => link(open, event),
    lost: stay,
    condition: stay,
    stock: stay,
    replied: (state, event) =>
      state.open?.seqNo === event.seqNo ? settle(state.open, event.reply) : late(state, event),
    no_answer: stay,
    work: refuse('offline'),
    recall: (state, { attempt }) => to({ ...state, open: attempt }),
    give_up: (state) =>
      state.open === undefined ? stay(state) : to({ at: 'offline' }, ...unresolved(state.open)),
    waited: stay,
  },
  checking: {
    ...{ ...heard, ...noWork, ...noNews, ...atRest },
    linked: (_, event) => link(undefined, event),
    lost: () => goOffline(undefined),
    condition: (state, { condition }) => {
      if (condition.is === 'fault') return stop(condition.fault)
      // At work for somebody else, or starting: it says by itself when it is ready.
      if (condition.is === 'busy') return to(state, { type: 'condition', condition }, wait('check'))
      return to(state, send({ type: 'read_stock' }), wait('check'))
    },
    // What it does not vouch for is no stock to settle by later: it is asked again.
    stock: (state, { stock, certain }) =>
      certain ? idle(stock, { type: 'seen', stock }) : to(state, wait('check')),
    no_answer: stay,
    work: refuse('busy'),
    recall: (_, { attempt }) => find(attempt),
    give_up: stay,
    waited: () => check(),
  },
  idle: {
    ...{ ...heard, ...noWork, ...noNews, ...atRest },
    linked: (_, event) => link(undefined, event),
    lost: () => goOffline(undefined),
    condition: (state, { condition }) => {
      if (condition.is === 'fault') return stop(condition.fault)
      return condition.is === 'busy'
        ? to({ at: 'checking' }, { type: 'condition', condition }, wait('check'))
        : stay(state)
    },
    stock: (state, { stock, certain }) =>
      certain ? to({ at: 'idle', stock }, { type: 'seen', stock }) : stay(state),
    no_answer: () => check(),
    work: (state, { attempt }) => {
      const noted = { ...attempt, before: state.stock }
      return to(
        { at: 'noting', attempt: noted, cancelled: false },
        { type: 'note', attempt: noted },
      )
    },
    recall: (_, { attempt }) => find(attempt),
    give_up: stay,
    waited: stay,
  },
  noting: {
    ...{ ...heard, ...noNews, ...atWork, end_short: stay, finish: stay },
    linked: stay,
    // The journal may have it or not: with the line gone nothing is sent, whatever the journal says.
    lost: (state) => to({ ...state, cancelled: true }),
    condition: stay,
    stock: stay,
    no_answer: stay,
    work: refuse('busy'),
    noted: ({ attempt, cancelled }) =>
      cancelled
        ? check(...untouched(attempt, 'cancelled'))
        : to(
            { at: 'starting', attempt, cancelled: false },
            send({ type: 'start', attempt }),
            wait('start'),
          ),
    not_noted: ({ attempt }) =>
      check({ type: 'refuse', attemptId: attempt.attemptId, code: 'stopped' }),
    cancel: (state) => to({ ...state, cancelled: true }),
    give_up: stay,
    waited: stay,
  },
  starting: {
    ...{ ...heard, ...atWork, end_short: stay, finish: stay },
    linked: (state) => find(state.attempt),
    lost: (state) => goOffline(state.attempt),
    condition: stay,
    stock: stay,
    started: ours((state) => begin(state, {})),
    inserted: ours((state, { minor: insertedMinor }: Of<'inserted'>) =>
      begin(state, { insertedMinor }),
    ),
    giving: ours((state, { minor: givingMinor }: Of<'giving'>) => begin(state, { givingMinor })),
    short: ours((state) => begin(state, { short: true })),
    not_started: notStarted,
    replied,
    finding: stay,
    no_answer: (state) => find(state.attempt),
    work: refuse('busy'),
    cancel: (state) => to({ ...state, cancelled: true }),
    give_up: (state) => giveUp(state),
    waited: (state) => find(state.attempt),
  },
  working: {
    ...{ ...heard, ...atWork },
    linked: (state) => find(state.attempt),
    lost: (state) => goOffline(state.attempt),
    // A jam in the middle: the reply still comes, or a person gives up; both know the fault.
    condition: (state, { condition }) => to(state, { type: 'condition', condition }),
    stock: stay,
    started: stay,
    inserted: ours(({ at: _, attempt, ...rest }, { minor: insertedMinor }: Of<'inserted'>) =>
      work(attempt, { ...rest, insertedMinor }),
    ),
    giving: ours(({ at: _, attempt, ...rest }, { minor: givingMinor }: Of<'giving'>) =>
      work(attempt, { ...rest, givingMinor, short: false }),
    ),
    short: ours(({ at: _, attempt, ...rest }) => work(attempt, { ...rest, short: true })),
    not_started: stay,
    replied,
    finding: stay,
    no_answer: (state) => find(state.attempt),
    work: refuse('busy'),
    cancel: cancelWork,
    end_short: orderWorking('end_short'),
    finish: orderWorking('finish'),
    give_up: (state) => giveUp(state),
    waited: (state) => find(state.attempt),
  },
  settling: {
    ...{ ...heard, ...noWork, ...atWork },
    // The reply is in hand and stays; only what the machine holds is asked for again.
    linked: ({ attempt, reply }) => settle(attempt, reply),
    lost: ({ attempt, reply }) =>
      reply === undefined ? goOffline(attempt) : to({ at: 'offline' }, ...unread(attempt, reply)),
    condition: (state, { condition }) => to(state, { type: 'condition', condition }),
    stock: ({ attempt, reply }, { stock, certain }) =>
      end(attempt, reply, certain ? stock : undefined),
    inserted: stay,
    giving: stay,
    short: stay,
    started: stay,
    not_started: stay,
    replied: (state, event) =>
      state.attempt.seqNo !== event.seqNo
        ? late(state, event)
        : to({ ...state, reply: state.reply ?? event.reply }),
    finding: stay,
    no_answer: (state, { command }) => (command === 'read_stock' ? giveUp(state) : stay(state)),
    work: refuse('busy'),
    give_up: (state) => giveUp(state),
    waited: (state) => giveUp(state),
  },
  finding: {
    ...{ ...heard, ...noWork, ...atWork },
    linked: (state) => find(state.attempt),
    lost: (state) => goOffline(state.attempt),
    condition: (state, { condition }) => to(state, { type: 'condition', condition }),
    stock: stay,
    inserted: ours(({ attempt }, { minor: insertedMinor }: Of<'inserted'>) =>
      work(attempt, { insertedMinor }),
    ),
    giving: ours(({ attempt }, { minor: givingMinor }: Of<'giving'>) =>
      work(attempt, { givingMinor }),
    ),
    short: ours(({ attempt }) => work(attempt, { short: true })),
    started: ours(({ attempt }) => work(attempt, {})),
    not_started: notStarted,
    replied,
    finding: ours(({ attempt }, { finding }: Of<'finding'>) => {
      if (finding.found === 'running')
        return work(attempt, { insertedMinor: finding.insertedMinor })
      return settle(attempt, finding.found === 'reply' ? finding.reply : undefined)
    }),
    // It is asked again; only a person ends the search.
    no_answer: (state) => to(state, wait('find')),
    work: refuse('busy'),
    give_up: (state) => giveUp(state),
    waited: (state) => find(state.attempt),
  },
  stopped: {
    ...{ ...heard, ...noWork, ...noNews, ...atRest },
    linked: ({ open }, event) => link(open, event),
    lost: ({ open }) => goOffline(open),
    condition: ({ open }, { condition }) => {
      if (condition.is === 'fault') return stop(condition.fault, open)
      return open === undefined ? check() : find(open)
    },
    stock: (state, { stock, certain }) =>
      certain ? to(state, { type: 'seen', stock }) : stay(state),
    no_answer: stay,
    work: refuse('stopped'),
    recall: (_, { attempt }) => find(attempt),
    give_up: (state) =>
      state.open === undefined
        ? stay(state)
        : to({ at: 'stopped', fault: state.fault }, ...unresolved(state.open)),
    waited: ({ open }) => (open === undefined ? check() : find(open)),
  },
}

/** The first news of work that was told: a cancel that came before it goes out now. */
function begin(
  { attempt, cancelled }: In<'starting'>,
  change: Partial<Omit<Progress, 'attempt'>>,
): Step {
  const next = work(attempt, { ...change, cancelling: cancelled })
  if (!cancelled) return next
  return to(next.state, send({ type: 'cancel', seqNo: attempt.seqNo }), ...next.effects)
}

const untouched = (attempt: Attempt, code: string) =>
  endUntouched(attempt, code).effects.filter(({ type }) => type === 'ended')
const unresolved = (attempt: Attempt) =>
  end(attempt, undefined, undefined).effects.filter(({ type }) => type === 'ended')
const unread = (attempt: Attempt, reply: Reply): RecyclerEffect[] => [
  ...end(attempt, reply, undefined).effects.filter(({ type }) => type === 'ended'),
  wait(undefined),
  { type: 'condition', condition: { is: 'offline' } },
]

/** Takes one event. Pure: the runner (run-recycler.ts) owns line, clock and journal, and carries effects out. */
export function step(state: RecyclerState, event: RecyclerEvent): Step {
  const cell = table[state.at][event.type] as (state: RecyclerState, event: RecyclerEvent) => Step
  return cell(state, event)
}
