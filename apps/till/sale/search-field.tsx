import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { Search } from 'lucide-react'
import type { Ref } from 'react'
import { refusalKey, useText } from '../words/use-text.ts'
import type { Entry } from './entry.ts'
import type { Notice } from './sale-state.ts'

/** What is typed or scanned, how many of it, and the answer to what was done last. */
export function SearchField({
  ref,
  entry,
  waiting,
  notice,
  onType,
}: {
  readonly ref: Ref<HTMLInputElement>
  readonly entry: Entry
  readonly waiting: number
  readonly notice: Notice | undefined
  readonly onType: (text: string) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const answer = useNotice(notice)
  const said = waiting > 0 ? t('notice.waiting', { count: waiting }) : answer
  const bad = notice?.code === 'unknown_code' || notice?.code === 'refused'
  return (
    <div className="mx-auto flex w-full max-w-2xl items-center gap-2 rounded-md border border-line-strong bg-surface px-3 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent">
      <Search aria-hidden="true" size={20} className="shrink-0 text-ink-soft" />
      {entry.quantity !== unitQuantity && (
        <span className="shrink-0 rounded-sm bg-accent px-2 text-small font-semibold text-on-accent">
          {formatQuantity(entry.quantity, language)} ×
        </span>
      )}
      <input
        ref={ref}
        value={entry.text}
        onChange={(event) => onType(event.target.value)}
        aria-label={t('bar.search')}
        placeholder={said === undefined ? t('bar.search') : ''}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="done"
        className="h-12 min-w-0 flex-1 bg-transparent text-small outline-none"
      />
      <output className={joinClasses('truncate text-small', bad ? 'text-danger' : 'text-ink-soft')}>
        {said}
      </output>
      <span aria-hidden="true" className="font-sans text-[0.8125rem] text-ink-soft">
        F2
      </span>
    </div>
  )
}

function useNotice(notice: Notice | undefined): string | undefined {
  const t = useText()
  if (notice === undefined) return undefined
  if (notice.code === 'refused') return t(refusalKey(notice.why), { code: notice.why })
  return t(`notice.${notice.code}`, 'text' in notice ? { text: notice.text } : {})
}
