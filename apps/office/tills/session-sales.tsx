import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { salesColumns } from '../sales/sales-columns.tsx'
import { Answer } from '../shell/answer.tsx'
import { usePlaces } from '../shell/use-places.ts'
import { DataTable } from '../table/data-table.tsx'
import { useReadOn } from '../table/use-read-on.ts'

/** The sales and refunds of a session, in a box of their own height. */
export function SessionSales({ sessionId }: { readonly sessionId: string }) {
  const t = useText()
  const navigate = useNavigate()
  const may = useMay()
  const { api } = useClients()
  const asked = useInfiniteQuery({
    ...queries(api).sales({ sessionId }),
    enabled: may('sale.read'),
  })
  const rows = useMemo(() => asked.data?.pages.flatMap(({ items }) => items) ?? [], [asked.data])
  const places = usePlaces()
  const columns = useMemo(
    () =>
      salesColumns({ ...places, manyShops: false }).filter(
        ({ id }) => id !== 'till' && id !== 'methods',
      ),
    [places],
  )
  const readOn = useReadOn(asked, rows.length, 'occurredAt')
  if (!may('sale.read')) return null
  return (
    <Answer asked={asked}>
      {() =>
        rows.length === 0 ? (
          <p className="m-0 px-5 pb-4 text-small text-ink-soft">{t('session.sales.none')}</p>
        ) : (
          <div className="flex max-h-96 flex-col">
            <DataTable
              label={t('session.sales')}
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              onSort={readOn.onSort}
              onEnd={readOn.onEnd}
              onOpen={(row) =>
                void (row.kind === 'sale'
                  ? navigate({ to: '/sales/$saleId', params: { saleId: row.id } })
                  : navigate({ to: '/refunds/$refundId', params: { refundId: row.id } }))
              }
            />
          </div>
        )
      }
    </Answer>
  )
}
