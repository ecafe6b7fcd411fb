// Who may unlock a till that cannot reach its store server, and how often one may try. Pure: the wrong
// tries are counted on the disk before a PIN is looked at, so that neither a reload nor a kill gains one.

/** Who logged in with the store server this long ago has to be seen by it again. */
export const offlineMaxMs = 14 * 24 * 3_600_000
/** From so many wrong tries on, each further one makes one wait, twice as long each time. */
export const waitFrom = 5
const firstWaitMs = 30_000
/** No wait is longer. */
export const waitMaxMs = 30 * 60_000

/** What one person's offline unlock stands on. */
export type Attempts = {
  /** Wrong tries in a row; a try under way counts as wrong. */
  readonly failures: number
  /** When the last of them was, in milliseconds. */
  readonly lastMs: number
  /** When the store server last took the PIN. */
  readonly seenMs: number
}

export type UnlockVerdict =
  | { readonly may: 'try' }
  | { readonly may: 'wait'; readonly untilMs: number }
  /** The store server has to see them first. */
  | { readonly may: 'not_here' }

/** Whether a PIN may be tried now. A clock that was set back counts from the last try it saw. */
export function judgeUnlock(attempts: Attempts, nowMs: number): UnlockVerdict {
  const now = Math.max(nowMs, attempts.lastMs, attempts.seenMs)
  if (now - attempts.seenMs > offlineMaxMs) return { may: 'not_here' }
  const untilMs = attempts.lastMs + waitAfter(attempts.failures)
  return nowMs < untilMs ? { may: 'wait', untilMs } : { may: 'try' }
}

/** The wait after so many wrong tries in a row. */
export function waitAfter(failures: number): number {
  if (failures < waitFrom) return 0
  return Math.min(waitMaxMs, firstWaitMs * 2 ** Math.min(30, failures - waitFrom))
}
