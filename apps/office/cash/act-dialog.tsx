import { useMutation, useQueryClient } from '@tanstack/react-query'
import { makeId } from '@tillkeeper/client/id.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { type ReactNode, useState } from 'react'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { describeSafeRefusal } from './describe-safe.ts'

/** Asks for what an act at the safe or a machine needs, does it once, and says why if it was not done. */
export function ActDialog({
  title,
  confirm,
  done,
  isComplete,
  act,
  onClose,
  children,
  size = 'small',
  look = 'primary',
  describe = describeSafeRefusal,
}: {
  readonly title: string
  readonly confirm: string
  readonly done: string
  readonly isComplete: boolean
  readonly act: (id: string) => Promise<unknown>
  readonly onClose: () => void
  readonly children: ReactNode
  readonly size?: 'small' | 'large'
  readonly look?: 'primary' | 'danger'
  /** Words for why it was not done. */
  readonly describe?: (error: unknown) => OfficeKey
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const asked = useMutation({
    mutationFn: () => act(id),
    onSuccess: async () => {
      toast(done)
      onClose()
      await cache.invalidateQueries()
    },
  })
  return (
    <Dialog
      open
      size={size}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look={look}
            disabled={!isComplete || asked.isPending}
            onClick={() => asked.mutate()}
          >
            {asked.isPending ? t('safe.busy') : confirm}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {children}
        {asked.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(describe(asked.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}
