import type { Minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useRef, useState } from 'react'
import { makeId } from '../app/node.ts'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { payExpenseByMachine } from '../machine/ask-machine.ts'
import { useMachineHere } from '../machine/machine-method.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { type CashRefusal, useRefusal } from '../words/use-refusal.ts'
import { useText } from '../words/use-text.ts'
import type { KnownExpense } from './known-expense.ts'
import { payExpense } from './record-expense.ts'

/** Gives the cash out, by piece where somebody counts it. */
export function PayView({
  expense,
  name,
  faces,
  onPaid,
  onBack,
}: {
  readonly expense: KnownExpense
  /** Who takes it. */
  readonly name: string
  readonly faces: readonly Minor[]
  readonly onPaid: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const [counting, setCounting] = useState(false)
  const [count, setCount] = useState<CashCount>(blankCount)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<CashRefusal>()
  const say = useRefusal(expense.currency)
  const id = useRef(makeId(node.nowMs()))
  const { amountMinor, currency } = expense
  const ready = !counting || totalOf(count) === amountMinor

  const pay = async () => {
    if (busy || !ready) return
    setBusy(true)
    const done = await payExpense(node, {
      ...{ id: id.current, expenseId: expense.id },
      pieces: counting ? listPieces(count) : undefined,
    })
    setBusy(false)
    if (done.ok) onPaid()
    else setRefusal(done.refusal)
  }
  const here = useMachineHere(currency)
  const payByMachine = async () => {
    if (busy) return
    setBusy(true)
    const begun = await payExpenseByMachine(node, currency, {
      ...{ id: id.current, expenseId: expense.id, name },
    })
    setBusy(false)
    if (!begun.ok) setRefusal(begun.refusal)
  }
  useKeys((event) => {
    if (event.key !== 'Enter' || pressesButton(event) || isTyping(event)) return false
    void pay()
    return true
  })

  return (
    <PanelFrame
      title={t('expense.payTitle', { amount: formatMoney(amountMinor, { currency, language }) })}
      onBack={onBack}
      foot={
        <>
          {here !== undefined && !counting && (
            <Button
              size="pay"
              data-machine="choice"
              disabled={busy || here.away !== undefined}
              onClick={() => void payByMachine()}
            >
              {t('machine.expense')}
              {here.away !== undefined && ` · ${t(`machine.away.${here.away.why}`)}`}
            </Button>
          )}
          {!counting && (
            <Button size="pay" disabled={busy} onClick={() => setCounting(true)}>
              {t('expense.countNotes')}
            </Button>
          )}
          <Button
            size="pay"
            look="primary"
            shortcut="Enter"
            disabled={busy || !ready}
            onClick={() => void pay()}
          >
            {busy ? t('pay.saving') : t('expense.pay')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 p-5">
        <dl className="m-0 grid grid-cols-[minmax(0,1fr)_auto] gap-y-1 text-body leading-[1.5]">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="m-0 text-title font-semibold">
            <MoneyText amount={amountMinor} currency={currency} />
          </dd>
          <dt className="text-ink-soft">
            {expense.categoryName} · {expense.purpose}
          </dt>
        </dl>
        <p role="alert" className="m-0 min-h-6 text-small text-danger">
          {refusal !== undefined && say(refusal)}
        </p>
        {counting && (
          <DenominationTable
            {...{ currency, faces, count }}
            onCount={setCount}
            onDone={() => void pay()}
            disabled={busy}
            autoFocus
          />
        )}
      </div>
    </PanelFrame>
  )
}
