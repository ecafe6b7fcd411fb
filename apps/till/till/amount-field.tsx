import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import {
  type AmountEntry,
  keyOfKeyboard,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'
import { useState } from 'react'

/** An amount to type in a line of a form. Nothing typed is nothing. */
export function AmountField({
  label,
  hint,
  currency,
  start,
  disabled = false,
  onAmount,
}: {
  readonly label: string
  readonly hint?: string
  readonly currency: Currency
  /** What it shows before anybody typed. */
  readonly start: Minor
  readonly disabled?: boolean
  readonly onAmount: (amount: Minor) => void
}) {
  const digits = exponentOf(currency)
  const [entry, setEntry] = useState<AmountEntry>(() => typeAmount(start, digits))
  return (
    <Field
      size="touch"
      inputMode="decimal"
      autoComplete="off"
      className="text-right"
      label={label}
      {...(hint !== undefined && { hint })}
      value={entry}
      disabled={disabled}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => {
        const next = [...event.target.value].reduce<AmountEntry>((typed, sign) => {
          const key = keyOfKeyboard(sign)
          return key === undefined ? typed : pressKey(typed, key, digits)
        }, '')
        setEntry(next)
        onAmount(readEntry(next, digits) ?? minor(0))
      }}
    />
  )
}

function typeAmount(amount: Minor, digits: number): AmountEntry {
  if (amount === 0) return ''
  const signs = String(amount).padStart(digits + 1, '0')
  const [whole, part] = [signs.slice(0, signs.length - digits), signs.slice(signs.length - digits)]
  return Number(part) === 0 ? whole : `${whole}.${part}`
}
