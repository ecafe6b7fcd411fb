import { useMutation, useQueryClient } from '@tanstack/react-query'
import { makeId } from '@tillkeeper/client/id.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { type ReactNode, useState } from 'react'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'

const reasonCharsMax = 200

/** Asks for the reason of an act that cannot be taken back, does it, and says that it is done or why not. */
export function ReasonDialog({
  title,
  label,
  confirm,
  done,
  act,
  describe,
  onClose,
  children,
  isComplete = true,
  size = 'small',
}: {
  readonly title: string
  readonly label: string
  readonly confirm: string
  /** What is said once it is done. */
  readonly done: string
  readonly act: (command: { readonly id: string; readonly reason: string }) => Promise<unknown>
  /** Words for what went wrong. */
  readonly describe: (error: unknown) => OfficeKey
  readonly onClose: () => void
  /** What the act is about, above the reason. */
  readonly children: ReactNode
  /** Whether all that the act needs beside the reason is there. */
  readonly isComplete?: boolean
  readonly size?: 'small' | 'large'
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const [reason, setReason] = useState('')
  const command = useMutation({
    mutationFn: () => act({ id, reason: reason.trim() }),
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
            look="danger"
            disabled={!isComplete || reason.trim() === '' || command.isPending}
            onClick={() => command.mutate()}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {children}
        <Field
          label={label}
          value={reason}
          maxLength={reasonCharsMax}
          onChange={(event) => setReason(event.target.value)}
        />
        {command.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(describe(command.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}
