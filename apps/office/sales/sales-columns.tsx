import { Link } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import type { SaleRow } from '@tillkeeper/client/api/shapes.ts'
import { orderPieces, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { Badge } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { methodName } from '../messages/method-name.ts'
import type { OfficeText } from '../messages/use-text.ts'
import type { Places } from '../shell/use-places.ts'
import type { Columns } from '../table/data-table.tsx'
import type { features } from '../table/table-features.ts'

const helper = createColumnHelper<typeof features, SaleRow>()

/** The notes and coins that a customer handed over, all tenders together. */
export function takenPieces(row: SaleRow): Pieces {
  return orderPieces(row.tenders.flatMap((tender) => tender.pieces ?? []))
}

/** A refund gives cash out: what its tenders list went from the drawer to the customer. */
export function cashIn(row: SaleRow): Pieces {
  return row.kind === 'sale' ? takenPieces(row) : []
}
export function cashOut(row: SaleRow): Pieces {
  return row.kind === 'sale' ? (row.changePieces ?? []) : takenPieces(row)
}

/** The columns of the list of sales and refunds. */
export function salesColumns(places: Places): Columns<SaleRow> {
  const columns = [...placeColumns(places), ...moneyColumns(places)]
  return places.manyShops ? columns : columns.filter(({ id }) => id !== 'shop')
}

function placeColumns({ t, zone, shopName, tillNumber }: Places): Columns<SaleRow> {
  return helper.columns([
    helper.accessor('occurredAt', {
      header: t('sale.time'),
      sortFn: 'basic',
      sortDescFirst: true,
      meta: { width: '5.5rem' },
      cell: ({ row }) => (
        <DateText
          instant={row.original.occurredAt}
          timeZone={zone(row.original.shopId)}
          form="seconds"
        />
      ),
    }),
    helper.accessor('receiptNumber', {
      header: t('sale.receipt'),
      sortFn: 'basic',
      meta: { width: '11.5rem' },
      cell: ({ row }) => <ReceiptLink row={row.original} t={t} />,
    }),
    helper.accessor(({ shopId }) => shopName(shopId), {
      id: 'shop',
      header: t('shops.shop'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor(({ tillId }) => tillNumber(tillId), {
      id: 'till',
      header: t('sale.till'),
      sortFn: 'alphanumeric',
      meta: { from: 'desktop', width: '4.5rem', align: 'right' },
    }),
    helper.accessor('staffName', {
      header: t('sale.staff'),
      sortFn: 'text',
      meta: { from: 'tablet' },
    }),
  ])
}

function moneyColumns({ t }: Places): Columns<SaleRow> {
  return helper.columns([
    helper.accessor('lineCount', {
      header: t('sale.lines'),
      sortFn: 'basic',
      meta: { from: 'widest', align: 'right', width: '4.5rem' },
    }),
    helper.accessor(({ methods }) => methods.map((method) => methodName(t, method)).join(', '), {
      id: 'methods',
      header: t('sale.methods'),
      sortFn: 'text',
      meta: { from: 'tablet' },
    }),
    helper.display({
      id: 'in',
      header: t('sale.cashIn'),
      meta: { from: 'wide' },
      cell: ({ row }) => (
        <DenominationChips
          pieces={cashIn(row.original)}
          currency={row.original.currency}
          look="short"
          className="flex-nowrap! gap-x-1.5!"
        />
      ),
    }),
    helper.display({
      id: 'out',
      header: t('sale.cashOut'),
      meta: { from: 'wide', width: 'rest' },
      cell: ({ row }) => (
        <DenominationChips
          pieces={cashOut(row.original)}
          currency={row.original.currency}
          look="short"
          className="flex-nowrap! gap-x-1.5!"
        />
      ),
    }),
    helper.accessor('totalMinor', {
      header: t('sale.total'),
      sortFn: 'basic',
      meta: { align: 'right', width: '7.5rem' },
      cell: ({ row }) => (
        <MoneyText
          amount={row.original.totalMinor}
          currency={row.original.currency}
          className={row.original.kind === 'refund' ? 'text-danger font-medium' : 'font-medium'}
        />
      ),
    }),
  ])
}

function ReceiptLink({ row, t }: { readonly row: SaleRow; readonly t: OfficeText }) {
  const look = 'text-ink no-underline hover:underline'
  if (row.kind === 'sale') {
    return (
      <Link to="/sales/$saleId" params={{ saleId: row.id }} tabIndex={-1} className={look}>
        {row.receiptNumber}
      </Link>
    )
  }
  return (
    <span className="inline-flex items-center gap-2">
      <Link to="/refunds/$refundId" params={{ refundId: row.id }} tabIndex={-1} className={look}>
        {row.receiptNumber}
      </Link>
      <Badge tone="danger" text={t('sale.refund')} />
    </span>
  )
}
