import { isDue } from '@tillkeeper/core/expense/expense.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { Bell } from 'lucide-react'
import { useEffect } from 'react'
import { getShop } from '../app/node.ts'
import { useMinute, useNode, useTill } from '../app/use-till.ts'
import { beep } from '../scan/beep.ts'
import { useText } from '../words/use-text.ts'
import { listAdvances } from './known-expense.ts'

/** A line that rings when receipt and change of an advance are due: nothing waits for it. */
export function DueStrip({ onSettle }: { readonly onSettle: (expenseId: string) => void }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const expenses = useTill(({ book }) => book.expenses) ?? []
  const people = useTill(({ directory }) => directory.people)
  const now = new Date(useMinute()).toISOString()
  const due = listAdvances(expenses).filter((expense) => isDue(expense, now))
  const [first] = due
  const count = due.length
  useEffect(() => {
    if (count > 0) beep('unknown')
  }, [count])
  if (first?.dueAt === undefined) return null
  const { timeZone } = getShop(node)
  return (
    <section
      role="status"
      className="flex shrink-0 items-center gap-3 border-b border-line bg-warn-soft px-4 py-1.5 text-small leading-[1.5]"
    >
      <Bell aria-hidden="true" size={18} className="shrink-0 text-warn" />
      <span className="min-w-0 flex-1 truncate font-medium">
        {t('expense.strip', {
          name: people.get(first.staffId)?.name ?? '',
          amount: formatMoney(first.amountMinor, { currency: first.currency, language }),
          category: first.categoryName,
          time: formatInstant(first.dueAt, 'time', { language, timeZone }),
        })}{' '}
        {count > 1 && t('expense.stripMore', { count: count - 1 })}
      </span>
      <Button size="touch" onClick={() => onSettle(first.id)}>
        {t('expense.stripAction')}
      </Button>
    </section>
  )
}
