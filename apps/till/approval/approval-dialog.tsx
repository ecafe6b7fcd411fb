import type { ApprovableAct, HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useRef, useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { PinForm } from '../staff/pin-form.tsx'
import { useText } from '../words/use-text.ts'
import { type Asked, askApproval } from './ask-approval.ts'

/** Another person's number and PIN, for exactly this act and amount. */
export function ApprovalDialog({
  act,
  what,
  onApproved,
  onClose,
}: {
  readonly act: Omit<ApprovableAct, 'at'>
  /** The act in words, with its amount: what is being approved. */
  readonly what: string
  readonly onApproved: (held: HeldApproval) => void
  readonly onClose: () => void
}) {
  const t = useText()
  const node = useNode()
  // Enter goes on; on the cross, where the focus would be, it would close the dialog.
  const asking = useRef<HTMLParagraphElement>(null)
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState<Asked>()
  const submit = async (typed: { readonly number: string; readonly pin: string }) => {
    setBusy(true)
    const answer = await askApproval(node, act, typed)
    setBusy(false)
    setAsked(answer)
    if (answer.is === 'approved') onApproved(answer.held)
  }
  const refusal =
    asked === undefined || asked.is === 'approved'
      ? undefined
      : asked.is === 'locked'
        ? t('approval.locked', {
            seconds: Math.max(1, Math.ceil((asked.untilMs - node.nowMs()) / 1_000)),
          })
        : t(`approval.${asked.is}`)
  return (
    <Dialog open onClose={onClose} title={t('approval.title')} focus={asking}>
      <KeyShield />
      <p ref={asking} tabIndex={-1} className="mt-0 mb-1 text-body font-semibold outline-none">
        {what}
      </p>
      <p className="mt-0 mb-4 text-small text-ink-soft">{t('approval.intro')}</p>
      <PinForm
        busy={busy}
        refusal={refusal}
        action={t('approval.action')}
        onSubmit={(typed) => void submit(typed)}
      />
    </Dialog>
  )
}

// While a dialog asks, no key reaches what stands behind it; the form registers after this and hears first.
function KeyShield() {
  useKeys((event) => event.key !== 'Escape' && event.key !== 'Tab' && !pressesButton(event))
  return null
}
