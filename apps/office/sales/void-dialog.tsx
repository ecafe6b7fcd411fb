import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ApiProblem } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'

const reasonCharsMax = 200

const refused: Readonly<Record<string, OfficeKey>> = {
  approval_required: 'void.refused.own',
  session_not_open: 'void.refused.closed',
  nothing_left_to_refund: 'void.refused.gone',
}

/** Takes a sale back whole, with a reason: its drawer pays the cash back, and goods come back. */
export function VoidDialog({
  sale,
  onClose,
}: {
  readonly sale: Sale
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const [id] = useState(makeId)
  const [reason, setReason] = useState('')
  const take = useMutation({
    mutationFn: () =>
      api.voidSale(sale.id, { id, sessionId: sale.sessionId, reason: reason.trim() }),
    onSuccess: async () => {
      toast(t('void.done'))
      onClose()
      await cache.invalidateQueries()
    },
  })
  const problem = take.error instanceof ApiProblem ? refused[take.error.code] : undefined
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('void.title')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="danger"
            disabled={reason.trim() === '' || take.isPending}
            onClick={() => take.mutate()}
          >
            {t('void.title')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="m-0">
          <strong>{sale.receiptNumber}</strong> ·{' '}
          <MoneyText amount={sale.totalMinor} currency={sale.currency} />
        </p>
        <p className="m-0 text-small text-ink-soft">{t('void.means')}</p>
        <Field
          label={t('refund.reason')}
          value={reason}
          maxLength={reasonCharsMax}
          onChange={(event) => setReason(event.target.value)}
        />
        {take.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(problem ?? 'evening.refused.other')}
          </p>
        )}
      </div>
    </Dialog>
  )
}
