import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import type { ExpenseCategory } from '@tillkeeper/core/expense/expense.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import {
  type AmountEntry,
  type KeypadKey,
  keyOfKeyboard,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { type ReactNode, useRef, useState } from 'react'
import { findWorker, getShop, makeId } from '../app/node.ts'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { worksAt } from '../catalogue/directory.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { instantAt } from './instant-at.ts'
import type { KnownExpense } from './known-expense.ts'
import { requestExpense } from './record-expense.ts'

type Typed = {
  readonly entry: AmountEntry
  readonly categoryId: string | undefined
  readonly staffId: string
  readonly purpose: string
  readonly recipient: string
  /** `HH:MM`, or nothing. */
  readonly back: string
}

/** How much, what for, who takes it, and when the rest is back. */
export function AskView({
  onAsked,
  onBack,
}: {
  readonly onAsked: (expense: KnownExpense) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const { currency, timeZone } = getShop(node)
  const digits = exponentOf(currency)
  const categories = useTill(({ directory }) => directory.expenseCategories)
  const listed = [...categories.values()].filter(
    ({ active, limits }) => active && (limits === undefined || limits.currency === currency),
  )
  const id = useRef(makeId(node.nowMs()))
  const [typed, setTyped] = useState<Typed>(() => ({
    ...{ entry: '', categoryId: undefined, purpose: '', recipient: '', back: '' },
    staffId: findWorker(node)?.id ?? '',
  }))
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const type = (next: Partial<Typed>) => setTyped((held) => ({ ...held, ...next }))
  const ready = readAsk(typed, digits)

  const ask = async () => {
    if (busy || ready === undefined) return
    setBusy(true)
    const today = businessDateOf(new Date(node.nowMs()).toISOString(), timeZone)
    const dueAt = typed.back === '' ? undefined : instantAt(today, typed.back, timeZone)
    const asked = await requestExpense(node, { id: id.current, ...ready, dueAt })
    setBusy(false)
    if (asked.ok) onAsked(asked.value)
    else setRefusal(asked.refusal.code)
  }
  const press = (key: KeypadKey) =>
    setTyped((held) => ({ ...held, entry: pressKey(held.entry, key, digits) }))
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (event.key === 'Enter' && !pressesButton(event)) {
      void ask()
      return true
    }
    const key = keyOfKeyboard(event.key)
    if (isTyping(event) || key === undefined) return false
    press(key)
    return true
  })

  if (listed.length === 0) return <NoCategories onBack={onBack} />
  return (
    <PanelFrame
      title={t('expense.ask')}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={ready === undefined || busy}
          onClick={() => void ask()}
        >
          {t('expense.next')}
        </Button>
      }
    >
      <div className="grid grid-cols-[minmax(0,18rem)_minmax(0,1fr)] gap-6 p-5 max-[1100px]:grid-cols-1">
        <div className="flex flex-col gap-3">
          <output
            aria-label={t('cash.amount')}
            className="flex h-14 items-center justify-between rounded-md border-2 border-line-strong px-4"
          >
            <span className="text-small text-ink-soft">{t('cash.amount')}</span>
            <span className="text-title font-semibold">{typed.entry}</span>
          </output>
          <Keypad corner={digits === 0 ? '00' : 'point'} disabled={busy} onKey={press} />
        </div>
        <AskFields typed={typed} categories={listed} onType={type}>
          <p role="alert" className="m-0 min-h-6 text-small text-danger">
            {refusal !== undefined && t(refusalKey(refusal), { code: refusal })}
          </p>
        </AskFields>
      </div>
    </PanelFrame>
  )
}

/** What was typed as it is asked for; undefined while something is missing. */
function readAsk({ entry, categoryId, staffId, ...words }: Typed, digits: number) {
  const amountMinor = readEntry(entry, digits)
  const purpose = words.purpose.trim()
  const recipient = words.recipient.trim()
  if (amountMinor === undefined || amountMinor === 0 || categoryId === undefined) return undefined
  if (purpose === '' || staffId === '') return undefined
  return {
    ...{ amountMinor, categoryId, staffId: staffId as StaffId, purpose },
    ...(recipient !== '' && { recipient }),
  }
}

function NoCategories({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  return (
    <PanelFrame title={t('expense.ask')} onBack={onBack}>
      <p className="m-0 px-5 pt-5 text-body font-semibold">{t('expense.noCategories')}</p>
      <p className="m-0 px-5 pt-1 text-small text-ink-soft">{t('expense.noCategoriesNext')}</p>
    </PanelFrame>
  )
}

function AskFields({
  typed,
  categories,
  onType,
  children,
}: {
  readonly typed: Typed
  readonly categories: readonly ExpenseCategory[]
  readonly onType: (typed: Partial<Typed>) => void
  readonly children: ReactNode
}) {
  const t = useText()
  const node = useNode()
  const directory = useTill((state) => state.directory)
  const people = [...directory.people.values()].filter((person) =>
    worksAt(person, node.device.shopId),
  )
  return (
    <div className="flex flex-col gap-4">
      <fieldset className="m-0 border-0 p-0">
        <legend className="mb-1 p-0 text-small leading-[1.6] font-medium text-ink-soft">
          {t('expense.category')}
        </legend>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-2">
          {categories.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === typed.categoryId}
              onClick={() => onType({ categoryId: id })}
              className={joinClasses(
                'min-h-14 rounded-md border-2 px-3 py-1 text-left text-small leading-[1.5] font-medium',
                id === typed.categoryId
                  ? 'border-accent bg-accent-soft'
                  : 'border-line-strong/60 bg-surface hover:bg-hover',
              )}
            >
              {name}
            </button>
          ))}
        </div>
      </fieldset>
      <Field
        size="touch"
        label={t('expense.purpose')}
        value={typed.purpose}
        maxLength={200}
        onChange={(event) => onType({ purpose: event.target.value })}
      />
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          size="touch"
          label={t('expense.who')}
          value={typed.staffId}
          choices={people.map((person) => ({ value: person.id, label: person.name }))}
          onChange={(event) => onType({ staffId: event.target.value })}
        />
        <Field
          size="touch"
          type="time"
          label={t('expense.dueAt')}
          value={typed.back}
          onChange={(event) => onType({ back: event.target.value })}
        />
      </div>
      <Field
        size="touch"
        label={t('expense.recipient')}
        value={typed.recipient}
        maxLength={100}
        onChange={(event) => onType({ recipient: event.target.value })}
      />
      {children}
    </div>
  )
}
