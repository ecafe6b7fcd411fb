import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'

/** `off`: this person may not have it. `down`: it is being tried again. */
export type LiveLink = 'connecting' | 'up' | 'down' | 'off'

/** What just happened, newest first, and how far we heard. */
export type LiveState = {
  readonly link: LiveLink
  readonly events: readonly LiveEvent[]
  /** The last event's place in the feed; the next connection asks for what comes after it. */
  readonly heardSeq: number
}

/** Rows of the feed that are kept to show. */
export const feedMax = 60
/** Events of before the page was opened, so that the feed is never blank in a shop that trades. */
export const backlog = 40

export const quiet: LiveState = { link: 'connecting', events: [], heardSeq: 0 }

/** Where to begin when the server's feed stands at `liveSeq`. */
export function startAfter(liveSeq: number): LiveState {
  return { ...quiet, heardSeq: Math.max(0, liveSeq - backlog) }
}

/** Takes one event. What was heard before, as after a reconnect, changes nothing. */
export function hear(state: LiveState, event: LiveEvent): LiveState {
  if (event.liveSeq <= state.heardSeq) return state
  return {
    ...state,
    events: [event, ...state.events].slice(0, feedMax),
    heardSeq: event.liveSeq,
  }
}

export function changeLink(state: LiveState, link: LiveLink): LiveState {
  return state.link === link ? state : { ...state, link }
}

/** Waits between tries: longer each time, never above half a minute. */
const retryMsMin = 500
const retryMsMax = 30_000

/**
 * How long to wait before the next try. `attempt` counts from 0, `chance` is from 0 to below 1: it
 * keeps a hundred offices from knocking at once when a server comes back.
 */
export function retryMs(attempt: number, chance: number): number {
  const full = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(attempt, 10))
  return Math.round(full / 2 + (full / 2) * chance)
}

/** The lists that an event changes, by the first part of their query keys. */
export function listsChangedBy(type: string): readonly string[] {
  // A machine tells of itself all the time: only what it told is read again.
  if (type === 'recycler.told') return ['recyclers']
  if (type.startsWith('recycler.')) return ['recyclers', 'exceptions', 'today', 'cash', 'safe']
  if (type.startsWith('sale.')) return ['today', 'sales', 'sale', 'sessions', 'session', 'cash']
  if (type.startsWith('cash.') || type.startsWith('till.')) {
    return ['today', 'sessions', 'session', 'cash', 'evening', 'safe']
  }
  if (/^(bag|safe|change|fund|statement)\./.test(type)) return ['safe', 'cash', 'evening']
  if (type === 'fact.resolved') return ['parked', 'health', 'today']
  if (type.startsWith('product.')) return ['products']
  if (type.startsWith('employee.') || type.startsWith('role.')) return ['employees']
  if (type.startsWith('shop.')) return ['shops', 'today']
  return []
}
