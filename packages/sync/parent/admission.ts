import { assert } from '@tillkeeper/core/base/assert.ts'

// Who may be served next when more children bring facts than a parent can take at once: shops that all
// come back in one moment. What just happened goes before what waited for days, and of those who catch up
// it is the turn of whoever was served longest ago. Pure: the caller holds the requests, tells when one
// is done, and says how long one took.

/** Small batches that are journalled at once: they share a flush. */
export const liveServedMax = 128
/** Small batches that wait behind those. */
export const liveWaitingMax = 1_000
/** Large batches that are worked on at once: while one is flushed another is read. */
export const bulkServedMax = 4
/** Large batches that wait: each is held in memory, packed. */
export const bulkWaitingMax = 400
/** Of one child; its streams share its turns. */
export const bulkWaitingOfOneMax = 4
/** Nobody waits for longer than this: a child gives an exchange up after 30 s. */
export const waitMsMax = 10_000
/** Children whose turns are remembered. */
const turnsKept = 4_000
/** A packed batch up to this size is what a shop that is online sends. */
export const liveBytesMax = 16_384
const retryMsMin = 1_000
const retryMsMax = 60_000

type Kind = 'live' | 'bulk'
export type Ticket = { readonly id: number; readonly child: string; readonly kind: Kind }

export type Admission = {
  readonly served: { readonly live: number; readonly bulk: number }
  readonly live: readonly Ticket[]
  readonly bulk: readonly Ticket[]
  /** By child, its last turn; who has none was never served. */
  readonly turns: ReadonlyMap<string, number>
  readonly turn: number
  /** What a large batch takes, as the last ones did. */
  readonly bulkMs: number
}

export const noAdmission: Admission = {
  served: { live: 0, bulk: 0 },
  live: [],
  bulk: [],
  turns: new Map(),
  turn: 0,
  bulkMs: 100,
}

export type Admitted = {
  readonly state: Admission
  /** Those who may go on now. */
  readonly go: readonly Ticket[]
  /** Those who are sent away, and are asked to come again (`retryMs`). */
  readonly away: readonly Ticket[]
}

/** Someone comes with a batch: it is served, waits, or is sent away, or sends away who had more turns. */
export function enter(state: Admission, ticket: Ticket): Admitted {
  if (ticket.kind === 'live') {
    if (state.live.length >= liveWaitingMax) return { state, go: [], away: [ticket] }
    return serve({ ...state, live: [...state.live, ticket] })
  }
  const own = state.bulk.filter(({ child }) => child === ticket.child).length
  if (own >= bulkWaitingOfOneMax) return { state, go: [], away: [ticket] }
  if (!isFull(state)) return serve({ ...state, bulk: [...state.bulk, ticket] })
  const last = findLast(state)
  if (last === undefined || turnOf(state, last) <= turnOf(state, ticket)) {
    return { state, go: [], away: [ticket] }
  }
  const bulk = [...state.bulk.filter(({ id }) => id !== last.id), ticket]
  const { state: next, go, away } = serve({ ...state, bulk })
  return { state: next, go, away: [last, ...away] }
}

/** One that was served is done, or gave up while it waited; `tookMs` if it was served. */
export function leave(state: Admission, ticket: Ticket, tookMs?: number): Admitted {
  if (tookMs === undefined) {
    const stays = ({ id }: Ticket) => id !== ticket.id
    return serve({ ...state, live: state.live.filter(stays), bulk: state.bulk.filter(stays) })
  }
  const { served } = state
  assert(served[ticket.kind] > 0, 'who leaves was served')
  const bulkMs = ticket.kind === 'bulk' ? (state.bulkMs * 7 + tookMs) / 8 : state.bulkMs
  return serve({
    ...state,
    bulkMs,
    served: { ...served, [ticket.kind]: served[ticket.kind] - 1 },
  })
}

/** How long those who wait with large batches will take in all. */
export function queueMs({ bulk, bulkMs }: Admission): number {
  return (bulk.length * bulkMs) / bulkServedMax
}

/**
 * When one who is sent away may come again: when those who wait now are through, spread over as long
 * again, so that they do not come together. `random` is in [0, 1).
 */
export function retryMs(state: Admission, random: number): number {
  const ms = queueMs(state) * (1 + random) + retryMsMin * random
  return Math.min(retryMsMax, Math.max(retryMsMin, Math.ceil(ms)))
}

/** What is asked of a child's batches now: the longer the queue, the smaller, and the rarer. */
export function limitBatches(
  state: Admission,
  most: { readonly factsMax: number; readonly bytesMax: number },
): { readonly factsMax: number; readonly bytesMax: number; readonly delayMs: number } {
  const waitMs = queueMs(state)
  const share = Math.max(1, waitMs / (waitMsMax / 4))
  const factsMax = Math.max(Math.min(most.factsMax, 100), Math.floor(most.factsMax / share))
  return { factsMax, bytesMax: most.bytesMax, delayMs: Math.min(waitMsMax, Math.floor(waitMs / 4)) }
}

function isFull(state: Admission): boolean {
  return state.bulk.length >= bulkWaitingMax || queueMs(state) >= waitMsMax
}

const turnOf = ({ turns }: Admission, { child }: Ticket): number => turns.get(child) ?? 0

/** Whose turn comes last; of those the one who came last. */
function findLast(state: Admission): Ticket | undefined {
  return state.bulk.reduce<Ticket | undefined>(
    (last, ticket) =>
      last === undefined || turnOf(state, ticket) >= turnOf(state, last) ? ticket : last,
    undefined,
  )
}

/** Whose turn comes first; of those the one who came first. */
function findNext(state: Admission): Ticket | undefined {
  return state.bulk.reduce<Ticket | undefined>(
    (next, ticket) =>
      next === undefined || turnOf(state, ticket) < turnOf(state, next) ? ticket : next,
    undefined,
  )
}

/** Lets go whoever may, the small before the large. */
function serve(before: Admission): Admitted {
  let state = before
  const go: Ticket[] = []
  const free = Math.max(0, liveServedMax - state.served.live)
  const live = state.live.slice(0, free)
  go.push(...live)
  state = {
    ...state,
    live: state.live.slice(live.length),
    served: { ...state.served, live: state.served.live + live.length },
  }
  while (state.served.bulk < bulkServedMax) {
    const next = findNext(state)
    if (next === undefined) break
    go.push(next)
    state = {
      ...state,
      bulk: state.bulk.filter(({ id }) => id !== next.id),
      served: { ...state.served, bulk: state.served.bulk + 1 },
      turn: state.turn + 1,
      turns: rememberTurn(state.turns, next.child, state.turn + 1),
    }
  }
  return { state, go, away: [] }
}

function rememberTurn(turns: ReadonlyMap<string, number>, child: string, turn: number) {
  const next = new Map(turns)
  next.delete(child)
  // In the order of turns: the first is who was served longest ago, and is forgotten as if never served.
  if (next.size >= turnsKept) for (const oldest of [...next.keys()].slice(0, 1)) next.delete(oldest)
  return next.set(child, turn)
}
