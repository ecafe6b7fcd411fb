import { Link } from '@tanstack/react-router'
import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useLive } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { useShopName, useTimeZone } from '../shell/use-scope.ts'
import { type FeedRow, readFeedRow } from './feed-row.ts'

/** What just happened in the shops, newest first. */
export function Feed({ shopIds }: { readonly shopIds: readonly string[] }) {
  const t = useText()
  const { events, link } = useLive()
  const rows = events
    .filter(({ shopId }) => shopId !== null && shopIds.includes(shopId))
    .flatMap((event) => readFeedRow(event) ?? [])
  return (
    <Section title={t('feed.title')} className="lg:border-l">
      {rows.length === 0 ? (
        <EmptyState title={link === 'off' ? t('feed.off') : t('feed.empty')}>
          {link === 'off' ? t('feed.off.why') : t('feed.empty.next')}
        </EmptyState>
      ) : (
        <ol aria-live="polite" aria-label={t('feed.title')} className="m-0 list-none p-0 pb-4">
          {rows.map((row) => (
            <FeedLine key={row.event.liveSeq} row={row} many={shopIds.length > 1} />
          ))}
        </ol>
      )}
    </Section>
  )
}

function FeedLine({ row, many }: { readonly row: FeedRow; readonly many: boolean }) {
  const t = useText()
  const [language] = useLanguage()
  const zone = useTimeZone()
  const shopName = useShopName()
  const { event } = row
  const money = row.money
  const amount = money && formatMoney(money.minor, { ...money, language, sign: row.sign })
  return (
    <li className="grid grid-cols-[3.75rem_minmax(0,1fr)_auto] items-baseline gap-x-3 border-t border-line px-5 py-1.5 text-small first:border-t-0">
      <span className="text-ink-faint">
        <DateText instant={event.recordedAt} timeZone={zone(event.shopId)} form="seconds" />
      </span>
      <FeedLink event={event}>{t(row.text, { receipt: row.receipt })}</FeedLink>
      <span
        className={joinClasses(
          'font-medium whitespace-nowrap',
          row.tone === 'danger' && 'text-danger',
          row.tone === 'warn' && 'text-warn',
        )}
      >
        {amount}
        {row.word !== undefined && <span className="font-normal"> {t(row.word)}</span>}
      </span>
      <span className="col-span-2 col-start-2 truncate text-ink-soft">
        {[row.staffName, many && event.shopId !== null && shopName(event.shopId)]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </li>
  )
}

function FeedLink({ event, children }: { readonly event: LiveEvent; readonly children: string }) {
  const look = 'text-ink no-underline hover:underline'
  const { sessionId } = event.summary
  if (event.type === 'sale.completed') {
    return (
      <Link to="/sales/$saleId" params={{ saleId: event.factId }} className={look}>
        {children}
      </Link>
    )
  }
  if (event.type === 'sale.refunded') {
    return (
      <Link to="/refunds/$refundId" params={{ refundId: event.factId }} className={look}>
        {children}
      </Link>
    )
  }
  const session = event.type === 'till.opened' ? event.factId : sessionId
  if (typeof session === 'string') {
    return (
      <Link to="/tills/$sessionId" params={{ sessionId: session }} className={look}>
        {children}
      </Link>
    )
  }
  return <span>{children}</span>
}
