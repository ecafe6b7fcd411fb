/** The first wait after a failure, at most; it doubles with each further one. */
export const backoffFirstMs = 1_000
/** No wait is longer: a shop is at most this late after the line is back. */
export const backoffMaxMs = 300_000
/** Below this no retry follows a failure: a parent that refuses at once is not hammered. */
export const backoffFloorMs = 250

/**
 * How long to wait after the `tries`-th failure in a row (from 1): a random share of a ceiling that
 * doubles ("full jitter"), so that shops which lost the line together do not come back together.
 * `random` is in [0, 1). A parent that asks for a pause (`retryAfterMs`) gets it, with the same spread
 * on top.
 */
export function backoffMs(tries: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(tries, 20))
  const spread = Math.floor(backoffFloorMs + random * (ceiling - backoffFloorMs))
  return Math.min(backoffMaxMs, retryAfterMs) + spread
}
