import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import { useLanguage } from '../language/i18n.tsx'
import { type DayForm, formatDay, formatInstant, type TimeForm } from './format-time.ts'

/** An instant on a shop's wall clock; the machine-readable one goes with it. */
export function DateText({
  instant,
  timeZone,
  form = 'date-time',
}: {
  readonly instant: Instant
  readonly timeZone: string
  readonly form?: TimeForm
}) {
  const [language] = useLanguage()
  return (
    <time dateTime={instant} className="whitespace-nowrap">
      {formatInstant(instant, form, { language, timeZone })}
    </time>
  )
}

/** A business day. */
export function DayText({ day, form = 'day' }: { readonly day: Day; readonly form?: DayForm }) {
  const [language] = useLanguage()
  return (
    <time dateTime={day} className="whitespace-nowrap">
      {formatDay(day, form, language)}
    </time>
  )
}
