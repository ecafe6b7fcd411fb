import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import type { SyncHealth } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { StatTile } from '@tillkeeper/ui/figure/stat-tile.tsx'
import { CountText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useTimeZone } from '../shell/use-scope.ts'
import { HealthTable } from './health-table.tsx'
import { Streams } from './streams-table.tsx'

/** How replication fares: the link, what waits, each shop and till, and the streams beneath. */
export function SyncScreen() {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).sync())
  const health = useQuery(queries(api).health())
  return (
    <>
      <PageHead title={t('page.sync')} note={t('sync.note')} />
      <Answer asked={health}>
        {(reply) => (
          <>
            {reply.stuck && <Stuck />}
            {asked.data !== undefined && <Figures status={asked.data} health={reply} />}
            <Section title={t('sync.shops')}>
              <HealthTable shops={reply.shops} />
            </Section>
          </>
        )}
      </Answer>
      {asked.data !== undefined && (
        <details className="group border-t border-line bg-surface">
          <summary className="cursor-pointer px-5 py-3 text-body font-semibold hover:bg-hover">
            {t('sync.streams')}
            <span className="sr-only"> {t('sync.streams.show')}</span>
          </summary>
          <Streams streams={asked.data.streams} />
        </details>
      )}
    </>
  )
}

function Stuck() {
  const t = useText()
  return (
    <p role="alert" className="m-0 border-t border-line bg-danger-soft px-5 py-2 text-danger">
      {t('sync.stuck')}
    </p>
  )
}

function Figures({ status, health }: { readonly status: SyncStatus; readonly health: SyncHealth }) {
  const t = useText()
  const may = useMay()
  const zone = useTimeZone()(null)
  const open = may('sync.resolve') ? <ToAttention /> : undefined
  const isCloud = health.program === 'cloud'
  const waiting = isCloud
    ? health.shops.reduce((sum, { facts, arrived }) => sum + facts - arrived, 0)
    : status.unacknowledged
  return (
    <div className="grid grid-cols-2 divide-line border-t border-line bg-surface lg:grid-cols-4 lg:divide-x">
      <StatTile
        name={t('sync.link')}
        figure={
          <span className="text-title">
            {status.linkUp ? (
              <StatusDot tone="good" text={t('sync.link.up')} />
            ) : (
              <StatusDot tone="idle" text={t('sync.link.down')} />
            )}
          </span>
        }
        note={
          status.lastContactAt === null ? undefined : (
            <>
              {t('sync.lastContact')}{' '}
              <DateText instant={status.lastContactAt} timeZone={zone} form="date-seconds" />
            </>
          )
        }
      />
      <StatTile
        name={isCloud ? t('sync.behind') : t('sync.waiting')}
        figure={<CountText count={waiting} />}
        note={
          waiting === 0 || status.oldestUnacknowledgedAt === null ? (
            waiting === 0 && t('sync.waiting.none')
          ) : (
            <>
              {t('sync.waiting.since')}{' '}
              <DateText instant={status.oldestUnacknowledgedAt} timeZone={zone} />
            </>
          )
        }
      />
      <StatTile
        name={t('sync.parked')}
        figure={<Warned count={status.parked} />}
        note={status.parked > 0 ? t('sync.parked.some') : t('sync.parked.none')}
        action={open}
      />
      <StatTile
        name={t('sync.incidents')}
        figure={<Warned count={health.openIncidents} />}
        note={health.openIncidents > 0 ? t('sync.incidents.some') : t('sync.incidents.none')}
        action={open}
      />
    </div>
  )
}

function Warned({ count }: { readonly count: number }) {
  return (
    <span className={count > 0 ? 'text-warn' : undefined}>
      <CountText count={count} />
    </span>
  )
}

/** The whole tile opens what is behind its figure. */
function ToAttention() {
  const t = useText()
  const label = t('sync.parked.open')
  return (
    <Link
      to="/attention"
      aria-label={label}
      title={label}
      className="absolute inset-0 -outline-offset-2 hover:bg-ink/3"
    />
  )
}
