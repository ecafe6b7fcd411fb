import { IconButton } from '@tillkeeper/ui/button/button.tsx'
import { ArrowLeft } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../words/use-text.ts'

/** What every panel beside the cart has: a name, a way back, its content, and its actions at the foot. */
export function PanelFrame({
  title,
  onBack,
  children,
  foot,
}: {
  readonly title: string
  /** Left out where there is no way back: money is moving. */
  readonly onBack?: (() => void) | undefined
  readonly children: ReactNode
  readonly foot?: ReactNode
}) {
  const t = useText()
  const panel = useRef<HTMLElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  // Who goes by keyboard or ear is where the new panel begins, unless a field in it took the focus: what
  // is typed next is never a search in the field that was left.
  useEffect(() => {
    if (panel.current?.contains(document.activeElement) === false) heading.current?.focus()
  }, [])
  return (
    <section ref={panel} aria-label={title} className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-2">
        {onBack !== undefined && (
          <IconButton label={`${t('common.back')} (Esc)`} size="touch" onClick={onBack}>
            <ArrowLeft aria-hidden="true" size={22} />
          </IconButton>
        )}
        <h2
          ref={heading}
          tabIndex={-1}
          className="m-0 flex-1 truncate text-body font-semibold outline-none first:pl-2"
        >
          {title}
        </h2>
        {onBack !== undefined && (
          <span aria-hidden="true" className="pr-2 font-sans text-[0.8125rem] text-ink-soft">
            Esc
          </span>
        )}
      </header>
      <div className="scrolls min-h-0 flex-1">{children}</div>
      {foot !== undefined && (
        <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line p-3">
          {foot}
        </footer>
      )}
    </section>
  )
}
