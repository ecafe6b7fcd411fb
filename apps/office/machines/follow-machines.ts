import type { LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'
import { faultOf } from '../api/problem.ts'
import { type LiveLink, retryMs } from '../live/live-state.ts'
import { createEventReader } from './read-event-stream.ts'

/** The server says something every 15 s; after three silences the line is taken for dead. */
const silenceMsMax = 45_000
/** Connected for less than this, the next try waits as long as if it had failed. */
const steadyMs = 5_000

type Parts = {
  readonly open: (signal: AbortSignal) => Promise<Response>
  readonly hear: (machine: LiveRecycler) => void
  readonly become: (link: LiveLink) => void
}

/** Hears what the machines of a shop do, and connects again until the returned function is called. */
export function followMachines(parts: Parts): () => void {
  const stop = new AbortController()
  void keep(parts, stop.signal)
  return () => stop.abort()
}

async function keep({ open, hear, become }: Parts, stopped: AbortSignal): Promise<void> {
  for (let attempt = 0; !stopped.aborted; attempt += 1) {
    const began = performance.now()
    try {
      await listen(open, { hear, become, stopped })
    } catch (error) {
      // Who may not have it is not asked again, nor a server that has none; any other fault is tried again.
      const fault = faultOf(error)
      if (!stopped.aborted && (fault === 'forbidden' || fault === 'not_found')) return become('off')
    }
    if (stopped.aborted) return
    become('down')
    if (performance.now() - began > steadyMs) attempt = 0
    await pause(retryMs(attempt, Math.random()), stopped)
  }
}

async function listen(
  open: Parts['open'],
  { hear, become, stopped }: Omit<Parts, 'open'> & { readonly stopped: AbortSignal },
): Promise<void> {
  const silent = new AbortController()
  let timer = setTimeout(() => silent.abort(), silenceMsMax)
  try {
    const answer = await open(AbortSignal.any([stopped, silent.signal]))
    const stream = answer.body?.getReader()
    if (stream === undefined) return
    become('up')
    const events = createEventReader()
    const text = new TextDecoder()
    for (;;) {
      const { done, value } = await stream.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), silenceMsMax)
      for (const data of events.take(text.decode(value, { stream: true }))) {
        const machine = JSON.parse(data) as LiveRecycler
        // A newer server may send what we do not know yet.
        if (typeof machine.recyclerId === 'string') hear(machine)
      }
    }
  } finally {
    clearTimeout(timer)
    // What was not read to its end would be held open.
    silent.abort()
  }
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      stopped.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    stopped.addEventListener('abort', wake)
  })
}
