import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { IconButton } from '../button/button.tsx'
import { useTranslate } from '../language/i18n.tsx'
import { joinClasses } from '../theme/join-classes.ts'

type Props = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  /** Buttons at the foot, the next action last. */
  readonly actions?: ReactNode
  readonly size?: 'small' | 'large'
  /** `top` for what grows while one types, so that it does not move. */
  readonly place?: 'middle' | 'top'
  /** What has the focus first; the cross, if nothing else is said. */
  readonly focus?: RefObject<HTMLElement | null>
}

/** A question or a small task over the screen. Escape and the cross close it; focus goes back. */
export function Dialog({ size = 'small', place = 'middle', ...props }: Props) {
  return (
    <Frame
      {...props}
      className={joinClasses(
        'inset-x-4 mx-auto rounded-md border border-line',
        place === 'middle'
          ? 'top-1/2 max-h-[calc(100dvh-2rem)] -translate-y-1/2'
          : 'top-[10vh] max-h-[80vh]',
        size === 'small' ? 'max-w-md' : 'max-w-3xl',
      )}
    />
  )
}

/** A side sheet: details beside the list that they belong to. The whole screen on a phone. */
export function Sheet({ size = 'small', ...props }: Omit<Props, 'place'>) {
  return (
    <Frame
      {...props}
      className={joinClasses(
        'inset-y-0 right-0 w-full border-l border-line',
        size === 'small' ? 'sm:max-w-md' : 'sm:max-w-2xl',
      )}
    />
  )
}

function Frame({
  open,
  onClose,
  title,
  children,
  actions,
  focus,
  className,
}: Omit<Props, 'size' | 'place'> & { readonly className: string }) {
  const t = useTranslate()
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/40 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={focus}
          className={joinClasses(
            'fixed z-50 flex flex-col bg-raised text-ink shadow-float outline-none',
            className,
          )}
        >
          <header className="flex items-center justify-between gap-4 border-b border-line py-2 pr-2 pl-5">
            <Base.Title className="m-0 text-body font-semibold">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={t('ui.close')} size="touch">
                  <X aria-hidden="true" size={20} />
                </IconButton>
              }
            />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {actions !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {actions}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
