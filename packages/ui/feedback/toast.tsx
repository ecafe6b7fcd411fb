import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../button/button.tsx'
import { useTranslate } from '../language/i18n.tsx'
import { joinClasses } from '../theme/join-classes.ts'

/** Messages at a time; older ones leave first. */
const toastsMax = 3

/**
 * Short messages at the corner of the screen. They never take the focus: a scanner types into what
 * has it.
 */
export function ToastArea({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider limit={toastsMax}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

/** Shows a message for five seconds; `danger` is read aloud at once. */
export function useToast(): (text: string, tone?: 'plain' | 'danger') => void {
  const { add } = Toast.useToastManager()
  return (text, tone = 'plain') => {
    add({ title: text, type: tone, priority: tone === 'danger' ? 'high' : 'low' })
  }
}

function Toasts() {
  const t = useTranslate()
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={joinClasses(
        'flex items-center gap-2 rounded-md border bg-raised py-1 pr-1 pl-4 text-small text-ink shadow-float',
        toast.type === 'danger' ? 'border-danger' : 'border-line',
      )}
    >
      <Toast.Title className="m-0 flex-1" />
      <Toast.Close
        render={
          <IconButton label={t('ui.close')}>
            <X aria-hidden="true" size={16} />
          </IconButton>
        }
      />
    </Toast.Root>
  ))
}
