import { type Hlc, hlcMs, hlcZero, laterHlc } from './hlc.ts'

/** A clock that is ahead of ours by more is counted; nothing else follows. */
export const aheadSoftMs = 60_000
/** One that is ahead by more is not believed. Evolu, TinyBase and Actual draw the line at the same five minutes. */
export const aheadHardMs = 300_000

export type ClockJudgement = {
  /** How far the fact is ahead of trusted now; 0 if it is not. */
  readonly aheadMs: number
  readonly kind:
    | 'fine'
    /** Counted in a metric. */
    | 'ahead'
    /** An act is applied and flagged. An edit of a register waits until its time has come. */
    | 'future'
}

/** Judges the clock of a fact that came. The past is never judged: to be dark for days is normal. */
export function judgeClock(hlc: Hlc, trustedNowMs: number): ClockJudgement {
  const aheadMs = Math.max(0, hlcMs(hlc) - trustedNowMs)
  if (aheadMs > aheadHardMs) return { aheadMs, kind: 'future' }
  return { aheadMs, kind: aheadMs > aheadSoftMs ? 'ahead' : 'fine' }
}

/** When a fact that was held back is no longer from the future. */
export function dueMs(hlc: Hlc): number {
  return Math.max(0, hlcMs(hlc) - aheadHardMs)
}

/**
 * The clock of a node after a batch that it has accepted: the latest reading of those that are not from the
 * future, taken once. So a wrong clock moves nobody else's.
 */
export function mergeClock(held: Hlc, readings: Iterable<Hlc>, trustedNowMs: number): Hlc {
  let latest = hlcZero
  for (const hlc of readings) {
    if (judgeClock(hlc, trustedNowMs).kind !== 'future') latest = laterHlc(latest, hlc)
  }
  return laterHlc(held, latest)
}
