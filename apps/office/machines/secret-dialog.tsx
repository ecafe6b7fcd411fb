import { useQuery } from '@tanstack/react-query'
import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
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
      <KeptSecret machine={machine} />
      <SecretFields typed={typed} onTyped={setTyped} />
    </ActDialog>
  )
}

/** What is kept of a machine: who logs in, that there is a password, and which certificate it has to show. */
export function KeptSecret({ machine }: { readonly machine: RecyclerView }) {
  const t = useText()
  const { api } = useClients()
  const kept = useQuery(queries(api).machineSecret(machine.id)).data
  if (kept === undefined) return null
  return (
    <dl className="m-0 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-small">
      {kept.user !== null && (
        <>
          <dt className="text-ink-soft">{t('machine.user')}</dt>
          <dd className="m-0">{kept.user}</dd>
        </>
      )}
      {kept.hasPassword && (
        <>
          <dt className="text-ink-soft">{t('machine.password')}</dt>
          <dd className="m-0">{t('machine.secret.kept')}</dd>
        </>
      )}
      <dt className="text-ink-soft">{t('machine.fingerprint')}</dt>
      <dd className="m-0 font-mono text-[0.9em] break-all">
        {kept.fingerprint ?? t('machine.fingerprint.none')}
      </dd>
    </dl>
  )
}
