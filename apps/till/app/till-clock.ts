import type { Hlc } from '@tillkeeper/facts/seal/hlc.ts'
import {
  type ClockReading,
  hearTime,
  noteClocks,
  startTrustedTime,
  type TrustedTime,
  trustedMs,
} from '@tillkeeper/sync/clock/trusted-time.ts'

/** The time that a till works by: the store server's, carried on by a clock that nobody can set. */
export type TillClock = {
  /** Milliseconds since 1970, whole. Days of business, receipts and facts follow it. */
  readonly nowMs: () => number
  /** The device's own wall clock, which is only compared. */
  readonly wallMs: () => number
  /** Only counts up. */
  readonly elapsedMs: () => number
  /** Takes the store server's word, asked at `sentMs` of `elapsedMs`. */
  readonly hear: (parentMs: number, sentMs: number) => void
  /** What is known of the device's own clock. */
  readonly state: () => ClockState
}

export type ClockState = {
  /** It jumped since the store server was last heard. */
  readonly jumped: boolean
  /** How far it is ahead of the time that the till works by. */
  readonly aheadMs: number
}

/** A device's clock that is off by more is shown: facts are not, but everything else on it is. */
export const shownOffMs = 120_000

type Deps = {
  readonly read: () => ClockReading
  /** The latest reading that this till sealed with: it is never earlier again. */
  readonly hlcHigh: Hlc
  readonly builtMs: number
}

/** Starts the till's clock. Each look at it notices whether somebody set the device's clock. */
export function startTillClock({ read, hlcHigh, builtMs }: Deps): TillClock {
  let time: TrustedTime = startTrustedTime(read(), { hlcHigh, cloudMs: 0, builtMs })
  const look = (): ClockReading => {
    const reading = read()
    time = noteClocks(time, reading)
    return reading
  }
  return {
    nowMs: () => trustedMs(time, look()),
    wallMs: () => read().wallMs,
    elapsedMs: () => read().monotonicMs,
    hear: (parentMs, sentMonotonicMs) => {
      time = hearTime(time, { sentMonotonicMs, received: read(), parentMs })
    },
    state: () => {
      const reading = look()
      return {
        jumped: time.source === 'jumped',
        aheadMs: Math.round(reading.wallMs - trustedMs(time, reading)),
      }
    },
  }
}

/** Whether somebody should look at the device's clock. */
export function isClockOff({ aheadMs }: ClockState): boolean {
  return Math.abs(aheadMs) > shownOffMs
}
