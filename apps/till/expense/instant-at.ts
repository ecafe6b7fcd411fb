import { type Day, type Instant, localTimeOf } from '@tillkeeper/core/base/instant.ts'

const minuteMs = 60_000

/** The instant at which a wall clock in the zone shows `HH:MM` on the day; near it where the clock jumps. */
export function instantAt(day: Day, time: string, timeZone: string): Instant {
  const wanted = Date.parse(`${day}T${time}:00.000Z`)
  // Read as if it were UTC, then moved by what the zone's clock shows too much: twice, for a jump between.
  let ms = wanted
  for (let round = 0; round < 2; round += 1) {
    const shown = localTimeOf(new Date(ms).toISOString(), timeZone)
    const shownMs = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute)
    ms += Math.round((wanted - shownMs) / minuteMs) * minuteMs
  }
  return new Date(ms).toISOString()
}
