import { type Instant, localTimeOf } from '@tillkeeper/core/base/instant.ts'

const minuteMs = 60_000

/**
 * The instant at which a wall clock in a zone shows a day and a time, to the second. Of a time that a clock
 * shows twice the one is meant that the zone's offset of that day gives; of one that it leaps over, one beside it.
 */
export function instantOf(day: string, time: string, timeZone: string): Instant {
  const [clock = '00:00', seconds = '00'] = [time.slice(0, 5), time.slice(6, 8) || '00']
  const asUtc = Date.parse(`${day}T${clock}:${seconds}.000Z`)
  const offset = offsetAt(asUtc, timeZone)
  // The offset that counts is that of the instant itself, which may lie beyond a change of it.
  return new Date(asUtc - offsetAt(asUtc - offset, timeZone)).toISOString() as Instant
}

/** How far a wall clock is ahead of UTC, in milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  const { year, month, day, hour, minute } = localTimeOf(
    new Date(ms).toISOString() as Instant,
    timeZone,
  )
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(ms / minuteMs) * minuteMs
}

/** A wall clock's reading as the fields of a form hold it. */
export function wallClockOf(instant: Instant, timeZone: string) {
  const local = new Date(
    Date.parse(instant) + offsetAt(Date.parse(instant), timeZone),
  ).toISOString()
  return { day: local.slice(0, 10), time: local.slice(11, 19) }
}
