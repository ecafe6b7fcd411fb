import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RefundView, Sale } from '@tillkeeper/client/api/shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Badge } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText, DayText } from '@tillkeeper/ui/time/date-text.tsx'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Facts, PageHead, Section } from '../shell/page-head.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { useShopName, useTills, useTimeZone } from '../shell/use-scope.ts'
import { Lines } from './lines.tsx'
import { ReceiptPaper } from './receipt-paper.tsx'
import { Taxes } from './taxes.tsx'
import { Tenders } from './tenders.tsx'
import { VoidDialog } from './void-dialog.tsx'

const route = getRouteApi('/sales/$saleId')

/** One sale, whole: what was sold, how it was paid note by note, what came back, its receipt. */
export function SaleScreen() {
  const { saleId } = route.useParams()
  const { api } = useClients()
  const asked = useQuery(queries(api).sale(saleId))
  return <Answer asked={asked}>{(sale) => <SaleView sale={sale} />}</Answer>
}

function SaleView({ sale }: { readonly sale: Sale }) {
  const t = useText()
  const zone = useTimeZone()(sale.shopId)
  const { currency } = sale
  return (
    <>
      <PageHead
        back={{ to: '/sales', name: t('page.sales') }}
        title={
          <span className="inline-flex flex-wrap items-center gap-3">
            {sale.receiptNumber}
            <RefundedBadge sale={sale} />
          </span>
        }
        note={<DateText instant={sale.occurredAt} timeZone={zone} form="date-seconds" />}
      >
        <VoidButton sale={sale} />
        <span className="text-figure leading-none font-semibold">
          <MoneyText amount={sale.totalMinor} currency={currency} />
        </span>
      </PageHead>
      <div className="grid flex-1 border-t border-line lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 bg-surface">
          <Section title={t('sale.lines.title')} className="border-t-0">
            <Lines lines={sale.lines} currency={currency} total={sale.totalMinor} />
          </Section>
          <Section title={t('sale.tenders')}>
            <Tenders
              tenders={sale.tenders}
              currency={currency}
              change={sale}
              roundingMinor={sale.roundingMinor}
              way="in"
            />
          </Section>
          <Section title={t('sale.taxes')}>
            <Taxes taxes={sale.taxes} currency={currency} />
          </Section>
          {sale.refunds.length > 0 && (
            <Section title={t('sale.refunds')}>
              <Refunds refunds={sale.refunds} zone={zone} />
            </Section>
          )}
          <SaleFacts sale={sale} zone={zone} />
        </div>
        <ReceiptPaper of={{ kind: 'sale', id: sale.id }} />
      </div>
    </>
  )
}

/** Where the sale may still be voided: in the shop's office, by who may, before anything came back. */
function VoidButton({ sale }: { readonly sale: Sale }) {
  const t = useText()
  const isShop = useIsShop()
  const may = useMay()
  const [asks, setAsks] = useState(false)
  if (!isShop || !may('sale.void') || sale.refunds.length > 0) return null
  return (
    <>
      <Button onClick={() => setAsks(true)}>{t('void.title')}</Button>
      {asks && <VoidDialog sale={sale} onClose={() => setAsks(false)} />}
    </>
  )
}

function RefundedBadge({ sale }: { readonly sale: Sale }) {
  const t = useText()
  if (sale.refundedMinor === 0) return null
  const whole = sale.refundedMinor >= sale.totalMinor
  return <Badge tone="danger" text={whole ? t('sale.refunded.whole') : t('sale.refunded.part')} />
}

function Refunds({
  refunds,
  zone,
}: {
  readonly refunds: readonly RefundView[]
  readonly zone: string
}) {
  return (
    <ul className="m-0 list-none p-0 pb-2 text-small">
      {refunds.map((refund) => (
        <li
          key={refund.id}
          className="flex items-baseline justify-between gap-4 border-t border-line px-5 py-2 first:border-t-0"
        >
          <span className="min-w-0">
            <Link
              to="/refunds/$refundId"
              params={{ refundId: refund.id }}
              className="font-medium text-ink underline decoration-line-strong/50 underline-offset-3"
            >
              {refund.receiptNumber}
            </Link>
            <span className="block text-ink-soft">
              <DateText instant={refund.occurredAt} timeZone={zone} /> · {refund.reason}
            </span>
          </span>
          <span className="font-medium text-danger">
            <MoneyText amount={minor(-Math.abs(refund.totalMinor))} currency={refund.currency} />
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Who, where and when; and what names the sale in the chain of facts. */
function SaleFacts({ sale, zone }: { readonly sale: Sale; readonly zone: string }) {
  const t = useText()
  const shopName = useShopName()
  const till = useTills().find(({ id }) => id === sale.tillId)
  return (
    <Section title={t('sale.facts')}>
      <Facts
        rows={[
          [t('shops.shop'), shopName(sale.shopId)],
          [t('sale.till'), till === undefined ? '–' : `${till.number} · ${till.name}`],
          [t('sale.staff'), sale.staffName],
          ...(sale.customerNumber === null
            ? []
            : ([[t('sale.customer'), sale.customerNumber]] as const)),
          ...(sale.note === '' ? [] : ([[t('sale.note'), sale.note]] as const)),
          [
            t('sale.session'),
            <Link
              key="session"
              to="/tills/$sessionId"
              params={{ sessionId: sale.sessionId }}
              className="text-ink underline decoration-line-strong/50 underline-offset-3"
            >
              {t('sale.session.open')}
            </Link>,
          ],
          [t('sale.businessDate'), <DayText key="day" day={sale.businessDate} />],
          [
            t('sale.occurredAt'),
            <DateText
              key="occurred"
              instant={sale.occurredAt}
              timeZone={zone}
              form="date-seconds"
            />,
          ],
          [
            t('sale.recordedAt'),
            <DateText
              key="recorded"
              instant={sale.recordedAt}
              timeZone={zone}
              form="date-seconds"
            />,
          ],
          [
            t('sale.id'),
            <code key="id" className="font-mono text-[0.9em]">
              {sale.id}
            </code>,
          ],
        ]}
      />
    </Section>
  )
}
