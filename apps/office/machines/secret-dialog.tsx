import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { describeMachineRefusal } from './describe-machine.ts'

/** The longest that the server takes of each. */
const charsMax = { user: 60, password: 200 }

export type TypedSecret = { readonly user: string; readonly password: string }

export const blankSecret: TypedSecret = { user: '', password: '' }

/** What was typed of user and password; a field that is left empty stays as it was. */
export function secretOf({ user, password }: TypedSecret): Partial<TypedSecret> {
  return {
    ...(user.trim() !== '' && { user: user.trim() }),
    ...(password !== '' && { password }),
  }
}

export function SecretFields({
  typed,
  onTyped,
}: {
  readonly typed: TypedSecret
  readonly onTyped: (typed: TypedSecret) => void
}) {
  const t = useText()
  return (
    <>
      <Field
        label={t('machine.user')}
        autoComplete="off"
        maxLength={charsMax.user}
        value={typed.user}
        onChange={({ target }) => onTyped({ ...typed, user: target.value })}
      />
      <Field
        label={t('machine.password')}
        type="password"
        autoComplete="new-password"
        maxLength={charsMax.password}
        value={typed.password}
        onChange={({ target }) => onTyped({ ...typed, password: target.value })}
      />
    </>
  )
}

/** What the shop's server logs in to a machine with. It is kept there alone, and never shown again. */
export function SecretDialog({
  machine,
  onClose,
}: {
  readonly machine: RecyclerView
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [typed, setTyped] = useState(blankSecret)
  const secret = secretOf(typed)
  return (
    <ActDialog
      title={t('machine.secret')}
      confirm={t('machine.keep')}
      done={t('machine.kept')}
      isComplete={Object.keys(secret).length > 0}
      act={() => api.putMachineSecret(machine.id, secret)}
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <p className="m-0 text-small text-ink-soft">{t('machine.secret.how')}</p>
      <SecretFields typed={typed} onTyped={setTyped} />
    </ActDialog>
  )
}
