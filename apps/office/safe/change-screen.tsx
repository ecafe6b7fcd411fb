import { useInfiniteQuery } from '@tanstack/react-query'
import type { ChangeOrderView } from '@tillkeeper/client/api/safe-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { DateText, DayText } from '@tillkeeper/ui/time/date-text.tsx'
import { Coins } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { ActDialog } from '../cash/act-dialog.tsx'
import { blankCash, CashEntry, cashOf, hasCash } from '../cash/cash-entry.tsx'
import { CashText } from '../cash/cash-text.tsx'
import { describeOrder } from '../cash/describe-safe.ts'
import { OneShop, ReadOnlyLine, useMayAct } from '../cash/one-shop.tsx'
import { Slip } from '../cash/slip.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { useShopName, useTimeZone } from '../shell/use-scope.ts'
import { saveCsv, writeCsv } from '../table/csv.ts'
import { ShowMore } from './show-more.tsx'
import { SuggestedChange } from './suggested-change.tsx'

const textCharsMax = 100

type Opened =
  | { readonly kind: 'new' }
  | { readonly kind: 'receive' | 'cancel' | 'slip'; readonly order: ChangeOrderView }

/** Notes and coins that were ordered from the bank, and what came. */
export function ChangeScreen() {
  return <OneShop>{(shopId) => <ChangeOf key={shopId} shopId={shopId} />}</OneShop>
}

function ChangeOf({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const may = useMayAct()
  const [opened, setOpened] = useState<Opened>()
  const asked = useInfiniteQuery(queries(api).changeOrders(shopId))
  const orders = asked.data?.pages.flatMap(({ items }) => items) ?? []
  const close = () => setOpened(undefined)
  return (
    <>
      <PageHead title={t('safe.tab.change')} note={t('order.note')}>
        {may.safe && (
          <Button look="primary" onClick={() => setOpened({ kind: 'new' })}>
            {t('order.new')}
          </Button>
        )}
      </PageHead>
      <ReadOnlyLine />
      <div className="flex-1 bg-surface">
        <Answer asked={asked}>
          {() =>
            orders.length === 0 ? (
              <EmptyState icon={<Coins aria-hidden="true" size={32} />} title={t('order.none')}>
                {t('order.none.next')}
              </EmptyState>
            ) : (
              <ul className="m-0 list-none p-0">
                {orders.map((order) => (
                  <OrderRow
                    key={order.id}
                    order={order}
                    mayAct={may.safe}
                    onOpen={(kind) => setOpened({ kind, order })}
                  />
                ))}
              </ul>
            )
          }
        </Answer>
        <ShowMore asked={asked} />
      </div>
      {opened?.kind === 'new' && <NewOrder shopId={shopId} onClose={close} />}
      {opened?.kind === 'receive' && <Receive order={opened.order} onClose={close} />}
      {opened?.kind === 'cancel' && <Cancel order={opened.order} onClose={close} />}
      {opened?.kind === 'slip' && <OrderSlip order={opened.order} onClose={close} />}
    </>
  )
}

function OrderRow({
  order,
  mayAct,
  onOpen,
}: {
  readonly order: ChangeOrderView
  readonly mayAct: boolean
  readonly onOpen: (kind: 'receive' | 'cancel' | 'slip') => void
}) {
  const t = useText()
  const zone = useTimeZone()(order.shopId)
  const state = describeOrder(order.state)
  return (
    <li className="flex flex-col gap-1.5 border-t border-line px-5 py-3 text-small">
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>
          <DateText instant={order.orderedAt} timeZone={zone} /> · {order.staffName}
          {order.neededOn !== null && (
            <>
              {' · '}
              {t('order.neededOn')} <DayText day={order.neededOn} />
            </>
          )}
        </span>
        <StatusDot tone={state.tone} text={t(state.text)} />
      </span>
      <CashText cash={order.cash} />
      {order.steps.map((step) => (
        <span key={step.id} className="text-ink-soft">
          {t(step.step === 'received' ? 'order.received' : 'order.cancelled')} ·{' '}
          <DateText instant={step.occurredAt} timeZone={zone} /> · {step.staffName}
          {step.note !== '' && ` · ${step.note}`}
          {step.cash !== null && <CashText cash={step.cash} />}
        </span>
      ))}
      <span className="flex flex-wrap gap-2 pt-1">
        {mayAct && order.state === 'ordered' && (
          <>
            <Button onClick={() => onOpen('receive')}>{t('order.receive')}</Button>
            <Button look="quiet" onClick={() => onOpen('cancel')}>
              {t('order.cancel')}
            </Button>
          </>
        )}
        <Button look="quiet" onClick={() => onOpen('slip')}>
          {t('order.slip')}
        </Button>
        <Button look="quiet" onClick={() => saveOrder(order)}>
          {t('safe.csv')}
        </Button>
      </span>
    </li>
  )
}

function NewOrder({ shopId, onClose }: { readonly shopId: string; readonly onClose: () => void }) {
  const t = useText()
  const { api } = useClients()
  const [neededOn, setNeededOn] = useState('')
  const [draft, setDraft] = useState(blankCash)
  const said = { cash: cashOf(draft), ...(neededOn !== '' && { neededOn }) }
  return (
    <ActDialog
      size="large"
      title={t('order.new')}
      confirm={t('order.keep')}
      done={t('bag.done')}
      isComplete={hasCash(draft)}
      act={(id) => api.actAtSafe('/v1/change-orders', { id, ...said })}
      onClose={onClose}
    >
      <Field
        type="date"
        label={t('order.neededOn')}
        value={neededOn}
        onChange={(event) => setNeededOn(event.target.value)}
      />
      <SuggestedChange shopId={shopId} draft={draft} onDraft={setDraft} />
      <CashEntry shopId={shopId} draft={draft} onDraft={setDraft} />
    </ActDialog>
  )
}

type Props = { readonly order: ChangeOrderView; readonly onClose: () => void }

function Receive({ order, onClose }: Props) {
  const t = useText()
  const { api } = useClients()
  const [reference, setReference] = useState('')
  const [draft, setDraft] = useState(blankCash)
  const said = { cash: cashOf(draft), reference: reference.trim() }
  return (
    <ActDialog
      size="large"
      title={t('order.receive')}
      confirm={t('order.receive')}
      done={t('bag.done')}
      isComplete={hasCash(draft)}
      act={(id) => api.actAtSafe(`/v1/change-orders/${order.id}/receive`, { id, ...said })}
      onClose={onClose}
    >
      <p className="m-0 text-small text-ink-soft">{t('order.receive.how')}</p>
      <CashText cash={order.cash} />
      <Field
        label={t('bag.reference')}
        value={reference}
        maxLength={textCharsMax}
        onChange={(event) => setReference(event.target.value)}
      />
      <CashEntry shopId={order.shopId} draft={draft} onDraft={setDraft} />
    </ActDialog>
  )
}

function Cancel({ order, onClose }: Props) {
  const t = useText()
  const { api } = useClients()
  const [reason, setReason] = useState('')
  const said = { reason: reason.trim() }
  return (
    <ActDialog
      title={t('order.cancel')}
      confirm={t('order.cancel')}
      done={t('bag.done')}
      look="danger"
      isComplete={said.reason !== ''}
      act={(id) => api.actAtSafe(`/v1/change-orders/${order.id}/cancel`, { id, ...said })}
      onClose={onClose}
    >
      <CashText cash={order.cash} />
      <Field
        label={t('bag.reason')}
        value={reason}
        maxLength={textCharsMax}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}

function OrderSlip({ order, onClose }: Props) {
  const t = useText()
  const shopName = useShopName()
  const zone = useTimeZone()(order.shopId)
  return (
    <Slip
      title={t('match.order')}
      heading={shopName(order.shopId)}
      rows={[
        [t('order.ordered'), <DateText key="at" instant={order.orderedAt} timeZone={zone} />],
        [t('safe.who'), order.staffName],
        ...(order.neededOn === null
          ? []
          : ([[t('order.neededOn'), <DayText key="day" day={order.neededOn} />]] as const)),
      ]}
      cash={order.cash}
      signatures={[order.staffName, t('bag.carrier')]}
      onClose={onClose}
    />
  )
}

/** The order as a bank takes it: one row a denomination. */
function saveOrder({ cash, orderedAt }: ChangeOrderView): void {
  const lines = cash.flatMap(({ currency, pieces = [] }) =>
    pieces.map(({ faceMinor, pieces: count }) => [
      currency,
      plainMoney(minor(faceMinor), currency),
      String(count),
      plainMoney(minor(faceMinor * count), currency),
    ]),
  )
  const head = ['currency', 'denomination', 'pieces', 'amount']
  saveCsv(`change-order-${orderedAt.slice(0, 10)}.csv`, writeCsv([head, ...lines]))
}
