import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ExpenseCategoryView } from '@tillkeeper/client/api/expense-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { readEntry } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import type { ExpenseCategoryAsk } from '../api/expense-questions.ts'
import { faultOf } from '../api/problem.ts'
import { queries } from '../api/queries.ts'
import { takesPin } from '../login/takes-pin.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'

const limitNames = ['actMinor', 'dayMinor', 'personDayMinor'] as const
type LimitName = (typeof limitNames)[number]

/** What shops spend cash on, and how much needs nobody's approval: read in a shop, set up in the cloud. */
export function CategorySettings() {
  const t = useText()
  const may = useMay()
  const { api } = useClients()
  const asked = useQuery(queries(api).expenseCategories())
  const [edited, setEdited] = useState<ExpenseCategoryView>()
  const [inShop, setInShop] = useState<boolean>()
  useEffect(() => {
    const stop = new AbortController()
    takesPin(stop.signal).then(setInShop, () => undefined)
    return () => stop.abort()
  }, [])
  const mayEdit = may('chain.manage') && inShop === false
  return (
    <Section
      title={t('expense.categories')}
      action={
        mayEdit && (
          <Button
            look="quiet"
            icon={<Plus aria-hidden="true" size={16} />}
            onClick={() => setEdited({ id: makeId(), name: '', active: true, needsReceipt: true })}
          >
            {t('expense.addCategory')}
          </Button>
        )
      }
    >
      <p className="m-0 px-5 pb-2 text-small text-ink-soft">
        {t(inShop === true ? 'expense.categories.inCloud' : 'expense.categories.note')}
      </p>
      <Answer asked={asked}>
        {({ items }) => <CategoryTable items={items} onEdit={mayEdit ? setEdited : undefined} />}
      </Answer>
      {edited !== undefined && (
        <CategoryDialog key={edited.id} category={edited} onClose={() => setEdited(undefined)} />
      )}
    </Section>
  )
}

function CategoryTable({
  items,
  onEdit,
}: {
  readonly items: readonly ExpenseCategoryView[]
  readonly onEdit: ((category: ExpenseCategoryView) => void) | undefined
}) {
  const t = useText()
  if (items.length === 0) {
    return <p className="m-0 px-5 pb-5 text-small">{t('expense.categories.none')}</p>
  }
  const limit = ({ limits }: ExpenseCategoryView, name: LimitName) => {
    const amount = limits?.[name]
    if (limits === undefined) return name === 'actMinor' ? t('expense.always') : '–'
    return amount === undefined ? (
      t('expense.unlimited')
    ) : (
      <MoneyText amount={amount} currency={limits.currency} />
    )
  }
  return (
    <div className="overflow-x-auto pb-4">
      <table aria-label={t('expense.categories')} className="w-full border-collapse text-small">
        <thead>
          <tr className="text-ink-soft">
            <th scope="col" className="py-1.5 pr-3 pl-5 text-left font-medium">
              {t('expense.category')}
            </th>
            {limitNames.map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 text-right font-medium">
                {t(`expense.limit.${name}`)}
              </th>
            ))}
            <th scope="col" className="px-3 py-1.5 text-left font-medium">
              {t('expense.receipt')}
            </th>
            <th scope="col" className="py-1.5 pr-5 pl-3">
              <span className="sr-only">{t('expense.edit')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((category) => (
            <tr key={category.id} className="border-t border-line">
              <th scope="row" className="py-1.5 pr-3 pl-5 text-left font-medium">
                {category.name}
                {!category.active && (
                  <span className="font-normal text-ink-soft"> · {t('expense.inactive')}</span>
                )}
              </th>
              {limitNames.map((name) => (
                <td key={name} className="px-3 py-1.5 text-right whitespace-nowrap">
                  {limit(category, name)}
                </td>
              ))}
              <td className="px-3 py-1.5">
                {t(category.needsReceipt ? 'expense.receipt.yes' : 'expense.receipt.no')}
              </td>
              <td className="py-1.5 pr-5 pl-3 text-right">
                {onEdit !== undefined && (
                  <Button look="quiet" onClick={() => onEdit(category)}>
                    {t('expense.edit')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Typed = Readonly<Record<LimitName, string>> & {
  readonly name: string
  readonly currency: Currency
  readonly needsReceipt: boolean
  readonly active: boolean
}

function CategoryDialog({
  category,
  onClose,
}: {
  readonly category: ExpenseCategoryView
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const shops = useQuery(queries(api).shops()).data ?? []
  const currencies = [...new Set(shops.map((shop) => shop.currency))]
  const [typed, setTyped] = useState<Typed>(() => startTyping(category, currencies[0]))
  const change = (next: Partial<Typed>) => setTyped((held) => ({ ...held, ...next }))
  const amounts = limitNames.map((name) => readLimit(typed[name], typed.currency))
  const complete = typed.name.trim() !== '' && amounts.every((amount) => amount !== 'wrong')
  const put = useMutation({
    mutationFn: () => api.putExpenseCategory(readTyped(category.id, typed)),
    onSuccess: async () => {
      toast(t('expense.categorySaved'))
      onClose()
      await cache.invalidateQueries()
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(category.name === '' ? 'expense.addCategory' : 'expense.editCategory')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" disabled={!complete || put.isPending} onClick={() => put.mutate()}>
            {t('expense.save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('expense.categoryName')}
          value={typed.name}
          maxLength={60}
          onChange={({ target }) => change({ name: target.value })}
        />
        <SelectField
          label={t('expense.currency')}
          value={typed.currency}
          choices={currencies.map((value) => ({ value, label: value }))}
          onChange={({ target }) => change({ currency: target.value as Currency })}
        />
        {limitNames.map((name, at) => (
          <Field
            key={name}
            label={t(`expense.limit.${name}`)}
            hint={t('expense.limit.hint')}
            inputMode="decimal"
            value={typed[name]}
            error={amounts[at] === 'wrong' ? t('expense.limit.wrong') : undefined}
            onChange={({ target }) => change({ [name]: target.value })}
          />
        ))}
        <SelectField
          label={t('expense.receipt')}
          value={typed.needsReceipt ? 'yes' : 'no'}
          choices={[
            { value: 'yes', label: t('expense.receipt.yes') },
            { value: 'no', label: t('expense.receipt.no') },
          ]}
          onChange={({ target }) => change({ needsReceipt: target.value === 'yes' })}
        />
        <SelectField
          label={t('expense.use')}
          value={typed.active ? 'yes' : 'no'}
          choices={[
            { value: 'yes', label: t('expense.active') },
            { value: 'no', label: t('expense.inactive') },
          ]}
          onChange={({ target }) => change({ active: target.value === 'yes' })}
        />
        {put.error !== null && (
          <p
            role="alert"
            className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger sm:col-span-2"
          >
            {t(faultOf(put.error) === 'unreachable' ? 'settle.unreachable' : 'expense.refused')}
          </p>
        )}
      </div>
    </Dialog>
  )
}

/** A category as it is typed; a new one begins in the first currency of the chain. */
function startTyping(category: ExpenseCategoryView, first: Currency | undefined): Typed {
  const { limits, name, needsReceipt, active } = category
  const currency = limits?.currency ?? first ?? ('THB' as Currency)
  const text = (limit: LimitName) => {
    const amount = limits?.[limit]
    return amount === undefined ? '' : plainMoney(amount, currency)
  }
  return {
    ...{ name, currency, needsReceipt, active },
    ...{ actMinor: text('actMinor'), dayMinor: text('dayMinor') },
    personDayMinor: text('personDayMinor'),
  }
}

/** The category as it is asked for; a limit that is left out bounds nothing. */
function readTyped(id: string, typed: Typed): ExpenseCategoryAsk {
  const { name, currency, needsReceipt, active } = typed
  const kept = limitNames.flatMap((limit) => {
    const amount = readLimit(typed[limit], currency)
    return typeof amount === 'number' ? [[limit, amount] as const] : []
  })
  const limits = { currency, ...Object.fromEntries(kept) }
  return { id, name: name.trim(), needsReceipt, active, limits }
}

const digitsMax = 10

/** What a person typed as a limit: nothing is no limit. */
function readLimit(text: string, currency: Currency): Minor | undefined | 'wrong' {
  const plain = text.replaceAll(/[\s,]/g, '')
  if (plain === '') return undefined
  const digits = exponentOf(currency)
  const form = new RegExp(`^[0-9]{1,${digitsMax}}([.][0-9]{1,${Math.max(1, digits)}})?$`)
  if (!form.test(plain) || (digits === 0 && plain.includes('.'))) return 'wrong'
  return readEntry(plain, digits) ?? minor(0)
}
