import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Drop } from '@tillkeeper/client/api/drawer-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { readEntry } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { type ReactNode, useState } from 'react'
import { useClients, useEmployee, useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { useScope, useTimeZone, useTodayDate } from '../shell/use-scope.ts'

/** Cash between people: what waits for a signature, and what was done by whose word. */
export function HandOverSections() {
  const t = useText()
  const { api } = useClients()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const day = date ?? today
  const zoneOf = useTimeZone()
  const drops = useQuery({
    queryKey: ['drops', shop ?? null],
    queryFn: ({ signal }) => api.listDrops(shop, { signal }),
  })
  const handOvers = useQuery({
    queryKey: ['hand-overs', shop ?? null],
    queryFn: ({ signal }) => api.listHandOvers(shop, { signal }),
  })
  const openings = useQuery({
    queryKey: ['drawer-openings', shop ?? null, day],
    queryFn: ({ signal }) => api.listDrawerOpenings(shop, day, { signal }),
  })
  const approvals = useQuery({
    queryKey: ['approval-uses', shop ?? null],
    queryFn: ({ signal }) => api.listApprovalUses(shop, { signal }),
  })
  const at = (shopId: string, instant: string) => (
    <DateText instant={instant} timeZone={zoneOf(shopId)} />
  )
  return (
    <div className="grid content-start bg-surface xl:grid-cols-2">
      <List
        title={t('drops.title')}
        none={t('drops.none')}
        rows={drops.data?.items.map((drop) => ({
          key: drop.id,
          text: drop.staffName,
          note: at(drop.shopId, drop.droppedAt),
          amount: <MoneyText amount={minor(drop.amountMinor)} currency={drop.currency} />,
          action: <ConfirmDrop drop={drop} />,
        }))}
      />
      <List
        title={t('handOvers.title')}
        none={t('handOvers.none')}
        rows={handOvers.data?.items.map((each) => ({
          key: each.id,
          text: t(each.state === 'declined' ? 'handOvers.declined' : 'handOvers.given', {
            from: each.tillNumber,
            to: each.toTillNumber,
            name: each.staffName,
          }),
          note: at(each.shopId, each.givenAt),
          amount: <MoneyText amount={minor(each.amountMinor)} currency={each.currency} />,
        }))}
      />
      <List
        title={t('openings.title')}
        none={t('openings.none')}
        rows={openings.data?.items.map((each) => ({
          key: each.id,
          text: t('openings.row', { number: each.tillNumber, reason: each.reason }),
          note: (
            <>
              {each.staffName}
              {each.approverId !== null && ` · ${t('openings.by', { name: each.approverName })}`} ·{' '}
              {at(each.shopId, each.openedAt)}
            </>
          ),
        }))}
      />
      <List
        title={t('approvals.title')}
        none={t('approvals.none')}
        rows={approvals.data?.items.map((each) => ({
          key: each.factId,
          text: t('approvals.row', { name: each.approverName, staff: each.staffName }),
          note: (
            <>
              <span className="font-mono">{each.permission}</span> · {at(each.shopId, each.usedAt)}
            </>
          ),
          amount:
            each.amountMinor === null || each.currency === null ? undefined : (
              <MoneyText amount={minor(each.amountMinor)} currency={each.currency} />
            ),
        }))}
      />
    </div>
  )
}

type Row = {
  readonly key: string
  readonly text: string
  readonly note: ReactNode
  readonly amount?: ReactNode
  readonly action?: ReactNode
}

function List({
  title,
  none,
  rows,
}: {
  readonly title: string
  readonly none: string
  readonly rows: readonly Row[] | undefined
}) {
  return (
    <Section title={title}>
      {rows === undefined || rows.length === 0 ? (
        <p className="m-0 px-5 pb-4 text-small text-ink-soft">{rows === undefined ? '…' : none}</p>
      ) : (
        <ul className="m-0 mb-4 max-h-80 list-none overflow-y-auto p-0">
          {rows.map(({ key, text, note, amount, action }) => (
            <li
              key={key}
              className="flex items-center gap-3 border-t border-line px-5 py-2 text-small first:border-t-0"
            >
              <span className="min-w-0 flex-1">
                {text}
                <span className="block text-ink-soft">{note}</span>
              </span>
              {amount}
              {action}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

/** Signs for a drop as it is counted in the safe; never who dropped it. */
function ConfirmDrop({ drop }: { readonly drop: Drop }) {
  const t = useText()
  const { api } = useClients()
  const cache = useQueryClient()
  const me = useEmployee()
  const may = useMay()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [id] = useState(makeId)
  const counted = text.trim() === '' ? undefined : readEntry(text.trim(), exponentOf(drop.currency))
  const confirm = useMutation({
    mutationFn: (countedMinor: number) => api.confirmDrop(drop.id, { id, countedMinor }),
    onSuccess: async () => {
      setOpen(false)
      await cache.invalidateQueries()
    },
  })
  if (!may('cash.confirm') || me.id === drop.staffId) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('drops.confirm')}</Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('drops.confirm.title', { name: drop.staffName })}
        actions={
          <Button
            look="primary"
            disabled={counted === undefined || confirm.isPending}
            onClick={() => counted !== undefined && confirm.mutate(counted)}
          >
            {t('drops.sign')}
          </Button>
        }
      >
        <p className="mt-0 text-small text-ink-soft">{t('drops.confirm.intro')}</p>
        <Field
          label={`${t('drops.counted')} (${drop.currency})`}
          inputMode="decimal"
          className="text-right"
          value={text}
          error={confirm.isError ? t('drops.failed') : undefined}
          onChange={(event) => setText(event.target.value)}
        />
      </Dialog>
    </>
  )
}
