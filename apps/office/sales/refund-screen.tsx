import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RefundView } from '@tillkeeper/client/api/shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Badge } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText, DayText } from '@tillkeeper/ui/time/date-text.tsx'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Facts, PageHead, Section } from '../shell/page-head.tsx'
import { useShopName, useTills, useTimeZone } from '../shell/use-scope.ts'
import { Lines } from './lines.tsx'
import { ReceiptPaper } from './receipt-paper.tsx'
import { Taxes } from './taxes.tsx'
import { Tenders } from './tenders.tsx'

const route = getRouteApi('/refunds/$refundId')

/** One refund: what came back, how it was paid back, why, and of which sale. */
export function RefundScreen() {
  const { refundId } = route.useParams()
  const { api } = useClients()
  const asked = useQuery(queries(api).refund(refundId))
  return <Answer asked={asked}>{(refund) => <RefundPage refund={refund} />}</Answer>
}

function RefundPage({ refund }: { readonly refund: RefundView }) {
  const t = useText()
  const zone = useTimeZone()(refund.shopId)
  const total = minor(Math.abs(refund.totalMinor))
  return (
    <>
      <PageHead
        back={{ to: '/sales', name: t('page.sales') }}
        title={
          <span className="inline-flex flex-wrap items-center gap-3">
            {refund.receiptNumber}
            <Badge tone="danger" text={t(refund.voids ? 'receipts.void' : 'sale.refund')} />
          </span>
        }
        note={<DateText instant={refund.occurredAt} timeZone={zone} form="date-seconds" />}
      >
        <span className="text-figure leading-none font-semibold text-danger">
          <MoneyText amount={minor(-total)} currency={refund.currency} />
        </span>
      </PageHead>
      <div className="grid flex-1 border-t border-line lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 bg-surface">
          <Section title={t('refund.reason')} className="border-t-0">
            <p className="m-0 px-5 pb-3">{refund.reason}</p>
          </Section>
          <Section title={t('refund.lines')}>
            <Lines lines={refund.lines} currency={refund.currency} total={total} />
          </Section>
          <Section title={t('refund.paidBack')}>
            <Tenders
              tenders={refund.tenders}
              currency={refund.currency}
              roundingMinor={refund.roundingMinor}
              way="out"
            />
          </Section>
          <Section title={t('sale.taxes')}>
            <Taxes taxes={refund.taxes} currency={refund.currency} />
          </Section>
          <RefundFacts refund={refund} />
        </div>
        <ReceiptPaper of={{ kind: 'refund', id: refund.id }} />
      </div>
    </>
  )
}

function RefundFacts({ refund }: { readonly refund: RefundView }) {
  const t = useText()
  const shopName = useShopName()
  const till = useTills().find(({ id }) => id === refund.tillId)
  const link = 'text-ink underline decoration-line-strong/50 underline-offset-3'
  return (
    <Section title={t('sale.facts')}>
      <Facts
        rows={[
          [
            t('refund.sale'),
            refund.saleId === null ? (
              t('refund.unlinked')
            ) : (
              <Link
                key="sale"
                to="/sales/$saleId"
                params={{ saleId: refund.saleId }}
                className={link}
              >
                {t('refund.sale.open')}
              </Link>
            ),
          ],
          [t('shops.shop'), shopName(refund.shopId)],
          [t('sale.till'), till === undefined ? '–' : `${till.number} · ${till.name}`],
          [t('sale.staff'), refund.staffName],
          [
            t('sale.session'),
            <Link
              key="session"
              to="/tills/$sessionId"
              params={{ sessionId: refund.sessionId }}
              className={link}
            >
              {t('sale.session.open')}
            </Link>,
          ],
          [t('sale.businessDate'), <DayText key="day" day={refund.businessDate} />],
          [
            t('sale.id'),
            <code key="id" className="font-mono text-[0.9em]">
              {refund.id}
            </code>,
          ],
        ]}
      />
    </Section>
  )
}
