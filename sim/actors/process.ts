import type { Timer } from '@tillkeeper/sync/link/ports.ts'
import type { Scheduler } from '../world/scheduler.ts'

/** One run of a program, from its start to its end. */
export type Process = {
  readonly alive: () => boolean
  /** Its timers end with it; while it is paused they wait. */
  readonly timer: Timer
  readonly end: () => void
  /** Calls back when it ends; a second call replaces the first. */
  readonly onEnd: (call: () => void) => void
  /** The machine does not give it time for so long (a laptop's lid, a virtual machine that is moved). */
  readonly pause: (ms: number) => void
}

export function startProcess(time: Scheduler): Process {
  let alive = true
  let pausedUntilMs = 0
  let ended = () => {}
  const after: Timer['after'] = (ms, call) => {
    let cancel = () => {}
    const due = () => {
      if (!alive) return
      const restMs = pausedUntilMs - time.nowMs()
      if (restMs > 0) cancel = time.after(restMs, due)
      else call()
    }
    cancel = time.after(ms, due)
    return () => cancel()
  }
  return {
    alive: () => alive,
    timer: { after, elapsed: time.nowMs },
    end: () => {
      alive = false
      ended()
    },
    onEnd: (call) => {
      ended = call
    },
    pause: (ms) => {
      pausedUntilMs = time.nowMs() + ms
    },
  }
}
