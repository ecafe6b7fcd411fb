import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { takenBy } from '@tillkeeper/core/till/close-till.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import type { ReactNode } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { SessionLook } from '../evening/session-look.tsx'
import { SessionMovements } from '../evening/session-movements.tsx'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { RewindLink } from '../rewind/rewind-link.tsx'
import { Answer } from '../shell/answer.tsx'
import { Facts, PageHead, Section } from '../shell/page-head.tsx'
import { useShopName, useStaffName, useTimeZone } from '../shell/use-scope.ts'
import { EndSession } from './end-session.tsx'
import { ReportPaper } from './report-paper.tsx'
import { SessionLifeSections } from './session-life.tsx'
import { SessionSales } from './session-sales.tsx'
import { describeState } from './session-state.ts'

const route = getRouteApi('/tills/$sessionId')

/** One till session: how its drawer should stand, what was counted, its report and its sales. */
export function SessionScreen() {
  const { sessionId } = route.useParams()
  const { api } = useClients()
  const asked = useQuery(queries(api).session(sessionId))
  return <Answer asked={asked}>{(session) => <SessionView session={session} />}</Answer>
}

function SessionView({ session }: { readonly session: Session }) {
  const t = useText()
  const zone = useTimeZone()(session.shopId)
  const shopName = useShopName()
  const state = describeState(session.state)
  return (
    <>
      <PageHead
        back={{ to: '/tills', name: t('page.tills') }}
        title={
          <span className="inline-flex flex-wrap items-center gap-x-4">
            {t('till.number', { number: session.tillNumber })} · {session.staffName}
            <span className="text-body font-normal">
              <StatusDot
                tone={state.tone}
                text={t(session.suspended ? 'session.suspended' : state.text)}
              />
            </span>
          </span>
        }
        note={
          <>
            {shopName(session.shopId)} · <DateText instant={session.openedAt} timeZone={zone} />
            {session.close !== null && (
              <>
                {' – '}
                <DateText instant={session.close.closedAt} timeZone={zone} form="time" />
              </>
            )}
          </>
        }
      >
        <EndSession session={session} />
        <RewindLink session={session} />
        {session.close !== null && (
          <span className="inline-flex min-h-9 items-center text-title leading-none">
            <VarianceText
              amount={session.close.varianceMinor}
              currency={session.currency}
              unit="show"
            />
          </span>
        )}
      </PageHead>
      <div className="grid flex-1 border-t border-line lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 bg-surface">
          <SessionLook session={session} />
          <Section
            title={t('session.drawer')}
            className={session.close === null ? 'border-t-0' : ''}
          >
            <Drawer session={session} />
          </Section>
          <Section title={t('session.pieces')}>
            <Counts session={session} />
          </Section>
          <SessionLifeSections session={session} />
          <SessionMovements session={session} />
          <Section title={t('session.takings')}>
            <Takings session={session} />
          </Section>
          <Section
            title={t('session.sales')}
            action={
              <Link
                to="/sales"
                search={{
                  shop: session.shopId,
                  date: session.businessDate,
                  staff: session.staffId,
                }}
                className="text-small text-ink underline decoration-line-strong/50 underline-offset-3"
              >
                {t('session.sales.all')}
              </Link>
            }
          >
            <SessionSales sessionId={session.id} />
          </Section>
          <SessionFacts session={session} zone={zone} />
        </div>
        <ReportPaper session={session} />
      </div>
    </>
  )
}

/** The sum that a drawer has to come to, one step a line, and the count beside it. */
function Drawer({ session }: { readonly session: Session }) {
  const t = useText()
  const { totals, currency, close } = session
  const expected = close?.expectedMinor ?? session.expectedMinor
  const steps: readonly (readonly [OfficeKey, Minor])[] =
    totals === null
      ? []
      : [
          ['session.cashIn', totals.cashInMinor],
          ['session.cashOut', minor(-totals.cashOutMinor)],
          ['session.dropped', minor(-totals.droppedMinor)],
          ['session.toppedUp', totals.toppedUpMinor],
        ]
  return (
    <table
      aria-label={t('session.drawer')}
      className="mb-2 w-full max-w-xl border-collapse text-small"
    >
      <tbody>
        <Step name={t('session.float')}>
          <MoneyText amount={session.floatMinor} currency={currency} unit="hide" />
        </Step>
        {steps.map(([name, amount]) => (
          <Step key={name} name={t(name)} faint={amount === 0}>
            <MoneyText amount={amount} currency={currency} unit="hide" sign="always" />
          </Step>
        ))}
        <Step name={t('session.expected')} strong>
          {expected === null ? (
            <span className="font-normal text-ink-soft">{t('session.expected.hidden')}</span>
          ) : (
            <MoneyText amount={expected} currency={currency} />
          )}
        </Step>
        {close !== null && (
          <>
            <Step name={t('session.counted')}>
              <MoneyText amount={close.countedMinor} currency={currency} unit="hide" />
            </Step>
            <Step name={t('session.variance')} strong>
              <VarianceText amount={close.varianceMinor} currency={currency} />
            </Step>
          </>
        )}
      </tbody>
    </table>
  )
}

function Step({
  name,
  strong = false,
  faint = false,
  children,
}: {
  readonly name: string
  readonly strong?: boolean
  readonly faint?: boolean
  readonly children: ReactNode
}) {
  const line = strong
    ? 'border-t border-ink font-semibold'
    : 'border-t border-line first:border-t-0'
  return (
    <tr className={`${line} ${faint ? 'text-ink-faint' : ''}`}>
      <th scope="row" className="py-1.5 pr-3 pl-5 text-left [font-weight:inherit]">
        {name}
      </th>
      <td className="py-1.5 pr-5 pl-3 text-right">{children}</td>
    </tr>
  )
}

/** The notes and coins of the float and of the count. */
function Counts({ session }: { readonly session: Session }) {
  const t = useText()
  const rows = [
    [t('session.float'), session.floatPieces] as const,
    ...(session.close === null
      ? []
      : [[t('session.counted'), session.close.countedPieces] as const]),
  ]
  return (
    <Facts
      rows={rows.map(([name, pieces]) => [
        name,
        pieces === null || pieces.length === 0 ? (
          <span key={name} className="text-ink-faint">
            {t('ui.denomination.none')}
          </span>
        ) : (
          <DenominationChips key={name} pieces={pieces} currency={session.currency} />
        ),
      ])}
    />
  )
}

/** What was sold and given back, and how it was paid. */
function Takings({ session }: { readonly session: Session }) {
  const t = useText()
  const { totals, currency } = session
  // Before the count they would tell what the drawer should hold.
  if (totals === null) {
    return <p className="mx-5 mb-3 text-small text-ink-soft">{t('session.expected.hidden')}</p>
  }
  const money = (amount: Minor) => <MoneyText amount={amount} currency={currency} unit="hide" />
  return (
    <div className="grid sm:grid-cols-2">
      <Facts
        rows={[
          [t('session.sold', { count: totals.sales }), money(totals.salesMinor)],
          [t('session.refunded', { count: totals.refunds }), money(minor(-totals.refundsMinor))],
          [t('session.tax'), money(totals.taxMinor)],
          [t('session.payIn'), money(totals.payInMinor)],
          [t('session.payOut'), money(minor(-totals.payOutMinor))],
        ]}
      />
      <Facts
        rows={[
          [t('method.cash'), money(takenBy(totals, 'cash'))],
          [t('method.card'), money(totals.cardMinor)],
          [t('method.bankTransfer'), money(totals.bankTransferMinor)],
          [t('method.promptpay'), money(totals.promptpayMinor)],
          [t('method.machine'), money(totals.machineMinor)],
        ]}
      />
    </div>
  )
}

function SessionFacts({ session, zone }: { readonly session: Session; readonly zone: string }) {
  const t = useText()
  const staffName = useStaffName()
  const { close } = session
  return (
    <Section title={t('sale.facts')}>
      <Facts
        rows={[
          [
            t('session.openedAt'),
            <DateText
              key="opened"
              instant={session.openedAt}
              timeZone={zone}
              form="date-seconds"
            />,
          ],
          ...(close === null
            ? []
            : ([
                [
                  t('session.closedAt'),
                  <DateText
                    key="closed"
                    instant={close.closedAt}
                    timeZone={zone}
                    form="date-seconds"
                  />,
                ],
                [t('session.closedBy'), staffName(close.staffId)],
                ...(close.note === '' ? [] : ([[t('sale.note'), close.note]] as const)),
              ] as const)),
          [
            t('sale.id'),
            <code key="id" className="font-mono text-[0.9em]">
              {session.id}
            </code>,
          ],
        ]}
      />
    </Section>
  )
}
