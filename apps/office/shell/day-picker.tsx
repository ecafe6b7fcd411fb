import { IconButton } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useText } from '../messages/use-text.ts'
import { addDays } from './scope.ts'
import { useScope, useTodayDate } from './use-scope.ts'

/** The day that the office looks at: a day back, a day on, or any from the calendar. */
export function DayPicker() {
  const t = useText()
  const [language] = useLanguage()
  const { date, change } = useScope()
  const today = useTodayDate()
  const day = date ?? today
  // Today is kept out of the address, so that it stays today after midnight.
  const go = (next: string) => change({ date: next >= today ? undefined : next })
  return (
    <div className="flex items-center rounded-md border border-line bg-surface">
      <IconButton label={t('day.before')} onClick={() => go(addDays(day, -1))}>
        <ChevronLeft aria-hidden="true" size={18} />
      </IconButton>
      <label className="relative flex h-9 items-center px-1 focus-within:outline-2 focus-within:outline-accent">
        <span className="sr-only">{t('day.choose')}</span>
        <span aria-hidden="true" className="whitespace-nowrap text-small font-medium">
          <span className="hidden md:inline">
            {date === undefined && `${t('day.today')}, `}
            {formatDay(day, 'weekday', language)}
          </span>
          <span className="md:hidden">
            {date === undefined ? t('day.today') : formatDay(day, 'short', language)}
          </span>
        </span>
        <input
          type="date"
          value={day}
          max={today}
          onChange={(event) => event.target.value !== '' && go(event.target.value)}
          onClick={(event) => event.currentTarget.showPicker?.()}
          className="absolute inset-0 cursor-pointer opacity-0"
        />
      </label>
      <IconButton
        label={t('day.after')}
        disabled={date === undefined}
        onClick={() => go(addDays(day, 1))}
        className="disabled:border-transparent! disabled:bg-transparent!"
      >
        <ChevronRight aria-hidden="true" size={18} />
      </IconButton>
    </div>
  )
}
