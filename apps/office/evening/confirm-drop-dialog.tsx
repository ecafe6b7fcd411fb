import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { EveningMovement } from '@tillkeeper/client/api/evening-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { readEntry } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { describeEveningRefusal } from './describe-evening.ts'

/** The receiver's signature of a drop: what was found of it in the safe. A difference is booked, never refused. */
export function ConfirmDropDialog({
  drop,
  onClose,
}: {
  readonly drop: EveningMovement
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const [id] = useState(makeId)
  // It starts blank, so that nobody signs for what they did not count.
  const [entry, setEntry] = useState('')
  const counted = readEntry(entry.trim().replaceAll(',', ''), exponentOf(drop.currency))
  const confirm = useMutation({
    mutationFn: (countedMinor: number) => api.confirmDrop(drop.id, { id, countedMinor }),
    onSuccess: async () => {
      // The list is new before the question goes: nobody signs for the same drop again.
      await cache.invalidateQueries()
      toast(t('evening.dropConfirmed'))
      onClose()
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('evening.confirmDrop')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            disabled={counted === undefined || confirm.isPending}
            onClick={() => counted !== undefined && confirm.mutate(counted)}
          >
            {t('evening.sign')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="m-0 text-small text-ink-soft">{t('evening.confirmDrop.how')}</p>
        <Field
          label={t('evening.countedInSafe')}
          value={entry}
          inputMode="decimal"
          onChange={(event) => setEntry(event.target.value)}
        />
        {confirm.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(describeEveningRefusal(confirm.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}
