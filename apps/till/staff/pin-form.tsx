import { Button } from '@tillkeeper/ui/button/button.tsx'
import { type KeypadKey, keyOfKeyboard } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useState } from 'react'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { asksForKeys } from '../scan/use-scanner.ts'
import { useText } from '../words/use-text.ts'
import { type PinEntry, pressPinKey, startPin } from './pin-entry.ts'

/**
 * A staff number and a PIN, by keypad or keyboard: Enter goes from one to the other. With `who` the
 * number is known and only the PIN is asked for.
 */
export function PinForm({
  who,
  busy,
  refusal,
  action,
  onSubmit,
}: {
  readonly who?: { readonly name: string; readonly number: string } | undefined
  readonly busy: boolean
  readonly refusal?: string | undefined
  /** What the PIN is for; to sign in, if nothing else is said. */
  readonly action?: string | undefined
  readonly onSubmit: (typed: { readonly number: string; readonly pin: string }) => void
}) {
  const t = useText()
  const [entry, setEntry] = useState<PinEntry>(() => startPin(who?.number))
  const submit = () => {
    const next = pressPinKey(entry, 'enter')
    setEntry(next.entry)
    if (next.done !== undefined) onSubmit(next.done)
  }
  const press = (key: KeypadKey) => !busy && setEntry((held) => pressPinKey(held, key).entry)
  useKeys((event) => {
    if (busy || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return false
    // Who touched a name and then types goes on with Enter, though the name's button has the focus.
    const started = entry[entry.field] !== '' && !isOnKeypad(event)
    if (event.key === 'Enter' && (started || !pressesButton(event))) {
      submit()
      return true
    }
    const key = keyOfKeyboard(event.key)
    if (key === undefined || key === 'point') return false
    press(key)
    return true
  })
  return (
    <form
      {...asksForKeys}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="flex flex-col gap-2">
        {who === undefined && (
          <Line
            label={t('lock.number')}
            text={entry.number}
            active={entry.field === 'number'}
            onPress={() => setEntry((held) => ({ ...held, field: 'number' }))}
          />
        )}
        <Line
          label={who === undefined ? t('lock.pin') : t('lock.pinOf', { name: who.name })}
          text={'•'.repeat(entry.pin.length)}
          active={entry.field === 'pin'}
          onPress={() => setEntry((held) => ({ ...held, field: 'pin' }))}
        />
      </div>
      <p role="alert" className="my-2 min-h-6 text-small text-danger">
        {refusal}
      </p>
      <Keypad corner="clear" onKey={press} disabled={busy} />
      <Button
        type="submit"
        size="pay"
        look="primary"
        className="mt-2 w-full"
        shortcut="Enter"
        disabled={busy}
      >
        {busy ? t('lock.checking') : (action ?? t('lock.signIn'))}
      </Button>
    </form>
  )
}

function Line({
  label,
  text,
  active,
  onPress,
}: {
  readonly label: string
  readonly text: string
  readonly active: boolean
  readonly onPress: () => void
}) {
  return (
    <button
      type="button"
      onClick={onPress}
      aria-pressed={active}
      aria-label={label}
      className={joinClasses(
        'flex h-16 w-full items-center justify-between rounded-md border-2 bg-surface px-4 text-left',
        active ? 'border-accent' : 'border-line-strong/60',
      )}
    >
      <span className="text-small text-ink-soft">{label}</span>
      <span className="text-title tracking-widest">{text}</span>
    </button>
  )
}

function isOnKeypad({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('fieldset') !== null
}
