// A driver's own time, passed in so that a simulator can own it.

/** Milliseconds that never go back, and a call after so many of them; the answer takes it back. */
export type Time = {
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
}

export const systemTime: Time = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
