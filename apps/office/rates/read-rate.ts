import { type Instant, localTimeOf } from '@tillkeeper/core/base/instant.ts'
import { isRate } from '@tillkeeper/core/money/rate.ts'

/** A rate as it is typed, `34.25` or `34,25`; `undefined` for what is none. Made from digits, never from a float. */
export function readRate(
  text: string,
): { readonly rate: number; readonly scale: number } | undefined {
  const typed = /^([0-9]{1,9})(?:[.,]([0-9]{1,10}))?$/.exec(text.trim())
  if (typed === null) return undefined
  const [, whole = '', decimals = ''] = typed
  // Zeros at the end say nothing, and would take the room of figures.
  const part = decimals.replace(/0+$/, '')
  const read = { rate: Number(whole + part), scale: part.length }
  return isRate(read) ? read : undefined
}

/** The instant of a reading of a shop's clock, `YYYY-MM-DDTHH:MM`, as a field of a browser gives it. */
export function instantAt(reading: string, timeZone: string): Instant {
  const wanted = Date.parse(`${reading}:00.000Z`)
  // Off by the zone's offset; a second look puts right what the first did across a change of the clocks.
  let at = wanted
  for (let look = 0; look < 2; look += 1) at += wanted - readingOf(at, timeZone)
  return new Date(at).toISOString()
}

function readingOf(atMs: number, timeZone: string): number {
  const { year, month, day, hour, minute } = localTimeOf(new Date(atMs).toISOString(), timeZone)
  return Date.UTC(year, month - 1, day, hour, minute)
}
