import type { Hlc } from '@tillkeeper/facts/seal/hlc.ts'
import { hlcMs } from '@tillkeeper/facts/seal/hlc.ts'

// What time it is, by more than this machine's wall clock: a cashier may set that, a battery may die, and a
// virtual machine may sleep. The parent's answer to a hello says the time; from then on a clock that only runs
// forward carries it on. All times are milliseconds; nothing here reads a clock.

/** The two clocks of a machine, read together. */
export type ClockReading = {
  /** Since 1970, as the wall clock says. It may jump. */
  readonly wallMs: number
  /** Since anything: it never jumps and never runs back, and starts again with the program. */
  readonly monotonicMs: number
}

export type TrustedTime = {
  /** What time it was, and the two clocks then: the time now is reckoned from there. */
  readonly anchor: { readonly ms: number } & ClockReading
  /** The last look at both clocks: between two looks they move by the same, or the wall clock jumped. */
  readonly seen: ClockReading
  /** Whether the anchor is a parent's word, this machine's own, or its own after it jumped. */
  readonly source: 'parent' | 'wall' | 'jumped'
  /** It is never earlier than this: what was sealed, heard or built before now. */
  readonly floorMs: number
  /** How far the wall clock was ahead of the parent's, when last heard. */
  readonly offsetMs: number | undefined
}

/** A wall clock that moves by so much more or less than the other clock has jumped, and was not just late. */
export const jumpMs = 5_000

export type ClockFloor = {
  /** The latest reading that this node gave or took over. */
  readonly hlcHigh: Hlc
  /** The latest time that the cloud said. */
  readonly cloudMs: number
  /** When this program was built. */
  readonly builtMs: number
}

/** The time at the start of a program: the wall clock's, but never before what is known to be past. */
export function startTrustedTime(reading: ClockReading, floor: ClockFloor): TrustedTime {
  const floorMs = Math.max(hlcMs(floor.hlcHigh), floor.cloudMs, floor.builtMs)
  const ms = Math.max(reading.wallMs, floorMs)
  return { anchor: { ms, ...reading }, seen: reading, source: 'wall', floorMs, offsetMs: undefined }
}

/**
 * Looks at both clocks. While nobody else has said the time the wall clock is followed, until it jumps: then it
 * is distrusted, and the other clock carries on from before the jump, until the next hello.
 */
export function noteClocks(time: TrustedTime, reading: ClockReading): TrustedTime {
  const apartMs = reading.wallMs - time.seen.wallMs - (reading.monotonicMs - time.seen.monotonicMs)
  const jumped = Math.abs(apartMs) > jumpMs
  if (jumped) {
    // The anchor moves up to the look before, so that it never goes back.
    const ms = trustedMs(time, reading)
    return { ...time, anchor: { ms, ...reading }, seen: reading, source: 'jumped' }
  }
  return { ...time, seen: reading }
}

/** An exchange with the parent: when it left, when its answer came, and the time that the answer says. */
export type HeardTime = {
  readonly sentMonotonicMs: number
  readonly received: ClockReading
  readonly parentMs: number
}

/**
 * Takes the parent's word. Its clock was read about half of the exchange ago. It replaces what was believed,
 * also where that was later, and a floor that this machine's own wrong clock had raised.
 */
export function hearTime(time: TrustedTime, heard: HeardTime): TrustedTime {
  const { received, parentMs, sentMonotonicMs } = heard
  const halfMs = Math.max(0, received.monotonicMs - sentMonotonicMs) / 2
  const ms = Math.round(parentMs + halfMs)
  return {
    anchor: { ms, ...received },
    seen: received,
    source: 'parent',
    floorMs: Math.min(time.floorMs, ms),
    offsetMs: Math.round(received.wallMs - ms),
  }
}

/** The time now, whole milliseconds. Between two words of the parent it never runs back. */
export function trustedMs(time: TrustedTime, { monotonicMs }: ClockReading): number {
  const passedMs = Math.max(0, monotonicMs - time.anchor.monotonicMs)
  return Math.max(time.floorMs, Math.round(time.anchor.ms + passedMs))
}
