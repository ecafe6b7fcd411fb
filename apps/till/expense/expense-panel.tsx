import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useEffect, useState } from 'react'
import { may } from '../app/node.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { useText } from '../words/use-text.ts'
import { ApproveView } from './approve-view.tsx'
import { AskView } from './ask-view.tsx'
import { ExpenseList } from './expense-list.tsx'
import type { KnownExpense } from './known-expense.ts'
import { PayView } from './pay-view.tsx'
import { hearExpenses, limitsAbove } from './record-expense.ts'
import { SettleView } from './settle-view.tsx'

type View =
  | { readonly at: 'list' }
  | { readonly at: 'ask' }
  | { readonly at: 'one'; readonly id: string }
  | { readonly at: 'done'; readonly text: string }

/** Cash for expenses: asked for, allowed, given out, brought home. */
export function ExpensePanel({
  expenseId,
  onBack,
}: {
  /** One that is to be settled, where the panel was opened for it. */
  readonly expenseId?: string | undefined
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const expenses = useTill(({ book }) => book.expenses) ?? []
  const [view, setView] = useState<View>(
    expenseId === undefined ? { at: 'list' } : { at: 'one', id: expenseId },
  )
  const [heard, setHeard] = useState<boolean>()
  useEffect(() => {
    void hearExpenses(node).then(setHeard)
  }, [node])

  const list = () => setView({ at: 'list' })
  const back = () => (view.at === 'list' || expenseId !== undefined ? onBack() : list())
  useKeys((event) => {
    if (event.key === 'Escape') back()
    else if (event.key === 'Enter' && view.at === 'done' && !pressesButton(event)) back()
    else return false
    return true
  })
  const one = view.at === 'one' ? expenses.find(({ id }) => id === view.id) : undefined
  if (!may(node, 'expense.request')) {
    return (
      <PanelFrame title={t('expense.title')} onBack={onBack}>
        <p className="p-5 text-body">{t('refusal.forbidden')}</p>
      </PanelFrame>
    )
  }
  if (view.at === 'done') {
    return (
      <PanelFrame
        title={t('expense.title')}
        onBack={back}
        foot={
          <Button size="pay" look="primary" shortcut="Enter" onClick={back}>
            {t('closed.done')}
          </Button>
        }
      >
        <p role="status" className="p-6 text-title font-semibold text-good">
          {view.text}
        </p>
      </PanelFrame>
    )
  }
  if (view.at === 'ask') {
    return <AskView onAsked={({ id }) => setView({ at: 'one', id })} onBack={back} />
  }
  if (one !== undefined && isOpen(one)) {
    return (
      <One
        key={`${one.id} ${one.state}`}
        expense={one}
        onDone={(text) => setView({ at: 'done', text })}
        onWait={list}
        onBack={back}
      />
    )
  }
  return (
    <ExpenseList
      expenses={expenses}
      away={heard === false}
      onAsk={() => setView({ at: 'ask' })}
      onOpen={({ id }) => setView({ at: 'one', id })}
      onBack={back}
    />
  )
}

const isOpen = ({ state }: KnownExpense) => state !== 'settled' && state !== 'declined'

/** What there is to do about one expense. */
function One({
  expense,
  onDone,
  onWait,
  onBack,
}: {
  readonly expense: KnownExpense
  readonly onDone: (text: string) => void
  readonly onWait: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const name = useTill(({ directory }) => directory.people.get(expense.staffId)?.name) ?? ''
  const { amountMinor, currency, state } = expense
  const faces = denominationsOf(currency).map(({ faceMinor }) => faceMinor)
  const above = state === 'requested' ? limitsAbove(node, expense) : []
  if (state === 'paid') {
    const onSettled = (amount: string) => onDone(t('expense.settledDone', { amount }))
    return <SettleView {...{ expense, faces, onSettled, onBack }} />
  }
  if (above.length > 0) return <ApproveView {...{ expense, above, onWait, onBack }} />
  const amount = formatMoney(amountMinor, { currency, language })
  const onPaid = () => onDone(t('expense.paidDone', { amount, name }))
  return <PayView {...{ expense, name, faces, onPaid, onBack }} />
}
