import { createColumnHelper } from '@tanstack/react-table'
import type { ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import type { Places } from '../shell/use-places.ts'
import type { Columns } from '../table/data-table.tsx'
import type { features } from '../table/table-features.ts'
import { describeState } from './expense-look.ts'

const helper = createColumnHelper<typeof features, ExpenseView>()

/** The columns of the list of expenses. */
export function expenseColumns(places: Places): Columns<ExpenseView> {
  const columns = [...whatColumns(places), ...moneyColumns(places)]
  return places.manyShops ? columns : columns.filter(({ id }) => id !== 'shop')
}

function whatColumns({ t, zone, shopName }: Places): Columns<ExpenseView> {
  return helper.columns([
    helper.accessor('requestedAt', {
      header: t('expense.requestedAt'),
      sortFn: 'basic',
      sortDescFirst: true,
      cell: ({ row }) => (
        <DateText instant={row.original.requestedAt} timeZone={zone(row.original.shopId)} />
      ),
    }),
    helper.accessor('categoryName', { header: t('expense.category'), sortFn: 'text' }),
    helper.accessor('purpose', {
      header: t('expense.purpose'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor(({ shopId }) => shopName(shopId), {
      id: 'shop',
      header: t('shops.shop'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor('staffName', {
      header: t('expense.person'),
      sortFn: 'text',
      meta: { from: 'tablet' },
    }),
    helper.accessor('state', {
      header: t('expense.state'),
      sortFn: 'basic',
      cell: ({ row }) => {
        const { tone, text } = describeState(row.original.state)
        return <StatusDot tone={tone} text={t(text)} />
      },
    }),
  ])
}

function moneyColumns({ t }: Places): Columns<ExpenseView> {
  return helper.columns([
    helper.accessor('amountMinor', {
      header: t('expense.asked'),
      sortFn: 'basic',
      meta: { align: 'right' },
      cell: ({ row }) => (
        <MoneyText amount={row.original.amountMinor} currency={row.original.currency} unit="hide" />
      ),
    }),
    helper.accessor(({ settlement }) => settlement?.spentMinor ?? -1, {
      id: 'spent',
      header: t('expense.spent'),
      sortFn: 'basic',
      meta: { from: 'tablet', align: 'right' },
      cell: ({ row: { original } }) =>
        original.settlement === null ? (
          '–'
        ) : (
          <MoneyText
            amount={original.settlement.spentMinor}
            currency={original.currency}
            unit="hide"
          />
        ),
    }),
    helper.accessor(({ settlement }) => settlement?.varianceMinor ?? 0, {
      id: 'variance',
      header: t('expense.difference'),
      sortFn: 'basic',
      meta: { from: 'desktop', align: 'right' },
      cell: ({ row: { original } }) =>
        original.settlement === null ? (
          '–'
        ) : (
          <VarianceText
            amount={minor(original.settlement.varianceMinor)}
            currency={original.currency}
          />
        ),
    }),
  ])
}
