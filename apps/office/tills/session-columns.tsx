import { Link } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import type { Places } from '../shell/use-places.ts'
import type { Columns } from '../table/data-table.tsx'
import type { features } from '../table/table-features.ts'
import { describeState } from './session-state.ts'

const helper = createColumnHelper<typeof features, Session>()

/** The columns of the list of till sessions. */
export function sessionColumns(places: Places): Columns<Session> {
  const columns = [...whoColumns(places), ...moneyColumns(places)]
  return places.manyShops ? columns : columns.filter(({ id }) => id !== 'shop')
}

function whoColumns({ t, zone, shopName }: Places): Columns<Session> {
  return helper.columns([
    helper.accessor('openedAt', {
      header: t('session.openedAt'),
      sortFn: 'basic',
      sortDescFirst: true,
      cell: ({ row }) => (
        <DateText instant={row.original.openedAt} timeZone={zone(row.original.shopId)} />
      ),
    }),
    helper.accessor('tillNumber', {
      header: t('sale.till'),
      sortFn: 'basic',
      cell: ({ row }) => (
        <Link
          to="/tills/$sessionId"
          params={{ sessionId: row.original.id }}
          tabIndex={-1}
          className="text-ink no-underline hover:underline"
        >
          {t('till.number', { number: row.original.tillNumber })}
        </Link>
      ),
    }),
    helper.accessor(({ shopId }) => shopName(shopId), {
      id: 'shop',
      header: t('shops.shop'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor('staffName', {
      header: t('sale.staff'),
      sortFn: 'text',
      meta: { from: 'tablet' },
    }),
    helper.accessor('state', {
      header: t('session.state'),
      sortFn: 'basic',
      meta: { from: 'tablet' },
      cell: ({ row }) => {
        const { tone, text } = describeState(row.original.state)
        return <StatusDot tone={tone} text={t(text)} />
      },
    }),
  ])
}

function moneyColumns({ t }: Places): Columns<Session> {
  return helper.columns([
    helper.accessor('floatMinor', {
      header: t('session.float'),
      sortFn: 'basic',
      meta: { from: 'wide', align: 'right' },
      cell: ({ row }) => (
        <MoneyText amount={row.original.floatMinor} currency={row.original.currency} unit="hide" />
      ),
    }),
    helper.accessor(({ totals }) => totals?.salesMinor ?? -1, {
      id: 'sales',
      header: t('today.sales'),
      sortFn: 'basic',
      meta: { from: 'desktop', align: 'right' },
      cell: ({ row: { original } }) =>
        original.totals !== null && (
          <MoneyText amount={original.totals.salesMinor} currency={original.currency} unit="hide" />
        ),
    }),
    helper.accessor(({ close, expectedMinor }) => close?.expectedMinor ?? expectedMinor ?? 0, {
      id: 'expected',
      header: t('session.expected'),
      sortFn: 'basic',
      meta: { from: 'desktop', align: 'right' },
      cell: ({ row }) => <Expected session={row.original} />,
    }),
    helper.accessor(({ close }) => close?.countedMinor ?? -1, {
      id: 'counted',
      header: t('session.counted'),
      sortFn: 'basic',
      meta: { from: 'desktop', align: 'right' },
      cell: ({ row: { original } }) =>
        original.close === null ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <MoneyText
            amount={original.close.countedMinor}
            currency={original.currency}
            unit="hide"
          />
        ),
    }),
    helper.accessor(({ close }) => close?.varianceMinor ?? 0, {
      id: 'variance',
      header: t('session.variance'),
      sortFn: 'basic',
      meta: { align: 'right' },
      cell: ({ row: { original } }) =>
        original.close === null ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <VarianceText amount={original.close.varianceMinor} currency={original.currency} />
        ),
    }),
  ])
}

/** What should be in the drawer; nothing for who may not know it before the count. */
function Expected({ session }: { readonly session: Session }) {
  const amount = session.close?.expectedMinor ?? session.expectedMinor
  if (amount === null) return <span className="text-ink-faint">–</span>
  return <MoneyText amount={amount} currency={session.currency} unit="hide" />
}
