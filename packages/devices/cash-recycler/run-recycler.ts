import type { Attempt, Driver, DriverPorts } from './contract.ts'
import {
  type RecyclerEffect,
  type RecyclerEvent,
  type RecyclerState,
  step,
  type Wait,
} from './recycler-state.ts'

/** How long each wait is. A wait that ends means *unknown*: the machine is asked, nothing is assumed. */
export const waitMs: Readonly<Record<Wait, number>> = {
  /** A machine answers the start of its work within a second or two; its doors and reels take some more. */
  start: 30_000,
  /** To give back what was put in: 55 s were seen for a whole sale. */
  cancel: 120_000,
  settle: 20_000,
  find: 30_000,
  /** A reset of 24 s was seen, and one that hung. */
  check: 60_000,
}

/** Between tries to write down how work ended; nothing else is begun before that is done. */
const journalRetryMs = 1_000
/** News that may wait while the journal is slow; further progress of one kind replaces the last. */
const queueMax = 1_000
const awaitedTypes: ReadonlySet<RecyclerEvent['type']> = new Set([
  ...(['work', 'noted', 'not_noted', 'recall'] as const),
])

type Ended = Extract<RecyclerEffect, { type: 'ended' }>
/** What the caller hears, besides the ends of attempts. */
export type RecyclerNews = Exclude<RecyclerEffect, { type: 'note' | 'send' | 'wait' | 'ended' }>

export type RecyclerPorts = {
  readonly openDriver: (ports: DriverPorts) => Driver
  /** Writes the intent down durably; a rejection means that the machine is told nothing. */
  readonly note: (attempt: Attempt) => Promise<void>
  /** Writes the end down durably. It is called again until it succeeds: twice must be once. */
  readonly conclude: (ended: Ended) => Promise<void>
  readonly tell: (news: RecyclerNews) => void
  /** The state is another one, and all that came of it is done: ends are in the journal. */
  readonly moved?: () => void
  readonly trace: DriverPorts['trace']
  /** Runs `then` after `ms`; the answer takes it back. Passed in, so that a simulator owns time. */
  readonly after: (ms: number, then: () => void) => () => void
  /** What the journal holds of this machine without an end. */
  readonly open?: Attempt | undefined
}

/** A machine that runs: orders go in, and what becomes of them comes by `conclude` and `tell`. */
export type Recycler = {
  /** With `of`, only where that attempt is the open one when the order's turn comes: it is never another's. */
  readonly order: (order: Order, of?: string) => void
  readonly state: () => RecyclerState
  /** Ends the line. Work under way stays open in the journal, and is recalled by the next start. */
  readonly close: () => Promise<void>
}

export type Order = Extract<
  RecyclerEvent,
  { type: 'work' | 'cancel' | 'end_short' | 'finish' | 'reset' | 'verify' | 'lock' | 'give_up' }
>

/** The attempt that a machine is at, or was at when its line broke. */
export function attemptOf(state: RecyclerState): Attempt | undefined {
  return 'attempt' in state ? state.attempt : 'open' in state ? state.open : undefined
}

/** Runs a machine: one event at a time, each end in the journal before the next event is looked at. */
export function runRecycler(ports: RecyclerPorts): Recycler {
  let state: RecyclerState = { at: 'offline' }
  let stopWaiting = () => {}
  let draining = false
  let closed = false
  const queue: { readonly event: RecyclerEvent; readonly of?: string | undefined }[] = []
  const push = (event: RecyclerEvent, of?: string) => {
    if (closed) return
    const last = queue.at(-1)?.event
    const replaces =
      last?.type === event.type && (event.type === 'inserted' || event.type === 'giving')
    if (replaces) queue.pop()
    queue.push({ event, of })
    // A machine that floods us is taken for a line that is gone: what it did is asked when it is calm. Who asked for
    // work, and the journal, still wait for their answer.
    if (queue.length > queueMax) {
      const awaited = queue.splice(0).filter((each) => awaitedTypes.has(each.event.type))
      queue.push({ event: { type: 'lost', why: 'too much news' } }, ...awaited)
      driver.send({ type: 'relink' })
    }
    if (!draining) void drain()
  }

  async function drain(): Promise<void> {
    draining = true
    for (let next = queue.shift(); next !== undefined && !closed; next = queue.shift()) {
      if (next.of !== undefined && attemptOf(state)?.attemptId !== next.of) continue
      const before = state
      const stepped = step(state, next.event)
      state = stepped.state
      for (const effect of stepped.effects) await carryOut(effect)
      if (state !== before) ports.moved?.()
    }
    draining = false
  }

  async function carryOut(effect: RecyclerEffect): Promise<void> {
    switch (effect.type) {
      case 'note':
        ports.note(effect.attempt).then(
          () => push({ type: 'noted' }),
          () => push({ type: 'not_noted' }),
        )
        return
      case 'send':
        return driver.send(effect.command)
      case 'wait':
        stopWaiting()
        stopWaiting = startWaiting(effect.wait)
        return
      case 'ended':
        return conclude(effect)
      default:
        return ports.tell(effect)
    }
  }

  function startWaiting(wait: Wait | undefined): () => void {
    if (wait === undefined) return () => {}
    return ports.after(waitMs[wait], () => push({ type: 'waited', wait }))
  }

  async function conclude(ended: Ended): Promise<void> {
    while (!closed) {
      try {
        return await ports.conclude(ended)
      } catch {
        await new Promise<void>((resolve) => ports.after(journalRetryMs, resolve))
      }
    }
  }

  const driver = ports.openDriver({ tell: (event) => push(event), trace: ports.trace })
  if (ports.open !== undefined) push({ type: 'recall', attempt: ports.open })

  return {
    order: (order, of) => push(order, of),
    state: () => state,
    close: async () => {
      closed = true
      stopWaiting()
      await driver.close()
    },
  }
}
