import { useInfiniteQuery } from '@tanstack/react-query'
import type { BagView } from '@tillkeeper/client/api/safe-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { PackageOpen } from 'lucide-react'
import { useState } from 'react'
import { useClients, useEmployee } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { CashText } from '../cash/cash-text.tsx'
import { describeBag } from '../cash/describe-safe.ts'
import { OneShop, ReadOnlyLine, useMayAct } from '../cash/one-shop.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useTimeZone } from '../shell/use-scope.ts'
import { saveCsv, writeCsv } from '../table/csv.ts'
import { type BagAct, BagActDialog } from './bag-dialogs.tsx'
import { BagSlip } from './bag-slip.tsx'
import { MatchSection } from './match-section.tsx'
import { SealDialog } from './seal-dialog.tsx'
import { ShowMore } from './show-more.tsx'

const states = ['sealed', 'verified', 'collected', 'deposited', 'opened'] as const

type Opened = { readonly kind: 'seal' } | { readonly kind: BagAct | 'slip'; readonly bag: BagView }

/** Bags on their way to the bank, and the bank's word on them. */
export function DepositsScreen() {
  return <OneShop>{(shopId) => <DepositsOf key={shopId} shopId={shopId} />}</OneShop>
}

function DepositsOf({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const may = useMayAct()
  const [opened, setOpened] = useState<Opened>()
  const [state, setState] = useState<BagView['state'] | ''>('')
  const asked = useInfiniteQuery(queries(api).bags(shopId))
  const bags = asked.data?.pages.flatMap(({ items }) => items) ?? []
  const shown = bags.filter((bag) => state === '' || bag.state === state)
  const close = () => setOpened(undefined)
  return (
    <>
      <PageHead title={t('safe.tab.deposits')} note={t('bag.note')}>
        <SelectField
          label={t('bag.state')}
          labelled="hide"
          value={state}
          onChange={(event) => setState(states.find((each) => each === event.target.value) ?? '')}
          choices={[
            { value: '', label: t('bag.all') },
            ...states.map((value) => ({ value, label: t(`bag.${value}`) })),
          ]}
        />
        {bags.length > 0 && <Button onClick={() => saveBags(bags)}>{t('safe.csv')}</Button>}
        {may.safe && (
          <Button look="primary" onClick={() => setOpened({ kind: 'seal' })}>
            {t('safe.seal')}
          </Button>
        )}
      </PageHead>
      <ReadOnlyLine />
      <div className="grid flex-1 content-start bg-surface 2xl:grid-cols-2">
        <Section title={t('bag.bags')}>
          <Answer asked={asked}>
            {() =>
              shown.length === 0 ? (
                <EmptyState
                  icon={<PackageOpen aria-hidden="true" size={32} />}
                  title={bags.length === 0 ? t('bag.none') : t('bag.none.state')}
                >
                  {bags.length === 0 && t('bag.none.next')}
                </EmptyState>
              ) : (
                <ul className="m-0 list-none p-0">
                  {shown.map((bag) => (
                    <BagRow
                      key={bag.id}
                      bag={bag}
                      mayAct={may.safe}
                      onOpen={(kind) => setOpened({ kind, bag })}
                    />
                  ))}
                </ul>
              )
            }
          </Answer>
          <ShowMore asked={asked} />
        </Section>
        <MatchSection shopId={shopId} mayAct={may.safe} />
      </div>
      {opened?.kind === 'seal' && <SealDialog shopId={shopId} onClose={close} />}
      {opened?.kind === 'slip' && <BagSlip bag={opened.bag} onClose={close} />}
      {opened !== undefined && opened.kind !== 'seal' && opened.kind !== 'slip' && (
        <BagActDialog act={opened.kind} bag={opened.bag} onClose={close} />
      )}
    </>
  )
}

function BagRow({
  bag,
  mayAct,
  onOpen,
}: {
  readonly bag: BagView
  readonly mayAct: boolean
  readonly onOpen: (kind: BagAct | 'slip') => void
}) {
  const t = useText()
  const me = useEmployee()
  const zone = useTimeZone()(bag.shopId)
  const state = describeBag(bag.state)
  const isVerified = bag.steps.some(({ step }) => step === 'verified')
  const acts = actsOf(bag, me.id)
  return (
    <li className="flex flex-col gap-1.5 border-t border-line px-5 py-3 text-small">
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-body font-semibold break-all">{bag.number}</span>
        <span className="inline-flex flex-wrap items-center gap-x-3">
          {!isVerified && bag.state !== 'sealed' && bag.state !== 'opened' && (
            <span className="text-warn">{t('bag.notVerified')}</span>
          )}
          {bag.matched.length > 0 && <span className="text-good">{t('bag.matched')}</span>}
          <StatusDot tone={state.tone} text={t(state.text)} />
        </span>
      </span>
      <CashText cash={bag.cash} />
      <ol aria-label={t('bag.details')} className="m-0 list-none p-0 text-ink-soft">
        <li>
          {t('bag.sealed')} · <DateText instant={bag.sealedAt} timeZone={zone} /> ·{' '}
          {bag.sealedByName}
        </li>
        {bag.steps.map((step) => (
          <li key={step.id}>
            {t(`bag.${step.step}`)} · <DateText instant={step.occurredAt} timeZone={zone} /> ·{' '}
            {[step.staffName, step.carrier, step.reference, step.note]
              .filter((text) => text !== null && text !== '')
              .join(' · ')}
          </li>
        ))}
      </ol>
      <span className="flex flex-wrap gap-2 pt-1">
        {mayAct &&
          acts.map((act, index) => (
            <Button key={act} look={index === 0 ? 'plain' : 'quiet'} onClick={() => onOpen(act)}>
              {t(`bag.${act}`)}
            </Button>
          ))}
        <Button look="quiet" onClick={() => onOpen('slip')}>
          {t('bag.slip')}
        </Button>
      </span>
    </li>
  )
}

/** What may be done with a bag, the next step first. Who sealed it is not offered to verify it. */
function actsOf({ state, sealedBy }: BagView, me: string): readonly BagAct[] {
  if (state === 'deposited' || state === 'opened') return []
  const verify = state === 'sealed' && sealedBy !== me ? (['verify'] as const) : []
  const collect = state === 'collected' ? [] : (['collect'] as const)
  return [...verify, ...collect, 'deposit', 'open']
}

function saveBags(bags: readonly BagView[]): void {
  const lines = bags.flatMap((bag) =>
    bag.cash.map(({ currency, minor: sealed }) => {
      const deposit = bag.steps.find(({ step }) => step === 'deposited')
      const credited = deposit?.credited?.find((credit) => credit.currency === currency)?.minor
      return [
        ...[bag.number, bag.state, bag.sealedAt, bag.sealedByName, currency],
        plainMoney(minor(sealed), currency),
        bag.steps.find(({ step }) => step === 'verified')?.staffName ?? '',
        bag.steps.find(({ step }) => step === 'collected')?.carrier ?? '',
        ...[deposit?.bankedOn ?? '', deposit?.reference ?? ''],
        credited === undefined ? '' : plainMoney(minor(credited), currency),
        bag.matched.includes(currency) ? 'yes' : 'no',
      ]
    }),
  )
  const head = 'number,state,sealedAt,sealedBy,currency,sealed,verifiedBy,carrier,bankedOn'
  const more = 'reference,credited,onStatement'
  saveCsv('deposits.csv', writeCsv([`${head},${more}`.split(','), ...lines]))
}
