import { Button } from '@tillkeeper/ui/button/button.tsx'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { PrintPaper } from '../receipt/print-paper.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { useText } from '../words/use-text.ts'
import { actOf, type MachineRecord } from './machine-record.ts'
import { useMachineWords } from './use-words.ts'

/** What a machine was asked for is done and written. */
export function MachineDone({
  record,
  onBack,
}: {
  readonly record: MachineRecord
  readonly onBack: () => void
}) {
  const t = useText()
  const words = useMachineWords()
  const amount = words.amount({ record })
  const { task } = record
  const actId = task.kind === 'movement' ? actOf(record) : undefined
  useKeys((event) => {
    if (event.key !== 'Enter' || pressesButton(event)) return false
    onBack()
    return true
  })
  const text = () => {
    switch (task.kind) {
      case 'expense':
        return t('expense.paidDone', { amount, name: task.name })
      case 'sale':
        return t('machine.done.sale')
      case 'refund':
      case 'unlinked':
      case 'void':
        return t('machine.done.refund')
      default:
        return t(`machine.done.${task.kind}`, { amount })
    }
  }
  return (
    <PanelFrame
      title={t('machine.title')}
      onBack={onBack}
      foot={
        <>
          {actId !== undefined && <PrintPaper id={actId} />}
          <Button size="pay" look="primary" shortcut="Enter" onClick={onBack}>
            {t('closed.done')}
          </Button>
        </>
      }
    >
      <p role="status" data-machine="done" className="p-6 text-title font-semibold text-good">
        {text()}
      </p>
    </PanelFrame>
  )
}
