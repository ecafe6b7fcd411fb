import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useEffect, useState } from 'react'
import { makeId } from '../app/node.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { voidByMachine } from '../machine/ask-machine.ts'
import { MachineChoice, useMachineHere } from '../machine/machine-method.tsx'
import type { SaleDocument, TradeDocument } from '../receipt/document.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { useRefusal } from '../words/use-refusal.ts'
import { useText } from '../words/use-text.ts'
import { reasonLengthMax } from './refund-state.ts'
import { voidSale } from './void-sale.ts'

const reasons = ['mistake', 'unwanted'] as const

/** Takes a sale back whole: why, and by whose word. */
export function VoidPanel({
  sale,
  onVoided,
  onBack,
}: {
  readonly sale: SaleDocument
  /** With the void's own paper. */
  readonly onVoided: (document: TradeDocument) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const { currency, totalMinor } = sale.body
  const say = useRefusal(currency)
  const [id] = useState(() => makeId(node.nowMs()))
  const [reason, setReason] = useState('')
  const [stage, setStage] = useState<'typing' | 'asking' | 'saving'>('typing')
  const [refusal, setRefusal] = useState<string>()
  const amount = formatMoney(totalMinor, { currency, language })
  const ready = stage === 'typing' && reason.trim() !== ''
  // What a machine took goes back out of one, or else out of the drawer.
  const atMachine = sale.body.tenders.some(({ method }) => method === 'machine')
  const [byMachine, setByMachine] = useState(atMachine)
  const record = async (approval?: HeldApproval) => {
    setStage('saving')
    const ask = { ...{ id, sale, approval }, reason: reason.trim() }
    // Begun, the machine stands before this panel, and says what came of it.
    const made = byMachine ? await voidByMachine(node, currency, ask) : await voidSale(node, ask)
    if (made.ok) return 'document' in made.value ? onVoided(made.value.document) : undefined
    const { refusal: why } = made
    setStage(why.code === 'approval_required' ? 'asking' : 'typing')
    const late = why.code === 'void_too_late' || why.code === 'nothing_left_to_refund'
    setRefusal(why.code === 'approval_required' ? undefined : late ? t('void.late') : say(why))
  }
  useKeys((event) => {
    if (stage === 'saving') return true
    if (event.key !== 'Enter' || pressesButton(event)) return false
    if (ready) void record()
    return true
  })
  return (
    <PanelFrame
      title={`${t('void.title')} · ${sale.receiptNumber}`}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={!ready}
          onClick={() => void record()}
        >
          {stage === 'saving' ? t('pay.saving') : t('void.confirm', { amount })}
        </Button>
      }
    >
      <div className="flex max-w-xl flex-col gap-4 p-5">
        <p className="m-0 text-small text-ink-soft">{t('void.intro')}</p>
        <Field
          size="touch"
          label={t('refund.reason')}
          value={reason}
          maxLength={reasonLengthMax}
          disabled={stage === 'saving'}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex flex-wrap gap-2">
          {reasons.map((each) => (
            <Button
              key={each}
              size="touch"
              disabled={stage === 'saving'}
              onClick={() => setReason(t(`refund.reasons.${each}`))}
            >
              {t(`refund.reasons.${each}`)}
            </Button>
          ))}
        </div>
        {atMachine && (
          <BackBy {...{ currency, byMachine, disabled: stage === 'saving' }} onBy={setByMachine} />
        )}
        <p role="alert" className="m-0 min-h-6 text-small text-danger">
          {refusal}
        </p>
      </div>
      {stage === 'asking' && (
        <ApprovalDialog
          act={{ id, permission: 'sale.void', amountMinor: totalMinor, currency }}
          what={t('void.what', { amount })}
          onApproved={(held) => void record(held)}
          onClose={() => setStage('typing')}
        />
      )}
    </PanelFrame>
  )
}

/** Where the money of a machine comes from again. */
function BackBy({
  currency,
  byMachine,
  disabled,
  onBy,
}: {
  readonly currency: Currency
  readonly byMachine: boolean
  readonly disabled: boolean
  readonly onBy: (machine: boolean) => void
}) {
  const t = useText()
  const here = useMachineHere(currency)
  const ready = here !== undefined && here.away === undefined
  // One that cannot be asked gives nothing: the drawer does.
  useEffect(() => {
    if (!ready && !disabled) onBy(false)
  }, [ready, disabled, onBy])
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="mb-1 p-0 text-small font-medium text-ink-soft">
        {t('refund.method')}
      </legend>
      <div className="flex flex-wrap gap-2">
        <MachineChoice {...{ currency, disabled }} chosen={byMachine} onChoose={() => onBy(true)} />
        <Button
          size="touch"
          aria-pressed={!byMachine}
          disabled={disabled}
          className={byMachine ? '' : 'border-accent! bg-accent-soft! text-accent!'}
          onClick={() => onBy(false)}
        >
          {t('machine.from.drawer')}
        </Button>
      </div>
    </fieldset>
  )
}
