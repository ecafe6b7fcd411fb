import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import { localeTag } from '../language/language.ts'

/** How much of an instant is written. */
export type TimeForm = 'time' | 'seconds' | 'date' | 'date-time' | 'date-seconds'

const forms: Readonly<Record<TimeForm, Intl.DateTimeFormatOptions>> = {
  time: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  'date-time': {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  },
  'date-seconds': {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  },
}

/** An instant on the wall clock of `timeZone`, in 24 hours. Thai dates count Buddhist years. */
export function formatInstant(
  instant: Instant,
  form: TimeForm,
  place: { readonly language: Language; readonly timeZone: string },
): string {
  const formatter = formatterOf(`${form} ${place.language} ${place.timeZone}`, () => ({
    tag: localeTag(place.language),
    options: { ...forms[form], hourCycle: 'h23', timeZone: place.timeZone },
  }))
  return formatter.format(Date.parse(instant))
}

/** How much of a business day is written. */
export type DayForm = 'day' | 'weekday' | 'short'

const dayForms: Readonly<Record<DayForm, Intl.DateTimeFormatOptions>> = {
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  short: { day: 'numeric', month: 'short' },
}

/** A business day. It is a date and no instant, so no time zone can move it. */
export function formatDay(day: Day, form: DayForm, language: Language): string {
  const formatter = formatterOf(`${form} ${language}`, () => ({
    tag: localeTag(language),
    options: { ...dayForms[form], timeZone: 'UTC' },
  }))
  return formatter.format(Date.parse(`${day}T00:00:00.000Z`))
}

/** The name of a day's weekday: `Thursday`, or `Thu` when short. */
export function formatWeekday(day: Day, width: 'long' | 'short', language: Language): string {
  const formatter = formatterOf(`weekday-${width} ${language}`, () => ({
    tag: localeTag(language),
    options: { weekday: width, timeZone: 'UTC' },
  }))
  return formatter.format(Date.parse(`${day}T00:00:00.000Z`))
}

// One entry for each form, language and time zone of a screen; far below this in any chain.
const formattersMax = 500
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(
  key: string,
  describe: () => { readonly tag: string; readonly options: Intl.DateTimeFormatOptions },
): Intl.DateTimeFormat {
  const known = formatters.get(key)
  if (known !== undefined) return known
  const { tag, options } = describe()
  const made = new Intl.DateTimeFormat(tag, { numberingSystem: 'latn', ...options })
  if (formatters.size < formattersMax) formatters.set(key, made)
  return made
}
