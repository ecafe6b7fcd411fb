import { isDue } from '@tillkeeper/core/expense/expense.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { Bell } from 'lucide-react'
import { getShop } from '../app/node.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useMinute, useNode, useTill } from '../app/use-till.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { useText } from '../words/use-text.ts'
import { type KnownExpense, listAdvances, listOpen } from './known-expense.ts'

/** What somebody still has to do something about: advances that are out, then what was asked for. */
export function ExpenseList({
  expenses,
  away,
  onAsk,
  onOpen,
  onBack,
}: {
  readonly expenses: readonly KnownExpense[]
  /** The store server did not answer. */
  readonly away: boolean
  readonly onAsk: () => void
  readonly onOpen: (expense: KnownExpense) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const advances = listAdvances(expenses)
  const asked = listOpen(expenses).filter(({ state }) => state !== 'paid')
  useKeys((event) => {
    if (event.key !== 'Enter' || pressesButton(event)) return false
    onAsk()
    return true
  })
  return (
    <PanelFrame
      title={t('expense.title')}
      onBack={onBack}
      foot={
        <Button size="pay" look="primary" shortcut="Enter" onClick={onAsk}>
          {t('expense.ask')}
        </Button>
      }
    >
      <div className="flex flex-col gap-6 p-5">
        {away && (
          <p role="status" className="m-0 text-small text-ink-soft">
            {t('expense.away')}
          </p>
        )}
        {advances.length === 0 && asked.length === 0 && (
          <div>
            <p className="m-0 text-body font-semibold">{t('expense.none')}</p>
            <p className="m-0 mt-1 text-small text-ink-soft">{t('expense.noneNext')}</p>
          </div>
        )}
        <Group title={t('expense.out')} expenses={advances} onOpen={onOpen} />
        <Group title={t('expense.waiting')} expenses={asked} onOpen={onOpen} />
      </div>
    </PanelFrame>
  )
}

function Group({
  title,
  expenses,
  onOpen,
}: {
  readonly title: string
  readonly expenses: readonly KnownExpense[]
  readonly onOpen: (expense: KnownExpense) => void
}) {
  if (expenses.length === 0) return null
  return (
    <section>
      <h3 className="m-0 mb-1 text-small font-medium text-ink-soft">{title}</h3>
      <ul className="m-0 list-none border-t border-line p-0">
        {expenses.map((expense) => (
          <Row key={expense.id} expense={expense} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  )
}

function Row({
  expense,
  onOpen,
}: {
  readonly expense: KnownExpense
  readonly onOpen: (expense: KnownExpense) => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const name = useTill(({ directory }) => directory.people.get(expense.staffId)?.name) ?? ''
  const due = isDue(expense, new Date(useMinute()).toISOString())
  const { timeZone } = getShop(node)
  const time =
    expense.dueAt === undefined
      ? undefined
      : formatInstant(expense.dueAt, 'time', { language, timeZone })
  return (
    <li className="border-b border-line">
      <button
        type="button"
        onClick={() => onOpen(expense)}
        className="grid min-h-16 w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-1 py-2 text-left leading-[1.5] hover:bg-hover"
      >
        <span className="truncate text-body font-medium">
          {name} · {expense.categoryName}
        </span>
        <span className="text-body font-semibold">
          <MoneyText amount={expense.amountMinor} currency={expense.currency} />
        </span>
        <span className="truncate text-small text-ink-soft">{expense.purpose}</span>
        <span
          className={joinClasses(
            'inline-flex items-center justify-end gap-1.5 text-small',
            due ? 'font-semibold text-warn' : 'text-ink-soft',
          )}
        >
          {due && <Bell aria-hidden="true" size={16} />}
          {expense.state === 'paid'
            ? time !== undefined && t(due ? 'expense.overdue' : 'expense.due', { time })
            : t(`expense.state.${expense.state}`)}
        </span>
      </button>
    </li>
  )
}
