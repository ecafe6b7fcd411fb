import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Parked } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { isUuid } from '@tillkeeper/core/base/id.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { describeRefusal } from './describe.ts'

const noteCharsMax = 200

/** Asks what becomes of a parked fact, says what that means, and does it once. */
export function SettleDialog({
  fact,
  title,
  onClose,
}: {
  readonly fact: Parked
  readonly title: string
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const [how, setHow] = useState<'skipped' | 'replaced'>('skipped')
  const [note, setNote] = useState('')
  const [replacement, setReplacement] = useState('')
  const settle = useMutation({
    mutationFn: () =>
      api.resolveParked(fact.factId, {
        ...{ id, how, note: note.trim() },
        ...(how === 'replaced' && { replacementId: replacement.trim() }),
      }),
    onSuccess: async ({ released }) => {
      toast(t('settle.done', { released }))
      onClose()
      await cache.invalidateQueries()
    },
  })
  const isComplete =
    note.trim() !== '' && (how === 'skipped' || isUuid(replacement.trim())) && !settle.isPending
  const wrong = how === 'replaced' && replacement !== '' && !isUuid(replacement.trim())
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('settle.title')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="danger" disabled={!isComplete} onClick={() => settle.mutate()}>
            {settle.isPending ? t('settle.busy') : t('settle.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="m-0 font-semibold">{title}</p>
        <p className="m-0 text-small text-ink-soft">{t('settle.means')}</p>
        <p className="m-0 text-small">{t('attention.blocks', { count: fact.holdsBack })}</p>
        <SelectField
          label={t('settle.how')}
          value={how}
          onChange={(event) => setHow(event.target.value === 'replaced' ? 'replaced' : 'skipped')}
          choices={[
            { value: 'skipped', label: t('settle.skipped') },
            { value: 'replaced', label: t('settle.replaced') },
          ]}
        />
        {how === 'replaced' && (
          <Field
            label={t('settle.replacement')}
            value={replacement}
            error={wrong ? t('settle.replacement.wrong') : undefined}
            spellCheck={false}
            className="font-mono"
            onChange={(event) => setReplacement(event.target.value)}
          />
        )}
        <Field
          label={t('settle.note')}
          hint={t('settle.note.hint')}
          value={note}
          maxLength={noteCharsMax}
          onChange={(event) => setNote(event.target.value)}
        />
        {settle.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(describeRefusal(settle.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}
