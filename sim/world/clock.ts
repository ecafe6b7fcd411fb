/** A node's wall clock: it may be wrong, drift, jump and stand still. */
export type NodeClock = {
  /** Whole milliseconds since 1970, as this node believes. */
  readonly nowMs: () => number
  /** Counts up whatever the wall clock does, in milliseconds. */
  readonly elapsed: () => number
  readonly isoNow: () => string
  /** Moves the wall clock by so much. */
  readonly jump: (ms: number) => void
  /** Sets it, as a dead battery does. */
  readonly set: (ms: number) => void
  readonly drift: (partsPerMillion: number) => void
  readonly freeze: (frozen: boolean) => void
  /** How far it is ahead of the world's time. */
  readonly aheadMs: () => number
}

/** When every world begins: a Monday, at nine in the morning in Bangkok. */
export const dawnMs = Date.UTC(2026, 0, 5, 2)

/** A clock that is right, until somebody changes it. */
export function makeClock(worldMs: () => number): NodeClock {
  let aheadMs = 0
  let ppm = 0
  let sinceMs = 0
  let frozenAt: number | undefined
  const ahead = () => aheadMs + ((worldMs() - sinceMs) * ppm) / 1_000_000
  const nowMs = () => Math.max(0, Math.floor(frozenAt ?? dawnMs + worldMs() + ahead()))
  const rebase = (ms: number) => {
    aheadMs = ms
    sinceMs = worldMs()
  }
  return {
    nowMs,
    elapsed: worldMs,
    isoNow: () => new Date(nowMs()).toISOString(),
    jump: (ms) => rebase(ahead() + ms),
    set: (ms) => rebase(ms - dawnMs - worldMs()),
    drift: (partsPerMillion) => {
      rebase(ahead())
      ppm = partsPerMillion
    },
    freeze: (frozen) => {
      frozenAt = frozen ? nowMs() : undefined
    },
    aheadMs: ahead,
  }
}
