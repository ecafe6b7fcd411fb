import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type {
  SafeBalance,
  SafeCountView,
  SafeMovement,
} from '@tillkeeper/client/api/safe-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Vault } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { ActDialog } from '../cash/act-dialog.tsx'
import { blankCash, CashEntry, cashOf } from '../cash/cash-entry.tsx'
import { CashText } from '../cash/cash-text.tsx'
import { OneShop, ReadOnlyLine, useMayAct } from '../cash/one-shop.tsx'
import { describeMovement } from '../evening/describe-evening.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useTimeZone } from '../shell/use-scope.ts'
import { saveCsv, writeCsv } from '../table/csv.ts'
import { DrawersSection } from './drawers-section.tsx'
import { SealDialog } from './seal-dialog.tsx'
import { ShowMore } from './show-more.tsx'

/** What lies in a shop's safe, and what went in and out of it. */
export function SafeScreen() {
  return <OneShop>{(shopId) => <SafeOf key={shopId} shopId={shopId} />}</OneShop>
}

function SafeOf({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const may = useMayAct()
  const [open, setOpen] = useState<'count' | 'seal'>()
  const asked = useQuery(queries(api).safe(shopId))
  const close = () => setOpen(undefined)
  return (
    <>
      <PageHead title={t('safe.tab.safe')} note={t('safe.note')}>
        {may.safe && (
          <>
            <Button onClick={() => setOpen('count')}>{t('safe.count')}</Button>
            <Button look="primary" onClick={() => setOpen('seal')}>
              {t('safe.seal')}
            </Button>
          </>
        )}
      </PageHead>
      <ReadOnlyLine />
      <Section title={t('safe.held')}>
        <Answer asked={asked}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Vault aria-hidden="true" size={32} />} title={t('safe.held.none')}>
                {t('safe.held.none.next')}
              </EmptyState>
            ) : (
              <ul className="m-0 grid list-none gap-x-8 px-5 pt-0 pb-4 lg:grid-cols-2">
                {items.map((balance) => (
                  <Balance key={balance.currency} balance={balance} />
                ))}
              </ul>
            )
          }
        </Answer>
      </Section>
      <DrawersSection shopId={shopId} />
      <div className="grid flex-1 content-start bg-surface xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Movements shopId={shopId} />
        <Counts shopId={shopId} />
      </div>
      {open === 'count' && <CountDialog shopId={shopId} onClose={close} />}
      {open === 'seal' && <SealDialog shopId={shopId} onClose={close} />}
    </>
  )
}

function Balance({ balance }: { readonly balance: SafeBalance }) {
  const t = useText()
  const zone = useTimeZone()(balance.shopId)
  const { currency, balanceMinor, pieces, known, countedAt } = balance
  return (
    <li className="border-t border-line py-3">
      <span className="flex items-baseline justify-between gap-4">
        <span className="text-small text-ink-soft">{currency}</span>
        <MoneyText
          amount={minor(balanceMinor)}
          currency={currency}
          className={`text-title font-semibold ${known ? '' : 'text-ink-faint'}`}
        />
      </span>
      <span className="mt-1 flex flex-wrap justify-between gap-x-4 gap-y-1 text-small">
        <span className="text-ink-soft">
          {countedAt === null ? (
            t('safe.counted.never')
          ) : (
            <>
              {t('safe.counted.at')} <DateText instant={countedAt} timeZone={zone} />
            </>
          )}
        </span>
        {known && pieces === null && (
          <span className="text-ink-faint">{t('safe.pieces.unknown')}</span>
        )}
      </span>
      {pieces !== null && pieces.length > 0 && (
        <span className="mt-2 block text-small">
          <PiecesLine balance={balance} />
        </span>
      )}
    </li>
  )
}

function PiecesLine({ balance: { currency, balanceMinor, pieces } }: { balance: SafeBalance }) {
  const cash = [{ currency, minor: balanceMinor, pieces: pieces ?? [] }]
  return <CashText cash={cash} pieces="only" />
}

function Movements({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const asked = useInfiniteQuery(queries(api).safeMovements(shopId))
  const rows = asked.data?.pages.flatMap(({ items }) => items) ?? []
  const place = `safe:${shopId}`
  return (
    <Section
      title={t('safe.movements')}
      action={
        rows.length > 0 && (
          <Button look="quiet" onClick={() => saveMovements(rows, place)}>
            {t('safe.csv')}
          </Button>
        )
      }
    >
      <Answer asked={asked}>
        {() =>
          rows.length === 0 ? (
            <p className="m-0 px-5 pb-4 text-small text-ink-soft">{t('safe.movements.none')}</p>
          ) : (
            <table aria-label={t('safe.movements')} className="w-full border-collapse text-small">
              <tbody>
                {rows.map((row) => (
                  <MovementRow key={row.id} row={row} isIn={row.to === place} />
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
      <ShowMore asked={asked} />
    </Section>
  )
}

function MovementRow({ row, isIn }: { readonly row: SafeMovement; readonly isIn: boolean }) {
  const t = useText()
  const zone = useTimeZone()(row.shopId)
  return (
    <tr className="border-t border-line align-baseline">
      <td className="py-1.5 pr-3 pl-5">
        {t(describeMovement(row.type))}
        <span className="block text-ink-soft">
          <DateText instant={row.occurredAt} timeZone={zone} /> · {row.staffName}
        </span>
        {row.note !== '' && <span className="block text-ink-soft break-words">{row.note}</span>}
      </td>
      <td className="py-1.5 pr-5 pl-3 text-right whitespace-nowrap">
        <MoneyText
          amount={minor(isIn ? row.amountMinor : -row.amountMinor)}
          currency={row.currency}
          sign="always"
          unit="hide"
        />{' '}
        <span className="text-[0.8em] text-ink-soft">{row.currency}</span>
      </td>
    </tr>
  )
}

function saveMovements(rows: readonly SafeMovement[], place: string): void {
  const lines = rows.map((row) => [
    ...[row.occurredAt, row.businessDate, row.type, row.staffName, row.currency],
    plainMoney(minor(row.to === place ? row.amountMinor : -row.amountMinor), row.currency),
    ...[row.from, row.to, row.note],
  ])
  const head = ['at', 'businessDate', 'type', 'staff', 'currency', 'amount', 'from', 'to', 'note']
  saveCsv('safe.csv', writeCsv([head, ...lines]))
}

function Counts({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).safeCounts(shopId))
  return (
    <Section title={t('safe.counts')} className="xl:border-l">
      <Answer asked={asked}>
        {({ items }) => (
          <ul className="m-0 list-none p-0">
            {items.map((count) => (
              <CountRow key={count.id} count={count} />
            ))}
          </ul>
        )}
      </Answer>
    </Section>
  )
}

function CountRow({ count }: { readonly count: SafeCountView }) {
  const zone = useTimeZone()(count.shopId)
  return (
    <li className="border-t border-line px-5 py-1.5 text-small">
      <span className="text-ink-soft">
        <DateText instant={count.countedAt} timeZone={zone} /> · {count.staffName}
      </span>
      {count.counted.map(({ currency, countedMinor, varianceMinor, first }) => (
        <span key={currency} className="flex justify-between gap-3">
          <span>
            <MoneyText amount={minor(countedMinor)} currency={currency} unit="hide" />{' '}
            <span className="text-[0.8em] text-ink-soft">{currency}</span>
          </span>
          {!first && <VarianceText amount={minor(varianceMinor)} currency={currency} />}
        </span>
      ))}
      {count.note !== '' && <span className="block text-ink-soft">{count.note}</span>}
    </li>
  )
}

/** A blind count: it shows nothing that should be there. */
function CountDialog({
  shopId,
  onClose,
}: {
  readonly shopId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [draft, setDraft] = useState(blankCash)
  const counted = cashOf(draft)
  return (
    <ActDialog
      size="large"
      title={t('safe.count')}
      confirm={t('safe.count.keep')}
      done={t('safe.count.kept')}
      isComplete={counted.length > 0}
      act={(id) => api.actAtSafe('/v1/safe/counts', { id, counted })}
      onClose={onClose}
    >
      <p className="m-0 text-small text-ink-soft">{t('safe.count.how')}</p>
      <CashEntry shopId={shopId} draft={draft} onDraft={setDraft} />
    </ActDialog>
  )
}
