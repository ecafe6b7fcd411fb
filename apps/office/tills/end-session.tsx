import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { ReasonDialog } from '../shell/reason-dialog.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'

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
  const { api } = useClients()
  return (
    <ReasonDialog
      title={t('session.end')}
      label={t('session.end.reason')}
      confirm={t('session.end.confirm')}
      done={t('session.ended')}
      act={(command) => api.endSession(session.id, command)}
      describe={describeRefusal}
      onClose={onClose}
    >
      <p className="m-0 text-small text-ink-soft">
        {t('session.end.text', { name: session.staffName, number: session.tillNumber })}
      </p>
    </ReasonDialog>
  )
}

function describeRefusal(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'evening.refused.unreachable'
  if (!(error instanceof ApiProblem)) return 'evening.refused.other'
  if (error.code === 'session_not_open') return 'session.end.already'
  return error.code === 'forbidden' ? 'fault.forbidden' : 'evening.refused.other'
}
