import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Evening, EveningBlock } from '@tillkeeper/client/api/evening-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { CircleCheck, Moon, ScrollText, TriangleAlert } from 'lucide-react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useScope, useShopName, useTodayDate } from '../shell/use-scope.ts'
import { describeBlock, stepOf } from './describe-evening.ts'
import { EveningMovements } from './evening-movements.tsx'
import { EveningSessions } from './evening-sessions.tsx'

/** The end of a day as a list that one can finish: what is done has its mark, and the next thing stands out. */
export function EveningScreen() {
  const t = useText()
  const [language] = useLanguage()
  const { api } = useClients()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const day = date ?? today
  const shopName = useShopName()
  const asked = useQuery(queries(api).evening(day, shop))
  const where = shop === undefined ? '' : `${shopName(shop)} · `
  return (
    <>
      <PageHead title={t('page.evening')} note={`${where}${formatDay(day, 'weekday', language)}`}>
        <Link
          to="/evening/reports"
          className="inline-flex min-h-9 items-center gap-2 rounded-md border border-line-strong/60 bg-surface px-3 font-medium text-body text-ink no-underline hover:bg-hover"
        >
          <ScrollText aria-hidden="true" size={16} />
          {t('evening.reports.all')}
        </Link>
      </PageHead>
      <Answer asked={asked}>
        {(evening) => <Checklist evening={evening} isToday={day === today} />}
      </Answer>
    </>
  )
}

/** Kinds that have no line of their own in the list of sessions and movements. */
const apart: readonly EveningBlock['kind'][] = [
  'till_unsynced',
  'drift',
  'advance_open',
  'transfer_open',
  'facts_parked',
]

function Checklist({ evening, isToday }: { readonly evening: Evening; readonly isToday: boolean }) {
  const t = useText()
  const { sessions, movements, blocks } = evening
  if (sessions.length === 0 && movements.length === 0 && blocks.length === 0) {
    return (
      <EmptyState icon={<Moon aria-hidden="true" size={32} />} title={t('evening.none')}>
        {t('evening.none.next')}
      </EmptyState>
    )
  }
  const others = blocks.filter(({ kind }) => apart.includes(kind))
  const drops = movements.filter(({ type }) => type === 'drop')
  const all = sessions.length + drops.length + others.length
  const done =
    sessions.filter((session) => stepOf(session) === 'done').length +
    drops.filter(({ confirmed }) => confirmed).length
  return (
    <div className="flex flex-1 flex-col bg-surface">
      <Progress done={done} all={all} isToday={isToday} />
      {others.length > 0 && (
        <Section title={t('evening.inTheWay')}>
          <ul className="m-0 list-none p-0 pb-2">
            {others.map((block) => (
              <BlockLine key={`${block.kind} ${block.about} ${block.currency}`} block={block} />
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('evening.sessions')}>
        <EveningSessions sessions={sessions} />
      </Section>
      {movements.length > 0 && <EveningMovements movements={movements} />}
      <Section title={t('evening.safe')}>
        <SafeLines cash={evening.cash} />
      </Section>
    </div>
  )
}

function Progress({
  done,
  all,
  isToday,
}: {
  readonly done: number
  readonly all: number
  readonly isToday: boolean
}) {
  const t = useText()
  const isDone = done === all
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3">
      <p className="m-0 flex items-center gap-2 text-body font-semibold">
        {isDone ? (
          <CircleCheck aria-hidden="true" size={20} className="text-good" />
        ) : (
          <Moon aria-hidden="true" size={20} className="text-ink-soft" />
        )}
        {isDone ? t('evening.done') : t('evening.left', { count: all - done })}
      </p>
      <div
        role="progressbar"
        aria-label={t('evening.progress', { done, all })}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={done}
        className="h-1.5 w-48 max-w-full overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full bg-good"
          style={{ width: all === 0 ? '100%' : `${Math.round((100 * done) / all)}%` }}
        />
      </div>
      <span className="text-small text-ink-soft">{t('evening.progress', { done, all })}</span>
      {isToday && !isDone && (
        <span className="basis-full text-small text-ink-soft">{t('evening.dryRun')}</span>
      )}
    </div>
  )
}

function BlockLine({ block }: { readonly block: EveningBlock }) {
  const t = useText()
  const shopName = useShopName()
  const { kind, label, count, amountMinor, currency } = block
  const target =
    kind === 'till_unsynced' ? '/sync' : kind === 'facts_parked' ? '/attention' : '/cash'
  return (
    <li className="flex min-h-10 items-center gap-3 border-t border-line px-5 py-1.5 text-small first:border-t-0">
      <TriangleAlert aria-hidden="true" size={17} className="shrink-0 text-warn" />
      <span className="min-w-0 flex-1">
        {t(describeBlock(kind), { label, count })}{' '}
        <span className="text-ink-soft">{shopName(block.shopId)}</span>
      </span>
      {amountMinor !== null && currency !== null && (
        <MoneyText amount={minor(amountMinor)} currency={currency} />
      )}
      <Link to={target} className="text-ink underline decoration-line-strong/50 underline-offset-3">
        {t('evening.look')}
      </Link>
    </li>
  )
}

/** What lies in the safe and goes to the bank, and bags that are on their way. */
function SafeLines({ cash }: { readonly cash: Evening['cash'] }) {
  const t = useText()
  const shopName = useShopName()
  const held = cash.filter(({ balanceMinor }) => balanceMinor !== 0)
  return (
    <table
      aria-label={t('evening.safe')}
      className="mb-4 w-full max-w-2xl border-collapse text-small"
    >
      <tbody>
        {held.map((place) => (
          <tr
            key={`${place.location} ${place.currency}`}
            className="border-t border-line first:border-t-0"
          >
            <th scope="row" className="py-2 pr-3 pl-5 text-left font-normal">
              {place.kind === 'safe' ? t('cash.safe') : t('evening.bag')}{' '}
              <span className="text-ink-soft">{shopName(place.shopId)}</span>
            </th>
            <td className="py-2 pr-5 pl-3 text-right">
              <MoneyText amount={minor(place.balanceMinor)} currency={place.currency} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t border-line">
          <td colSpan={2} className="px-5 py-2">
            <Link
              to="/cash"
              className="text-ink underline decoration-line-strong/50 underline-offset-3"
            >
              {t('evening.toSafe')}
            </Link>
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
