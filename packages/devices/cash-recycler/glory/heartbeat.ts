// How long the machine may be silent. Its heartbeat is not documented: it is learned.

/** When it was last heard, and how long the last beats were apart, in milliseconds. */
export type Beats = { readonly at: number | undefined; readonly gapsMs: readonly number[] }

export const noBeats: Beats = { at: undefined, gapsMs: [] }

const gapsMax = 9
/** Before anything is learned; and what a learned silence stays between. */
const silence = { unknownMs: 90_000, leastMs: 3_000, mostMs: 600_000 }
const missed = 3

/** One more heartbeat, at a time of a clock that never goes back. */
export function beat({ at, gapsMs }: Beats, now: number): Beats {
  if (at === undefined || now <= at) return { at: now, gapsMs }
  return { at: now, gapsMs: [...gapsMs, now - at].slice(-gapsMax) }
}

/** After how much silence it is asked: three of the usual gaps between two beats. */
export function silenceMsOf({ gapsMs }: Beats): number {
  const sorted = gapsMs.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) return silence.unknownMs
  return Math.min(silence.mostMs, Math.max(silence.leastMs, missed * median))
}
