import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { makeId } from '../app/node.ts'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import type { TillKey } from '../words/en.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { openDrawer } from './record-drawer.ts'

const reasonMax = 100
const reasons = ['change', 'check', 'mistake', 'float'] as const

/** Opens the drawer with nothing sold: a reason first, and another person's word where it needs one. */
export function NoSalePanel({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  const node = useNode()
  const [id] = useState(() => makeId(node.nowMs()))
  const [reason, setReason] = useState('')
  const [stage, setStage] = useState<'typing' | 'asking' | 'saving' | 'done'>('typing')
  const [refusal, setRefusal] = useState<string>()
  const ready = stage === 'typing' && reason.trim() !== ''
  const open = async (approval?: HeldApproval) => {
    setStage('saving')
    const opened = await openDrawer(node, { id, reason: reason.trim(), approval })
    const code = opened.ok ? undefined : opened.refusal.code
    setRefusal(code === 'approval_required' ? undefined : code)
    setStage(opened.ok ? 'done' : code === 'approval_required' ? 'asking' : 'typing')
  }
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (event.key === 'Enter' && !pressesButton(event)) {
      if (stage === 'done') onBack()
      else if (ready) void open()
      return true
    }
    const chosen = isTyping(event) ? undefined : reasons[Number(event.key) - 1]
    if (chosen === undefined || stage !== 'typing') return false
    setReason(t(`nosale.reason.${chosen}`))
    return true
  })
  if (stage === 'done') {
    return (
      <PanelFrame
        title={t('menu.no_sale')}
        onBack={onBack}
        foot={
          <Button size="pay" look="primary" shortcut="Enter" onClick={onBack}>
            {t('closed.done')}
          </Button>
        }
      >
        <p role="status" className="p-6 text-title font-semibold text-good">
          {t('nosale.done')}
        </p>
      </PanelFrame>
    )
  }
  return (
    <PanelFrame title={t('menu.no_sale')} onBack={onBack}>
      <div className="flex max-w-xl flex-col gap-4 p-5">
        <p className="m-0 text-small text-ink-soft">{t('nosale.intro')}</p>
        <fieldset className="m-0 grid grid-cols-2 gap-2 border-0 p-0">
          <legend className="sr-only">{t('nosale.reason')}</legend>
          {reasons.map((each, index) => {
            const words = t(`nosale.reason.${each}` satisfies TillKey)
            return (
              <Button
                key={each}
                size="touch"
                shortcut={String(index + 1)}
                className="justify-between!"
                aria-pressed={reason === words}
                onClick={() => setReason(words)}
              >
                {words}
              </Button>
            )
          })}
        </fieldset>
        <Field
          size="touch"
          label={t('nosale.reason')}
          value={reason}
          maxLength={reasonMax}
          onChange={(event) => setReason(event.target.value)}
        />
        <p role="alert" className="m-0 min-h-6 text-small text-danger">
          {refusal !== undefined && t(refusalKey(refusal), { code: refusal })}
        </p>
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={!ready}
          onClick={() => void open()}
        >
          {t('nosale.action')}
        </Button>
      </div>
      {stage === 'asking' && (
        <ApprovalDialog
          act={{ id, permission: 'drawer.open' }}
          what={t('nosale.what', { reason: reason.trim() })}
          onApproved={(held) => void open(held)}
          onClose={() => setStage('typing')}
        />
      )}
    </PanelFrame>
  )
}
