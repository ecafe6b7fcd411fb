import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useState } from 'react'
import { makeId } from '../app/node.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
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
  const record = async (approval?: HeldApproval) => {
    setStage('saving')
    const made = await voidSale(node, { id, sale, reason: reason.trim(), approval })
    if (made.ok) return onVoided(made.value.document)
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
