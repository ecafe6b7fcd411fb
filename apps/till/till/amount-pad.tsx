import type { AmountEntry, KeypadKey } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { useText } from '../words/use-text.ts'

/** An amount and the keys that type it. */
export function AmountPad({
  entry,
  digits,
  disabled = false,
  onKey,
}: {
  readonly entry: AmountEntry
  /** Decimals of the currency. */
  readonly digits: number
  readonly disabled?: boolean
  readonly onKey: (key: KeypadKey) => void
}) {
  const t = useText()
  return (
    <div className="flex flex-col gap-3">
      <output
        aria-label={t('cash.amount')}
        className="flex h-14 items-center justify-between rounded-md border-2 border-line-strong px-4"
      >
        <span className="text-small text-ink-soft">{t('cash.amount')}</span>
        <span className="text-title font-semibold">{entry}</span>
      </output>
      <Keypad corner={digits === 0 ? '00' : 'point'} disabled={disabled} onKey={onKey} />
    </div>
  )
}
