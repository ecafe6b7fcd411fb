import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'
import type { Api } from '../api/api.ts'
import { faultOf } from '../api/problem.ts'
import { addressOf } from '../api/send.ts'
import { changeLink, hear, type LiveState, quiet, retryMs, startAfter } from './live-state.ts'

/** Hears what happens in the shops, as it happens. */
export type Live = {
  readonly read: () => LiveState
  readonly subscribe: (onChange: () => void) => () => void
  /** Connects, and keeps connected until the returned function is called. */
  readonly start: () => () => void
}

type Parts = {
  readonly api: Pick<Api, 'takeLiveTicket' | 'readToday'>
  /** Called for every event since the start, once. */
  readonly onEvent: (event: LiveEvent) => void
  /** The server no longer has what we missed: all that is shown must be read anew. */
  readonly onReset: () => void
}

/** Connected for less than this, the next try waits as long as if it had failed. */
const steadyMs = 5_000

export function createLive({ api, onEvent, onReset }: Parts): Live {
  const listeners = new Set<() => void>()
  let state = quiet
  /** What happened up to here was read with the rest of the screen; it is only shown. */
  let knownSeq = 0
  const become = (next: LiveState) => {
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }

  const connect = async (stopped: AbortSignal): Promise<'again' | 'off'> => {
    if (state.heardSeq === 0) {
      const { liveSeq } = await api.readToday(undefined, { signal: stopped })
      become({ ...startAfter(liveSeq), link: state.link })
      knownSeq = liveSeq
    }
    const ticket = await api.takeLiveTicket()
    await listen(ticket, stopped)
    return 'again'
  }
  const listen = (ticket: string, stopped: AbortSignal) =>
    new Promise<void>((resolve) => {
      const address = addressOf('/v1/live', { ticket, after: state.heardSeq })
      const url = new URL(address, window.location.href)
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      const socket = new WebSocket(url)
      const close = () => socket.close()
      stopped.addEventListener('abort', close)
      socket.onopen = () => become(changeLink(state, 'up'))
      socket.onmessage = ({ data }) => {
        const event = readMessage(data)
        if (event === undefined) return
        if (event.type === 'reset') {
          become({ ...quiet, heardSeq: event.liveSeq, link: 'up' })
          onReset()
        } else if ('factId' in event && event.liveSeq > state.heardSeq) {
          become(hear(state, event))
          if (event.liveSeq > knownSeq) onEvent(event)
        }
      }
      socket.onclose = () => {
        stopped.removeEventListener('abort', close)
        resolve()
      }
    })

  const keep = async (stopped: AbortSignal) => {
    for (let attempt = 0; !stopped.aborted; attempt += 1) {
      const began = performance.now()
      try {
        await connect(stopped)
      } catch (error) {
        // Who may not have it is not asked again; any other fault is tried again below.
        if (faultOf(error) === 'forbidden') return become(changeLink(state, 'off'))
        if (faultOf(error) === 'login') return become(changeLink(state, 'down'))
      }
      if (stopped.aborted) return
      become(changeLink(state, 'down'))
      if (performance.now() - began > steadyMs) attempt = 0
      await pause(retryMs(attempt, Math.random()), stopped)
    }
  }
  return {
    read: () => state,
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    start: () => {
      const stop = new AbortController()
      become(quiet)
      void keep(stop.signal)
      return () => stop.abort()
    },
  }
}

type Message = LiveEvent | { readonly type: 'reset'; readonly liveSeq: number }

function readMessage(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined
  const message = JSON.parse(data) as Message
  // A newer server may send what we do not know yet.
  return typeof message.liveSeq === 'number' ? message : undefined
}

/** Waits, but wakes at once when stopped or when the machine says that it is back online. */
function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      window.removeEventListener('online', wake)
      stopped.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    window.addEventListener('online', wake)
    stopped.addEventListener('abort', wake)
  })
}
