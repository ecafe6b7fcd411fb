import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import {
  type AmountEntry,
  type KeypadKey,
  keyOfKeyboard,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useRef, useState } from 'react'
import { makeId } from '../app/node.ts'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { PhotoField } from '../photo/photo-field.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import type { KnownExpense } from './known-expense.ts'
import { settleExpense } from './record-expense.ts'

type Spent = {
  readonly spentMinor: Minor
  readonly photoId?: string | undefined
  readonly noReceipt?: string | undefined
}

/** Receipt and change of an advance: what was spent first, then what is counted back into the drawer. */
export function SettleView({
  expense,
  faces,
  onSettled,
  onBack,
}: {
  readonly expense: KnownExpense
  readonly faces: readonly Minor[]
  readonly onSettled: (returned: string) => void
  readonly onBack: () => void
}) {
  const [spent, setSpent] = useState<Spent>()
  const [typed, setTyped] = useState<SpentTyped>({ entry: '', photoId: undefined, noReceipt: '' })
  if (spent === undefined) {
    return (
      <SpentStep
        {...{ expense, typed, onBack }}
        onType={(next) => setTyped((held) => ({ ...held, ...next }))}
        onNext={setSpent}
      />
    )
  }
  return <ChangeStep {...{ expense, faces, spent, onSettled }} onBack={() => setSpent(undefined)} />
}

type SpentTyped = {
  readonly entry: AmountEntry
  readonly photoId: string | undefined
  readonly noReceipt: string
}

function SpentStep({
  expense,
  typed,
  onType,
  onNext,
  onBack,
}: {
  readonly expense: KnownExpense
  readonly typed: SpentTyped
  readonly onType: (typed: Partial<SpentTyped>) => void
  readonly onNext: (spent: Spent) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const digits = exponentOf(expense.currency)
  const [refusal, setRefusal] = useState<string>()
  const { entry, photoId } = typed
  const spentMinor = readEntry(entry, digits)
  const noReceipt = typed.noReceipt.trim()

  const goOn = () => {
    if (spentMinor === undefined) return
    const unproven = photoId === undefined && noReceipt === ''
    if (spentMinor > givenOf(expense)) setRefusal('spent_above_given')
    else if (expense.needsReceipt && spentMinor > 0 && unproven) setRefusal('receipt_required')
    else onNext({ spentMinor, photoId, ...(noReceipt !== '' && { noReceipt }) })
  }
  const press = (key: KeypadKey) => {
    setRefusal(undefined)
    onType({ entry: pressKey(entry, key, digits) })
  }
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (event.key === 'Enter' && !pressesButton(event)) {
      goOn()
      return true
    }
    const key = keyOfKeyboard(event.key)
    if (isTyping(event) || key === undefined) return false
    press(key)
    return true
  })
  return (
    <PanelFrame
      title={useTitle(expense)}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={spentMinor === undefined}
          onClick={goOn}
        >
          {t('expense.countChange')}
        </Button>
      }
    >
      <div className="grid grid-cols-[minmax(0,20rem)_minmax(0,1fr)] gap-6 p-5 max-[1100px]:grid-cols-1">
        <div className="flex flex-col gap-3">
          <output
            aria-label={t('expense.spent')}
            className="flex min-h-14 items-center justify-between gap-3 rounded-md border-2 border-line-strong px-4 py-1 leading-[1.5]"
          >
            <span className="text-small text-ink-soft">{t('expense.spent')}</span>
            <span className="text-title font-semibold">{entry}</span>
          </output>
          <Keypad corner={digits === 0 ? '00' : 'point'} onKey={press} />
        </div>
        <div className="flex flex-col gap-4">
          <p className="m-0 text-body leading-[1.5]">
            {expense.categoryName} · {expense.purpose}
          </p>
          <PhotoField photoId={photoId} onPhoto={(id) => onType({ photoId: id })} />
          {expense.needsReceipt && photoId === undefined && (
            <Field
              size="touch"
              label={t('expense.noReceipt')}
              value={typed.noReceipt}
              maxLength={200}
              onChange={(event) => onType({ noReceipt: event.target.value })}
            />
          )}
          <Refusal code={refusal} />
        </div>
      </div>
    </PanelFrame>
  )
}

function ChangeStep({
  expense,
  faces,
  spent,
  onSettled,
  onBack,
}: {
  readonly expense: KnownExpense
  readonly faces: readonly Minor[]
  readonly spent: Spent
  readonly onSettled: (returned: string) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const [count, setCount] = useState<CashCount>(blankCount)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const id = useRef(makeId(node.nowMs()))
  const { currency } = expense

  const settle = async () => {
    if (busy) return
    setBusy(true)
    const returnedMinor = totalOf(count)
    const done = await settleExpense(node, {
      ...{ id: id.current, expenseId: expense.id, ...spent, returnedMinor },
      returnedPieces: listPieces(count),
    })
    setBusy(false)
    if (done.ok) onSettled(formatMoney(returnedMinor, { currency, language }))
    else setRefusal(done.refusal.code)
  }
  useKeys((event) => {
    if (event.key === 'Escape') onBack()
    else if (event.key === 'Enter' && !pressesButton(event) && !isTyping(event)) void settle()
    else return false
    return true
  })
  return (
    <PanelFrame
      title={useTitle(expense)}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={busy}
          onClick={() => void settle()}
        >
          {busy ? t('pay.saving') : t('expense.settle')}
        </Button>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(12rem,15rem)] gap-6 p-5 max-[1100px]:grid-cols-1">
        <DenominationTable
          {...{ currency, faces, count }}
          onCount={setCount}
          onDone={() => void settle()}
          disabled={busy}
          autoFocus
        />
        <div className="sticky top-0 self-start">
          <Sum
            {...{ currency, count, spentMinor: spent.spentMinor }}
            givenMinor={givenOf(expense)}
          />
          <Refusal code={refusal} />
        </div>
      </div>
    </PanelFrame>
  )
}

const givenOf = ({ paid, amountMinor }: KnownExpense): Minor => paid?.amountMinor ?? amountMinor

function useTitle(expense: KnownExpense): string {
  const t = useText()
  const [language] = useLanguage()
  const { currency } = expense
  return t('expense.settleTitle', { amount: formatMoney(givenOf(expense), { currency, language }) })
}

function Refusal({ code }: { readonly code: string | undefined }) {
  const t = useText()
  return (
    <p role="alert" className="m-0 min-h-6 text-small text-danger">
      {code !== undefined && t(refusalKey(code), { code })}
    </p>
  )
}

/** Given less spent is what comes back: the difference, with its sign and its word. */
function Sum({
  currency,
  givenMinor,
  spentMinor,
  count,
}: {
  readonly currency: KnownExpense['currency']
  readonly givenMinor: Minor
  readonly spentMinor: Minor
  readonly count: CashCount
}) {
  const t = useText()
  const returned = totalOf(count)
  const difference = minor(spentMinor + returned - givenMinor)
  const word = difference === 0 ? 'exact' : difference < 0 ? 'short' : 'over'
  const rows = [
    ['expense.given', givenMinor],
    ['expense.spent', spentMinor],
    ['expense.returned', returned],
  ] as const
  return (
    <dl className="m-0 text-body leading-[1.5]">
      {rows.map(([key, amount]) => (
        <div key={key} className="flex items-baseline justify-between gap-3 py-1.5">
          <dt className="text-small text-ink-soft">{t(key)}</dt>
          <dd className="m-0 whitespace-nowrap">
            <MoneyText amount={amount} currency={currency} />
          </dd>
        </div>
      ))}
      <div className="mt-1 border-t-2 border-ink pt-2">
        <dt className="text-small font-semibold">{t('expense.difference')}</dt>
        <dd
          className={joinClasses(
            'm-0 text-title font-semibold whitespace-nowrap',
            word === 'exact' ? 'text-good' : word === 'short' ? 'text-danger' : 'text-warn',
          )}
        >
          <MoneyText amount={difference} currency={currency} sign="always" />{' '}
          <span className="text-small">{t(`expense.${word}`)}</span>
        </dd>
      </div>
    </dl>
  )
}
