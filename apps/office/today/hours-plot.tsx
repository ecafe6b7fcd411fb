import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatWeekday } from '@tillkeeper/ui/time/format-time.ts'
import { ChartLine, Table2 } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { type Hours, hoursInSight } from './figures.ts'
import { HoursCanvas } from './hours-canvas.tsx'

const zero = minor(0)

type Props = {
  readonly now: Hours
  readonly usual: Hours | undefined
  readonly currency: Currency
  readonly day: string
}

/** The day by hour against the usual, as a plot or as the table of the same figures. */
export function HoursPlot(props: Props) {
  const t = useText()
  const [language] = useLanguage()
  const [view, setView] = useState<'plot' | 'table'>('plot')
  const weekday = formatWeekday(props.day, 'long', language)
  return (
    <Section
      title={t('hours.title')}
      action={
        <span className="flex items-center gap-4 text-small text-ink-soft">
          <Key line="accent" text={t('hours.now')} />
          {props.usual !== undefined && <Key line="grey" text={t('hours.usual', { weekday })} />}
          <Button
            look="quiet"
            aria-pressed={view === 'table'}
            onClick={() => setView(view === 'plot' ? 'table' : 'plot')}
            icon={
              view === 'plot' ? (
                <Table2 aria-hidden="true" size={16} />
              ) : (
                <ChartLine aria-hidden="true" size={16} />
              )
            }
          >
            <span className="sr-only sm:not-sr-only sm:text-small">
              {view === 'plot' ? t('hours.asTable') : t('hours.asPlot')}
            </span>
          </Button>
        </span>
      }
    >
      {view === 'plot' ? <PlotView {...props} /> : <TableView {...props} />}
    </Section>
  )
}

function PlotView({ now, usual, currency, day }: Props) {
  const t = useText()
  const [language] = useLanguage()
  const total = now.reduce<number>((sum, amount) => sum + amount, 0)
  return (
    <figure className="m-0 px-2 pb-2">
      <HoursCanvas {...{ now, usual, currency, day }} />
      <figcaption className="sr-only">
        {total === 0
          ? t('hours.none')
          : now
              .flatMap((amount, hour) =>
                amount === 0 ? [] : `${hour}:00 ${formatMoney(amount, { currency, language })}`,
              )
              .join(', ')}
      </figcaption>
    </figure>
  )
}

function TableView({ now, usual, currency }: Props) {
  const t = useText()
  const [first, last] = hoursInSight([now, usual])
  const hours = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return (
    <table aria-label={t('hours.title')} className="mb-3 w-full border-collapse text-small">
      <thead>
        <tr className="text-right text-ink-soft">
          <th scope="col" className="px-5 py-1.5 text-left font-medium">
            {t('hours.hour')}
          </th>
          <th scope="col" className="px-3 py-1.5 font-medium">
            {t('hours.now')}
          </th>
          <th scope="col" className="px-5 py-1.5 font-medium">
            {t('hours.usual.short')}
          </th>
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour} className="border-t border-line text-right">
            <th scope="row" className="px-5 py-1 text-left font-normal">
              {`${String(hour).padStart(2, '0')}:00`}
            </th>
            <td className="px-3 py-1">
              <MoneyText amount={now[hour] ?? zero} currency={currency} />
            </td>
            <td className="px-5 py-1 text-ink-soft">
              {usual === undefined ? (
                '–'
              ) : (
                <MoneyText amount={usual[hour] ?? zero} currency={currency} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Key({ line, text }: { readonly line: 'accent' | 'grey'; readonly text: string }) {
  return (
    <span className="hidden items-center gap-2 md:inline-flex">
      <svg aria-hidden="true" width="18" height="6" viewBox="0 0 18 6">
        <line
          x1="0"
          y1="3"
          x2="18"
          y2="3"
          strokeWidth="2"
          strokeDasharray={line === 'grey' ? '3 3' : undefined}
          className={line === 'grey' ? 'stroke-ink-faint' : 'stroke-accent'}
        />
      </svg>
      {text}
    </span>
  )
}
