import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useKeys } from '../app/use-keys.ts'
import type { TillKey } from '../words/en.ts'
import { useText } from '../words/use-text.ts'

const keys: readonly (readonly [keys: string, words: TillKey])[] = [
  ['F2', 'keys.search'],
  ['F3', 'keys.hold'],
  ['F6', 'keys.discount'],
  ['F7', 'keys.menu'],
  ['F8', 'keys.pay'],
  ['F9', 'keys.exact'],
  ['F10', 'keys.reprint'],
  ['3 *', 'keys.quantity'],
  ['+  −', 'keys.plusMinus'],
  ['Del', 'keys.void'],
  ['PgUp  PgDn', 'keys.lines'],
  ['Enter', 'keys.enter'],
  ['Esc', 'keys.escape'],
  ['?', 'keys.help'],
]

/** Every key of the sale screen on one page. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  // While it is open no key reaches the sale behind it; Escape is the dialog's own.
  useKeys((event) => event.key !== 'Escape' && event.key !== 'Tab')
  return (
    <Dialog open onClose={onClose} title={t('keys.title')} size="large">
      <dl className="m-0 grid grid-cols-[auto_1fr_auto_1fr] items-baseline gap-x-4 gap-y-2 text-small max-[900px]:grid-cols-[auto_1fr]">
        {keys.map(([key, words]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-block min-w-14 rounded-sm border border-line-strong bg-sunken px-2 py-1 text-center font-sans font-semibold whitespace-pre">
                {key}
              </kbd>
            </dt>
            <dd className="m-0">{t(words)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
