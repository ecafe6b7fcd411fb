import { useQuery } from '@tanstack/react-query'
import type { FundEventView, FundView } from '@tillkeeper/client/api/safe-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Sheet } from '@tillkeeper/ui/dialog/dialog.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { HandCoins } from 'lucide-react'
import { useState } from 'react'
import { useClients, useEmployee } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { ActDialog } from '../cash/act-dialog.tsx'
import { blankCash, CashEntry, cashOf, hasCash } from '../cash/cash-entry.tsx'
import { CashText } from '../cash/cash-text.tsx'
import { OneShop, ReadOnlyLine, useMayAct } from '../cash/one-shop.tsx'
import { Slip } from '../cash/slip.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { useEmployees, useShopName, useTimeZone } from '../shell/use-scope.ts'
import { saveCsv, writeCsv } from '../table/csv.ts'

type Opened =
  | { readonly kind: 'issue' }
  | { readonly kind: 'return' | 'history'; readonly fund: FundView }

/** Who holds change of a shop: given out, taken back, with every step. */
export function FundsScreen() {
  return <OneShop>{(shopId) => <FundsOf key={shopId} shopId={shopId} />}</OneShop>
}

function FundsOf({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const me = useEmployee()
  const may = useMayAct()
  const [opened, setOpened] = useState<Opened>()
  const asked = useQuery(queries(api).funds(shopId))
  const close = () => setOpened(undefined)
  return (
    <>
      <PageHead title={t('safe.tab.funds')} note={t('fund.note')}>
        {may.fund && (
          <Button look="primary" onClick={() => setOpened({ kind: 'issue' })}>
            {t('fund.issue')}
          </Button>
        )}
      </PageHead>
      <ReadOnlyLine />
      <div className="flex-1 bg-surface">
        <Answer asked={asked}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<HandCoins aria-hidden="true" size={32} />} title={t('fund.none')}>
                {t('fund.none.next')}
              </EmptyState>
            ) : (
              <ul className="m-0 list-none p-0">
                {items.map((fund) => (
                  <li
                    key={fund.staffId}
                    className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line px-5 py-3 text-small"
                  >
                    <span className="min-w-32">
                      <span className="block text-body font-semibold">{fund.staffName}</span>
                      {fund.cash.length === 0 ? (
                        <span className="text-ink-faint">{t('fund.holdsNothing')}</span>
                      ) : (
                        <CashText cash={fund.cash} />
                      )}
                    </span>
                    <span className="flex flex-wrap gap-2">
                      {may.fund && fund.cash.length > 0 && fund.staffId !== me.id && (
                        <Button onClick={() => setOpened({ kind: 'return', fund })}>
                          {t('fund.return')}
                        </Button>
                      )}
                      <Button look="quiet" onClick={() => setOpened({ kind: 'history', fund })}>
                        {t('fund.history', { name: fund.staffName })}
                      </Button>
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
      {opened?.kind === 'issue' && <IssueDialog shopId={shopId} onClose={close} />}
      {opened?.kind === 'return' && <ReturnDialog fund={opened.fund} onClose={close} />}
      {opened?.kind === 'history' && <History fund={opened.fund} onClose={close} />}
    </>
  )
}

function IssueDialog({
  shopId,
  onClose,
}: {
  readonly shopId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const me = useEmployee()
  // Nobody gives change to themself.
  const people = useEmployees().filter(
    ({ id, active, shops }) => active && id !== me.id && shops.includes(shopId),
  )
  const [chosen, setChosen] = useState<string>()
  const staffId = chosen ?? people[0]?.id
  const [draft, setDraft] = useState(blankCash)
  const said = { cash: cashOf(draft) }
  return (
    <ActDialog
      size="large"
      title={t('fund.issue')}
      confirm={t('fund.issue')}
      done={t('fund.done')}
      isComplete={staffId !== undefined && hasCash(draft)}
      act={(id) => api.actAtSafe(`/v1/funds/${staffId}/issue`, { id, ...said })}
      onClose={onClose}
    >
      <SelectField
        label={t('fund.person')}
        value={staffId ?? ''}
        onChange={(event) => setChosen(event.target.value)}
        choices={people.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <CashEntry shopId={shopId} draft={draft} onDraft={setDraft} />
    </ActDialog>
  )
}

function ReturnDialog({
  fund,
  onClose,
}: {
  readonly fund: FundView
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [settle, setSettle] = useState(false)
  const [draft, setDraft] = useState(blankCash)
  const said = { cash: cashOf(draft), settle }
  return (
    <ActDialog
      size="large"
      title={`${t('fund.return')} · ${fund.staffName}`}
      confirm={t('fund.return')}
      done={t('fund.done')}
      isComplete={settle || hasCash(draft)}
      act={(id) => api.actAtSafe(`/v1/funds/${fund.staffId}/return`, { id, ...said })}
      onClose={onClose}
    >
      <CashEntry shopId={fund.shopId} draft={draft} onDraft={setDraft} />
      <label className="flex items-start gap-3 text-small">
        <input
          type="checkbox"
          className="mt-1 size-5 accent-accent"
          checked={settle}
          onChange={(event) => setSettle(event.target.checked)}
        />
        <span>
          {t('fund.return.all')}
          <span className="block text-ink-soft">{t('fund.return.all.hint')}</span>
        </span>
      </label>
    </ActDialog>
  )
}

function History({ fund, onClose }: { readonly fund: FundView; readonly onClose: () => void }) {
  const t = useText()
  const { api } = useClients()
  const zone = useTimeZone()(fund.shopId)
  const shopName = useShopName()
  const [slip, setSlip] = useState<FundEventView>()
  const asked = useQuery(queries(api).fundEvents(fund.shopId, fund.staffId))
  if (slip !== undefined) {
    return (
      <Slip
        title={t('fund.slip')}
        heading={fund.staffName}
        rows={[
          [shopName(fund.shopId), <DateText key="at" instant={slip.occurredAt} timeZone={zone} />],
          [t(`fund.${slip.kind}`), slip.byStaffName],
        ]}
        cash={slip.cash}
        signatures={[fund.staffName, slip.byStaffName]}
        onClose={() => setSlip(undefined)}
      />
    )
  }
  return (
    <Sheet
      open
      size="large"
      onClose={onClose}
      title={t('fund.history', { name: fund.staffName })}
      actions={
        <Button onClick={() => saveHistory(fund, asked.data?.items ?? [])}>{t('safe.csv')}</Button>
      }
    >
      <Answer asked={asked}>
        {({ items }) => (
          <ol className="m-0 list-none p-0">
            {[...items].reverse().map((event) => (
              <li key={event.id} className="border-b border-line py-3 text-small">
                <span className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <span>
                    <span className="font-semibold">{t(`fund.${event.kind}`)}</span>
                    {event.tillNumber !== null && (
                      <span className="text-ink-soft">
                        {' · '}
                        {t('cash.drawer', { number: event.tillNumber })}
                      </span>
                    )}
                  </span>
                  <span className="text-ink-soft">
                    <DateText instant={event.occurredAt} timeZone={zone} /> · {t('fund.by')}{' '}
                    {event.byStaffName}
                  </span>
                </span>
                <CashText cash={event.cash} />
                {(event.settled ?? [])
                  .filter(({ varianceMinor }) => varianceMinor !== 0)
                  .map(({ currency, varianceMinor }) => (
                    <span key={currency} className="block">
                      {t('fund.short')}{' '}
                      <VarianceText amount={minor(varianceMinor)} currency={currency} />
                    </span>
                  ))}
                <span className="mt-1 flex items-center justify-between gap-4">
                  <span className="text-ink-soft">
                    {t('fund.after')}{' '}
                    {event.balance.length === 0 ? '–' : <CashText cash={event.balance} />}
                  </span>
                  <Button look="quiet" onClick={() => setSlip(event)}>
                    {t('fund.slip')}
                  </Button>
                </span>
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </Sheet>
  )
}

function saveHistory({ staffName }: FundView, events: readonly FundEventView[]): void {
  const lines = events.flatMap((event) =>
    event.cash.map(({ currency, minor: amount }) => {
      const after = event.balance.find((held) => held.currency === currency)?.minor ?? 0
      const differs = event.settled?.find((each) => each.currency === currency)?.varianceMinor ?? 0
      return [
        ...[event.occurredAt, staffName, event.kind, event.byStaffName, currency],
        plainMoney(minor(amount), currency),
        plainMoney(minor(differs), currency),
        plainMoney(minor(after), currency),
        event.tillNumber === null ? 'safe' : `drawer ${event.tillNumber}`,
        event.note,
      ]
    }),
  )
  const head = 'at,person,kind,by,currency,amount,shortOrOver,heldAfter,place,note'.split(',')
  saveCsv('fund.csv', writeCsv([head, ...lines]))
}
