import { assert } from '@tillkeeper/core/base/assert.ts'

/**
 * A hybrid logical clock reading (Kulkarni et al., 2014): 48 bits of milliseconds, 16 of counter, as
 * 16 hexadecimal digits, so that text order is time order. It orders register edits, and nothing else.
 */
export type Hlc = string & { readonly __unit: 'hlc' }

export const hlcPattern = '^[0-9a-f]{16}$'
export const hlcZero = '0000000000000000' as Hlc

/** The milliseconds of a reading. */
export function hlcMs(reading: Hlc): number {
  return Number.parseInt(reading.slice(0, 12), 16)
}

/**
 * The next reading after `last` at wall clock `nowMs`, in whole milliseconds: it is always later than `last`, however the
 * wall clock jumped. A full counter carries into the milliseconds and never fails.
 */
export function nextHlc(last: Hlc, nowMs: number): Hlc {
  const lastMs = hlcMs(last)
  if (nowMs > lastMs) return write(nowMs, 0)
  const counter = Number.parseInt(last.slice(12), 16) + 1
  return counter > 0xffff ? write(lastMs + 1, 0) : write(lastMs, counter)
}

/** The later of two readings. A receiver takes it once per batch that it has accepted. */
export function laterHlc(a: Hlc, b: Hlc): Hlc {
  return a > b ? a : b
}

function write(ms: number, counter: number): Hlc {
  assert(Number.isInteger(ms) && ms >= 0 && ms < 2 ** 48, 'a clock reading fits 48 bits')
  return (ms.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0')) as Hlc
}
