import type { Timer } from '@tillkeeper/sync/link/ports.ts'

/** A world that has not come to rest after so many events never will. */
export const eventsMax = 5_000_000

type Due = { atMs: number; order: number; call: (() => void) | undefined }

/** Virtual time: events in the order of their time, and at one time in the order of their asking. */
export type Scheduler = {
  /** Milliseconds since the world began. */
  readonly nowMs: () => number
  readonly after: Timer['after']
  /** Lives until `untilMs`, or until `over` says so. Work between two events is done before time goes on. */
  readonly run: (untilMs: number, over?: () => boolean) => Promise<void>
  /** Events that were carried out. */
  readonly events: () => number
  /** Events that wait. */
  readonly waiting: () => number
}

/** Resolves when all that waits for no event of the world has been done. */
const rested = () => new Promise((resolve) => setImmediate(resolve))

/** A world's time, in which nothing happens by itself. */
export function makeScheduler(): Scheduler {
  const heap: Due[] = []
  let nowMs = 0
  let order = 0
  let events = 0
  let cancelled = 0
  const before = (a: Due, b: Due) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  const push = (due: Due) => {
    let at = heap.push(due) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up] as Due
      if (!before(due, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = due
  }
  const pop = (): Due | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      const left = heap[down]
      if (left === undefined) break
      const right = heap[down + 1]
      if (right !== undefined && before(right, left)) down += 1
      const child = heap[down] as Due
      if (!before(child, last)) break
      heap[at] = child
      at = down
    }
    heap[at] = last
    return first
  }

  const after = (ms: number, call: () => void): (() => void) => {
    order += 1
    const due: Due = { atMs: nowMs + Math.max(0, Math.ceil(ms)), order, call }
    push(due)
    return () => {
      if (due.call !== undefined) cancelled += 1
      due.call = undefined
    }
  }
  const run = async (untilMs: number, over = () => false): Promise<void> => {
    // What was asked for just before has its turn in this moment, not in the next event's.
    await rested()
    while (!over()) {
      const first = heap[0]
      if (first === undefined || first.atMs > untilMs) break
      pop()
      const { call } = first
      if (call === undefined) {
        cancelled -= 1
        continue
      }
      first.call = undefined
      nowMs = first.atMs
      events += 1
      if (events > eventsMax) throw new Error('the world does not come to rest')
      call()
      // Everything in a node that waits for no event of the world goes on before time does.
      await rested()
    }
    if (!over()) nowMs = Math.max(nowMs, untilMs)
  }
  return {
    nowMs: () => nowMs,
    after,
    run,
    events: () => events,
    waiting: () => heap.length - cancelled,
  }
}
