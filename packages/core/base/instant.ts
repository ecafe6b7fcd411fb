/** An instant, ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export type Instant = string

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

const dayInYear =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))'
const leapYear = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
// The year 0000 is no year of PostgreSQL's calendar.
const day = `(?!0000)(?:[0-9]{4}-${dayInYear}|${leapYear}-02-29)`
const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z'

/** What exactly the days of the calendar match, from the year 0001 on: 31 February does not. */
export const dayPattern = `^${day}$`
/** What exactly the instants match that `Instant` describes, from the year 0001 on. */
export const instantPattern = `^${day}T${time}$`

const instantRegExp = new RegExp(instantPattern)
const dayRegExp = new RegExp(dayPattern)

/** Whether `text` is an instant of the calendar in the one spelling that we take or write. */
export function isInstant(text: string): text is Instant {
  return instantRegExp.test(text)
}

/** Whether `text` is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): text is Day {
  return dayRegExp.test(text)
}

/** A wall clock reading in some time zone. */
export type LocalTime = {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/** The reading of a wall clock in `timeZone` at an instant. The zone must pass `isTimeZone`. */
export function localTimeOf(occurredAt: Instant, timeZone: string): LocalTime {
  const reading = clockOf(timeZone).format(Date.parse(occurredAt))
  // en-CA with h23 writes `2026-11-20, 14:32`; only the digits are taken, so its commas may change.
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = reading.split(/\D+/).map(Number)
  return { year, month, day, hour, minute }
}

/**
 * The day of business of an act: the calendar date in the shop's time zone when it happened. It is
 * fixed in the fact, so a later change of the shop's zone moves nothing.
 */
export function businessDateOf(occurredAt: Instant, timeZone: string): Day {
  const { year, month, day } = localTimeOf(occurredAt, timeZone)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** Whether `name` is a time zone of the IANA database that this program knows. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name)
    return true
  } catch {
    // Intl answers only by throwing a RangeError for a name that it does not know.
    return false
  }
}

// Making a formatter costs as much as hundreds of sales, and a shop asks for the same zone all day.
// There are about 600 names; what is above that are other spellings of the same.
const clocksMax = 1_000
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  if (clocks.size < clocksMax) clocks.set(timeZone, clock)
  return clock
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
