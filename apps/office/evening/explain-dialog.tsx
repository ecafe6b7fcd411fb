import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { readEntry } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { describeEveningRefusal, describeReason } from './describe-evening.ts'

const noteCharsMax = 400

/** What it usually was, the most frequent first. */
export const reasons = [
  'missing_drop',
  'wrong_change',
  'wrong_tender',
  'missing_pay_out',
  'miscount',
  'unknown',
] as const

/** Where what was short is, or whose what was over is. */
const places: readonly { readonly kind: string; readonly text: OfficeKey }[] = [
  { kind: 'safe', text: 'evening.place.safe' },
  { kind: 'customer', text: 'evening.place.customer' },
  { kind: 'supplier', text: 'evening.place.supplier' },
  { kind: 'bank', text: 'evening.place.bank' },
]

/** What a session's close differs by in one currency. */
export type Difference = {
  readonly currency: Currency
  readonly varianceMinor: Minor
  /** What is not booked yet, above zero or zero. */
  readonly left: Minor
}

/** What fills the dialog before a person changes it: an explanation that was worked out. */
export type Suggestion = {
  readonly currency: Currency
  readonly reason: string
  readonly note: string
  readonly place?: string | undefined
  readonly amountMinor?: Minor | undefined
}

/** Asks what a variance was and where the cash is, and books it once. */
export function ExplainDialog({
  session,
  differences,
  suggestion,
  onClose,
}: {
  readonly session: Session
  /** At least one, that to be explained first before the others. */
  readonly differences: readonly [Difference, ...(readonly Difference[])]
  readonly suggestion?: Suggestion | undefined
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const { shopId } = session
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const [reason, setReason] = useState<string>(suggestion?.reason ?? 'missing_drop')
  const [note, setNote] = useState(suggestion?.note ?? '')
  const [place, setPlace] = useState(suggestion?.place ?? '')
  const [currency, setCurrency] = useState(suggestion?.currency ?? differences[0].currency)
  const difference = differences.find((each) => each.currency === currency) ?? differences[0]
  const { left } = difference
  const [entry, setEntry] = useState(plainMoney(suggestion?.amountMinor ?? left, currency))
  const amount = readEntry(entry.trim().replaceAll(',', ''), exponentOf(currency))
  const isShort = difference.varianceMinor < 0
  const choose = (of: Currency) => {
    setCurrency(of)
    const other = differences.find((each) => each.currency === of)
    setEntry(plainMoney(other?.left ?? minor(0), of))
  }
  const explain = useMutation({
    mutationFn: () =>
      api.explain(session.id, {
        ...{ id, currency, reason, note: note.trim() },
        places:
          place === '' || amount === undefined
            ? []
            : [{ place: `${place}:${shopId}`, amountMinor: amount }],
      }),
    onSuccess: async () => {
      toast(t('evening.explained'))
      onClose()
      await cache.invalidateQueries()
    },
  })
  const wrong = place !== '' && (amount === undefined || amount <= 0 || amount > left)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('evening.explain')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            disabled={wrong || explain.isPending}
            onClick={() => explain.mutate()}
          >
            {t('evening.explain.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <CurrencyField differences={differences} currency={currency} onCurrency={choose} />
        <Stays difference={difference} />
        <ReasonField reason={reason} onReason={setReason} />
        <SelectField
          label={isShort ? t('evening.foundIn') : t('evening.belongsTo')}
          value={place}
          onChange={(event) => setPlace(event.target.value)}
          choices={[
            { value: '', label: t('evening.place.none') },
            ...places.map(({ kind, text }) => ({ value: kind, label: t(text) })),
          ]}
        />
        {place !== '' && (
          <Field
            label={t('evening.amount')}
            value={entry}
            inputMode="decimal"
            error={
              wrong ? t('evening.amount.wrong', { amount: plainMoney(left, currency) }) : undefined
            }
            onChange={(event) => setEntry(event.target.value)}
          />
        )}
        <Field
          label={t('evening.note')}
          hint={t('evening.note.hint')}
          value={note}
          maxLength={noteCharsMax}
          onChange={(event) => setNote(event.target.value)}
        />
        <Refused error={explain.error} />
      </div>
    </Dialog>
  )
}

function Refused({ error }: { readonly error: Error | null }) {
  const t = useText()
  if (error === null) return null
  return (
    <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
      {t(describeEveningRefusal(error))}
    </p>
  )
}

function ReasonField({
  reason,
  onReason,
}: {
  readonly reason: string
  readonly onReason: (reason: string) => void
}) {
  const t = useText()
  return (
    <SelectField
      label={t('evening.reason')}
      value={reason}
      onChange={(event) => onReason(event.target.value)}
      choices={[...new Set([...reasons, reason])].map((value) => ({
        value,
        label: t(describeReason(value)),
      }))}
    />
  )
}

/** Which difference is explained, where there are several. */
function CurrencyField({
  differences,
  currency,
  onCurrency,
}: {
  readonly differences: readonly Difference[]
  readonly currency: Currency
  readonly onCurrency: (currency: Currency) => void
}) {
  const t = useText()
  if (differences.length < 2) return null
  return (
    <SelectField
      label={t('evening.currency')}
      value={currency}
      onChange={(event) => onCurrency(event.target.value as Currency)}
      choices={differences.map((each) => ({ value: each.currency, label: each.currency }))}
    />
  )
}

/** What the explanation is of, and that it changes no count. */
function Stays({ difference }: { readonly difference: Difference }) {
  const t = useText()
  const { varianceMinor, currency } = difference
  return (
    <p className="m-0 text-small text-ink-soft">
      <VarianceText amount={varianceMinor} currency={currency} unit="show" /> ·{' '}
      {t('evening.explain.stays')}
    </p>
  )
}
