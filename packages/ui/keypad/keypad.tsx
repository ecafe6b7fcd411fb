import { Delete } from 'lucide-react'
import { useTranslate } from '../language/i18n.tsx'
import { joinClasses } from '../theme/join-classes.ts'
import type { KeypadKey } from './amount-entry.ts'

const rows: readonly (readonly KeypadKey[])[] = [
  ['7', '8', '9'],
  ['4', '5', '6'],
  ['1', '2', '3'],
]

/**
 * Digits to press, each 64 px high with 8 px between. It holds no state: it reports keys. `corner`
 * is the key left of zero: `00` or `point` for amounts, `clear` for a PIN.
 */
export function Keypad({
  onKey,
  corner = '00',
  disabled = false,
  className,
}: {
  readonly onKey: (key: KeypadKey) => void
  readonly corner?: '00' | 'point' | 'clear'
  readonly disabled?: boolean
  readonly className?: string
}) {
  const t = useTranslate()
  const keys: readonly KeypadKey[] = [...rows.flat(), corner, '0', 'backspace']
  const names: Readonly<Partial<Record<KeypadKey, string>>> = {
    '00': t('ui.keypad.00'),
    point: t('ui.keypad.point'),
    clear: t('ui.keypad.clear'),
    backspace: t('ui.keypad.backspace'),
  }
  return (
    <fieldset
      aria-label={t('ui.keypad')}
      className={joinClasses('grid grid-cols-3 gap-2', className)}
    >
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          disabled={disabled}
          aria-label={names[key]}
          onClick={() => onKey(key)}
          className={joinClasses(
            'flex min-h-16 min-w-16 touch-manipulation select-none items-center justify-center',
            'rounded-md border border-line bg-surface text-title font-medium text-ink',
            'hover:bg-hover active:bg-accent-soft disabled:text-ink-faint',
          )}
        >
          {face(key)}
        </button>
      ))}
    </fieldset>
  )
}

function face(key: KeypadKey) {
  if (key === 'backspace') return <Delete aria-hidden="true" size={24} />
  if (key === 'point') return '.'
  if (key === 'clear') return 'C'
  return key
}
