import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useClients } from '../api/clients.tsx'
import { ApiProblem } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { ReasonDialog } from '../shell/reason-dialog.tsx'

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
  const { api } = useClients()
  return (
    <ReasonDialog
      title={t('void.title')}
      label={t('refund.reason')}
      confirm={t('void.title')}
      done={t('void.done')}
      act={(command) => api.voidSale(sale.id, { ...command, sessionId: sale.sessionId })}
      describe={describeRefusal}
      onClose={onClose}
    >
      <p className="m-0">
        <strong>{sale.receiptNumber}</strong> ·{' '}
        <MoneyText amount={sale.totalMinor} currency={sale.currency} />
      </p>
      <p className="m-0 text-small text-ink-soft">{t('void.means')}</p>
    </ReasonDialog>
  )
}

const describeRefusal = (error: unknown): OfficeKey =>
  (error instanceof ApiProblem ? refused[error.code] : undefined) ?? 'evening.refused.other'
