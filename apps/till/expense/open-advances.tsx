import { minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { getCurrency } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import { listAdvances } from './known-expense.ts'

/** Advances that are out while a drawer is counted: seen before the close, which does not wait for them. */
export function OpenAdvances() {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const currency = getCurrency(node)
  const people = useTill(({ directory }) => directory.people)
  const expenses = useTill(({ book }) => book.expenses) ?? []
  const advances = listAdvances(expenses).filter((each) => each.currency === currency)
  if (advances.length === 0) return null
  const sum = advances.reduce((all, { amountMinor }) => all + amountMinor, 0)
  const amount = formatMoney(minor(sum), { currency, language })
  return (
    <section className="rounded-md border border-warn p-3 text-small leading-[1.5]">
      <p className="m-0 font-semibold text-warn">
        {t('expense.atClose', { count: advances.length, amount })}
      </p>
      <ul className="my-1 list-none p-0">
        {advances.map((each) => (
          <li key={each.id} className="flex justify-between gap-3">
            <span className="truncate">
              {people.get(each.staffId)?.name ?? ''} · {each.categoryName}
            </span>
            <MoneyText amount={each.amountMinor} currency={currency} />
          </li>
        ))}
      </ul>
      <p className="m-0 text-ink-soft">{t('expense.atCloseText')}</p>
    </section>
  )
}
