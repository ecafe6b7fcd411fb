import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { NackCode, Poke } from '../message/messages.ts'
import { backoffMs } from './backoff.ts'
import {
  adaptBatch,
  changeFeed,
  changeLane,
  type Feed,
  isBusy,
  type Lane,
  type Session,
  type StopReason,
  takeWork,
} from './session.ts'

// The link of a child to its parent: of a till to its store server, of a store server to the cloud. The
// table below is the whole behaviour; docs/specs/replication.md explains it cell by cell. It is pure: the
// runner in run-link.ts owns wires, disks and timers, and carries out effects.

/** While idle, a hello is said this often: it finds what a lost poke or a lost ack left behind. */
export const heartbeatMs = 30_000
/** The same while the poke line is down, and waiting is polling. */
export const pollMs = 5_000

/** Every state carries how often in a row it failed, and the number of its run (see `run`). */
type Base = {
  /** Raised whenever what is on its way stops to matter: an answer of an older run is dropped. */
  readonly run: number
  /** Failures in a row; a hello that leads to `idle`, or any batch that is taken, ends the row. */
  readonly tries: number
  /** Whether the poke line is up. */
  readonly listening: boolean
}

export type LinkState = Base &
  (
    | { readonly at: 'offline' }
    /** A hello is on its way. What is learned meanwhile is kept for its answer. */
    | {
        readonly at: 'greeting'
        readonly grown: ReadonlyMap<StreamId, number>
        readonly poked: ReadonlyMap<StreamId, number>
      }
    /** Batches are on their way. `due`: the heartbeat came meanwhile, and no new one leaves before it. */
    | { readonly at: 'streaming'; readonly session: Session; readonly due: boolean }
    /** Both sides hold the same. Waits for new facts, a poke or the heartbeat. */
    | { readonly at: 'idle'; readonly session: Session }
    | { readonly at: 'backoff'; readonly reason: string }
  )

export type LinkEvent =
  /** The program wants the link, or hears that the line may be back: a wait is cut short. */
  | { readonly type: 'started' }
  | { readonly type: 'stopped' }
  /** A stream that we send grew. */
  | { readonly type: 'grew'; readonly stream: StreamId; readonly head: number }
  | { readonly type: 'greeted'; readonly run: number; readonly session: Session }
  | {
      readonly type: 'acked'
      readonly run: number
      readonly stream: StreamId
      readonly seq: number
      readonly cloud: number
      readonly elapsedMs: number
    }
  | {
      readonly type: 'nacked'
      readonly run: number
      readonly stream: StreamId
      readonly code: NackCode
    }
  | {
      readonly type: 'pulled'
      readonly run: number
      readonly stream: StreamId
      readonly seq: number
      readonly head: number
    }
  /** What a pull gave was refused here: another history, or no facts at all. */
  | {
      readonly type: 'pull_refused'
      readonly run: number
      readonly stream: StreamId
      readonly why: StopReason
    }
  | { readonly type: 'poked'; readonly poke: Poke }
  | { readonly type: 'listening'; readonly up: boolean }
  | {
      readonly type: 'failed'
      readonly run: number
      readonly reason: string
      readonly retryAfterMs?: number | undefined
    }
  | { readonly type: 'timer'; readonly run: number }

export type LinkEffect =
  | { readonly type: 'hello'; readonly run: number }
  | {
      readonly type: 'push' | 'pull'
      readonly run: number
      readonly stream: StreamId
      readonly after: number
      readonly factsMax: number
      readonly bytesMax: number
      readonly delayMs: number
    }
  /** Replaces the timer that runs, if one does. */
  | { readonly type: 'wait'; readonly run: number; readonly ms: number }
  /** Opens the poke line, unless it is open. It closes by itself when the line fails. */
  | { readonly type: 'listen' }
  /** Closes the poke line, and drops the timer. */
  | { readonly type: 'hush' }
  /** The cloud holds more of our streams than we knew. */
  | { readonly type: 'note_cloud'; readonly positions: Poke['cloud'] }
  /** A stream stopped: somebody should know. */
  | { readonly type: 'alarm'; readonly stream: StreamId; readonly why: StopReason }

export type Step = { readonly state: LinkState; readonly effects: readonly LinkEffect[] }

type In<At extends LinkState['at']> = Extract<LinkState, { at: At }>
type Of<Type extends LinkEvent['type']> = Extract<LinkEvent, { type: Type }>
type Cell<At extends LinkState['at'], Type extends LinkEvent['type']> = (
  state: In<At>,
  event: Of<Type>,
  random: number,
) => Step
type Table = {
  readonly [At in LinkState['at']]: { readonly [Type in LinkEvent['type']]: Cell<At, Type> }
}

export const linkOffline: LinkState = { at: 'offline', run: 0, tries: 0, listening: false }

const to = (state: LinkState, ...effects: LinkEffect[]): Step => ({ state, effects })
const stay = (state: LinkState): Step => to(state)
const base = ({ run, tries, listening }: LinkState): Base => ({ run, tries, listening })

function greet(state: LinkState): Step {
  const run = state.run + 1
  return to(
    { ...base(state), at: 'greeting', run, grown: new Map(), poked: new Map() },
    // The heads are read when the hello is made, so what grew before needs no note.
    { type: 'hello', run },
  )
}

function goOffline(state: LinkState): Step {
  return to({ at: 'offline', run: state.run + 1, tries: 0, listening: false }, { type: 'hush' })
}

function fail(state: LinkState, event: Of<'failed'>, random: number): Step {
  const run = state.run + 1
  const tries = state.tries + 1
  return to(
    { ...base(state), at: 'backoff', run, tries, reason: event.reason },
    { type: 'wait', run, ms: backoffMs(tries, random, event.retryAfterMs) },
  )
}

const hear = (state: LinkState, { up }: Of<'listening'>): Step => to({ ...state, listening: up })

/**
 * Sends what may leave; where nothing is left to wait for, rests. A heartbeat that came meanwhile goes
 * first: a shop that never stops selling must say hello too.
 */
function proceed(state: LinkState, held: Session): Step {
  const due = state.at === 'streaming' && state.due
  if (due) {
    return isBusy(held) ? to({ ...base(state), at: 'streaming', session: held, due }) : greet(state)
  }
  const { session, work } = takeWork(held)
  if (!isBusy(session)) return to({ ...base(state), at: 'idle', session })
  const { facts: factsMax, bytesMax, delayMs } = session
  const { run } = state
  return to(
    { ...base(state), at: 'streaming', session, due },
    ...work.map((batch) => ({ ...batch, run, factsMax, bytesMax, delayMs })),
  )
}

/** A stream of ours grew. One that the parent was not told of needs a hello. */
function grow(state: In<'streaming'> | In<'idle'>, { stream, head }: Of<'grew'>): Step {
  const lane = state.session.lanes.find((known) => known.stream === stream)
  if (lane === undefined) return greet(state)
  if (head <= lane.head) return stay(state)
  return proceed(
    state,
    changeLane(state.session, stream, (known) => ({ ...known, head })),
  )
}

/** A poke raises what we know of the parent. A feed that is new to us needs a hello. */
function onPoke(state: In<'streaming'> | In<'idle'>, { poke }: Of<'poked'>): Step {
  const session = hearPoke(state.session, pokedPositions(poke))
  if (session === undefined) return greet(state)
  const { state: next, effects } = proceed(state, session)
  const positions = poke.cloud.filter(({ stream, seq }) =>
    state.session.lanes.some((lane) => lane.stream === stream && lane.cloud < seq),
  )
  return positions.length === 0
    ? to(next, ...effects)
    : to(next, { type: 'note_cloud', positions }, ...effects)
}

const pokedPositions = ({ feeds, cloud }: Poke): readonly (readonly [StreamId, number])[] =>
  [...feeds, ...cloud].map(({ stream, seq }) => [stream, seq] as const)

// A name tells which it is: a feed's position is the parent's, an author stream's is the cloud's. Word
// of an author stream that we do not hold is of no use here, one of a feed is news.
function hearPoke(
  held: Session,
  poked: Iterable<readonly [StreamId, number]>,
): Session | undefined {
  let session = held
  for (const [stream, seq] of poked) {
    const known = session.feeds.some((feed) => feed.stream === stream)
    if (!known && parseStreamId(stream)?.kind === 'feed') return undefined
    session = changeFeed(session, stream, (feed) => ({ ...feed, head: Math.max(feed.head, seq) }))
    session = changeLane(session, stream, (lane) => ({ ...lane, cloud: Math.max(lane.cloud, seq) }))
  }
  return session
}

const raise = (known: ReadonlyMap<StreamId, number>, stream: StreamId, seq: number) =>
  new Map(known).set(stream, Math.max(known.get(stream) ?? 0, seq))

function onAck(state: In<'streaming'>, event: Of<'acked'>, random: number): Step {
  const lane = state.session.lanes.find(({ stream }) => stream === event.stream)
  // An ack that acknowledges nothing new would make us send the same batch for ever.
  if (lane === undefined || event.seq <= lane.acked) {
    return fail(state, { type: 'failed', run: event.run, reason: 'no_progress' }, random)
  }
  const session = changeLane(state.session, event.stream, (known) => ({
    ...known,
    state: 'ready',
    acked: event.seq,
    cloud: Math.max(known.cloud, event.cloud),
  }))
  return proceed({ ...state, tries: 0 }, adaptBatch(session, event.elapsedMs))
}

function onNack(state: In<'streaming'>, { stream, code, run }: Of<'nacked'>, random: number): Step {
  // The parent stands elsewhere than it said, or the line bent the bytes. A hello tells where to go on.
  if (code === 'gap' || code === 'damaged') {
    return fail(state, { type: 'failed', run, reason: code }, random)
  }
  if (code === 'batch_too_large' && state.session.facts > 1) {
    const facts = Math.max(1, Math.floor(state.session.facts / 4))
    const smaller = changeLane({ ...state.session, facts, factsMax: facts }, stream, (lane) => ({
      ...lane,
      state: 'ready',
    }))
    return proceed(state, smaller)
  }
  const stopped = changeLane(
    state.session,
    stream,
    (lane): Lane => ({
      ...lane,
      state: 'stopped',
      why: code,
    }),
  )
  const { state: next, effects } = proceed(state, stopped)
  return to(next, { type: 'alarm', stream, why: code }, ...effects)
}

function onPulled(state: In<'streaming'>, event: Of<'pulled'>, random: number): Step {
  const feed = state.session.feeds.find(({ stream }) => stream === event.stream)
  if (feed === undefined || (event.seq <= feed.have && event.seq < event.head)) {
    return fail(state, { type: 'failed', run: event.run, reason: 'no_progress' }, random)
  }
  const session = changeFeed(state.session, event.stream, (known) => ({
    ...known,
    state: 'ready',
    have: event.seq,
    // A poke may have overtaken this answer. Where nothing more came, the parent has lost its tail, and
    // its head is what it says now.
    head: event.seq > known.have ? Math.max(known.head, event.head) : event.head,
  }))
  return proceed({ ...state, tries: 0 }, session)
}

function onPullRefused(state: In<'streaming'>, { stream, why }: Of<'pull_refused'>): Step {
  const stopped = changeFeed(
    state.session,
    stream,
    (feed): Feed => ({
      ...feed,
      state: 'stopped',
      why,
    }),
  )
  const { state: next, effects } = proceed(state, stopped)
  return to(next, { type: 'alarm', stream, why }, ...effects)
}

function onGreeted(state: In<'greeting'>, { session: heard }: Of<'greeted'>, random: number): Step {
  let session = hearPoke(heard, state.poked) ?? heard
  for (const [stream, head] of state.grown) {
    // A stream that began after the hello was made.
    if (!session.lanes.some((lane) => lane.stream === stream)) return greet(state)
    session = changeLane(session, stream, (lane) => ({ ...lane, head: Math.max(lane.head, head) }))
  }
  const alarms = [...session.lanes, ...session.feeds].flatMap(({ stream, why }) =>
    why === undefined ? [] : [{ type: 'alarm', stream, why } as const],
  )
  const { state: next, effects } = proceed(state, session)
  // With nothing to send, the hello itself is the success; with work, the first batch that is taken.
  const tries = next.at === 'idle' ? 0 : next.tries
  const ms = state.listening ? heartbeatMs : pollMs
  return to(
    { ...next, tries },
    { type: 'listen' },
    // Spread by a quarter, so that shops which started together do not stay together.
    { type: 'wait', run: state.run, ms: Math.floor(ms * (0.875 + random / 4)) },
    ...alarms,
    ...effects,
  )
}

// Every event in every state: a cell that is left out does not compile.
const table: Table = {
  offline: {
    started: greet,
    stopped: stay,
    grew: stay,
    greeted: stay,
    acked: stay,
    nacked: stay,
    pulled: stay,
    pull_refused: stay,
    poked: stay,
    listening: hear,
    failed: stay,
    timer: stay,
  },
  greeting: {
    started: stay,
    stopped: goOffline,
    grew: (state, { stream, head }) => to({ ...state, grown: raise(state.grown, stream, head) }),
    greeted: onGreeted,
    acked: stay,
    nacked: stay,
    pulled: stay,
    pull_refused: stay,
    // It may overtake the hello's answer, which was made before it.
    poked: (state, { poke }) => {
      let { poked } = state
      for (const [stream, seq] of pokedPositions(poke)) poked = raise(poked, stream, seq)
      return to({ ...state, poked })
    },
    listening: hear,
    failed: fail,
    timer: stay,
  },
  streaming: {
    started: stay,
    stopped: goOffline,
    grew: grow,
    greeted: stay,
    acked: onAck,
    nacked: onNack,
    pulled: onPulled,
    pull_refused: onPullRefused,
    poked: onPoke,
    listening: hear,
    failed: fail,
    timer: (state) => to({ ...state, due: true }),
  },
  idle: {
    started: greet,
    stopped: goOffline,
    grew: grow,
    greeted: stay,
    acked: stay,
    nacked: stay,
    pulled: stay,
    pull_refused: stay,
    poked: onPoke,
    listening: hear,
    failed: fail,
    timer: greet,
  },
  backoff: {
    started: greet,
    stopped: goOffline,
    grew: stay,
    greeted: stay,
    acked: stay,
    nacked: stay,
    pulled: stay,
    pull_refused: stay,
    poked: stay,
    listening: hear,
    failed: stay,
    timer: greet,
  },
}

/**
 * Takes one event. An answer of an older run changes nothing: what it says was asked before a failure,
 * and the hello after it tells the same. `random` is in [0, 1).
 */
export function step(state: LinkState, event: LinkEvent, random: number): Step {
  if ('run' in event && event.run !== state.run) return stay(state)
  const cell = table[state.at][event.type] as Cell<LinkState['at'], LinkEvent['type']>
  return cell(state as never, event as never, random)
}
