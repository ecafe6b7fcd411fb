import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { useIsShop } from '../shell/use-is-shop.ts'

const reasonCharsMax = 200

/** Ends a session that was forgotten, without a count. In the shop, for who may; nothing for anybody else. */
export function EndSession({ session }: { readonly session: Session }) {
  const t = useText()
  const may = useMay()
  const isShop = useIsShop()
  const [asking, setAsking] = useState(false)
  if (session.state !== 'open' || !isShop || !may('till.end')) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('session.end')}</Button>
      {asking && <EndDialog session={session} onClose={() => setAsking(false)} />}
    </>
  )
}

function EndDialog({
  session,
  onClose,
}: {
  readonly session: Session
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const [reason, setReason] = useState('')
  const end = useMutation({
    mutationFn: () => api.endSession(session.id, { id, reason: reason.trim() }),
    onSuccess: async () => {
      toast(t('session.ended'))
      onClose()
      await cache.invalidateQueries()
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('session.end')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="danger"
            disabled={reason.trim() === '' || end.isPending}
            onClick={() => end.mutate()}
          >
            {t('session.end.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="m-0 text-small text-ink-soft">
          {t('session.end.text', { name: session.staffName, number: session.tillNumber })}
        </p>
        <Field
          label={t('session.end.reason')}
          value={reason}
          maxLength={reasonCharsMax}
          onChange={(event) => setReason(event.target.value)}
        />
        {end.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(describeRefusal(end.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function describeRefusal(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'evening.refused.unreachable'
  if (!(error instanceof ApiProblem)) return 'evening.refused.other'
  if (error.code === 'session_not_open') return 'session.end.already'
  return error.code === 'forbidden' ? 'fault.forbidden' : 'evening.refused.other'
}
