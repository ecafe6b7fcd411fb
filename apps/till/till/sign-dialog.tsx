import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { isAllowed, type Person } from '../catalogue/directory.ts'
import { PinForm } from '../staff/pin-form.tsx'
import { type StoreLogin, signIn } from '../staff/sign-in.ts'
import { useText } from '../words/use-text.ts'

/** Who signed, with the login that the store server gave, where it answered. */
export type Signed = { readonly person: Person; readonly login?: StoreLogin | undefined }

/** Another person's number and PIN, as their signature. With the store server away this till's own verifiers do. */
export function SignDialog({
  what,
  permission,
  onSigned,
  onClose,
}: {
  /** What is signed, in words. */
  readonly what: string
  /** What somebody has to be allowed to sign it. */
  readonly permission: Permission
  readonly onSigned: (signed: Signed) => void
  readonly onClose: () => void
}) {
  const t = useText()
  const node = useNode()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const submit = async (typed: { readonly number: string; readonly pin: string }) => {
    setBusy(true)
    const { db, device, state, nowMs } = node
    const { directory, person: worker } = state.getState()
    const nowAtMs = nowMs()
    const deps = { db, directory, shopId: device.shopId, nowMs: nowAtMs }
    const answer = await signIn(deps, typed)
    setBusy(false)
    if (answer.is === 'in') {
      const { person, login } = answer
      if (person.id === worker?.id) setRefusal(t('sign.self'))
      else if (!isAllowed(person, permission, device.shopId)) setRefusal(t('sign.not_allowed'))
      else onSigned({ person, login })
    } else if (answer.is === 'locked') {
      const seconds = Math.max(1, Math.ceil((answer.untilMs - nowAtMs) / 1_000))
      setRefusal(t('approval.locked', { seconds }))
    } else if (answer.is === 'not_allowed') setRefusal(t('sign.not_allowed'))
    else setRefusal(t(`approval.${answer.is}`))
  }
  return (
    <Dialog open onClose={onClose} title={t('sign.number')}>
      <KeyShield />
      <p className="mt-0 mb-4 text-body">{what}</p>
      <PinForm
        busy={busy}
        refusal={refusal}
        action={t('sign.action')}
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
