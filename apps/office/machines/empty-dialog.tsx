import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { blankCash, CashEntry, cashOf, hasCash } from '../cash/cash-entry.tsx'
import { useText } from '../messages/use-text.ts'
import { describeMachineRefusal } from './describe-machine.ts'

const noteCharsMax = 200

/** What was taken out of the cash box with the key, counted into the safe. It shows nothing that should be there. */
export function EmptyDialog({
  machine,
  onClose,
}: {
  readonly machine: RecyclerView
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [draft, setDraft] = useState(blankCash)
  const [note, setNote] = useState('')
  const cash = cashOf(draft).filter(({ minor }) => minor > 0)
  return (
    <ActDialog
      size="large"
      title={t('machine.empty')}
      confirm={t('machine.empty.keep')}
      done={t('machine.empty.kept')}
      isComplete={hasCash(draft)}
      act={(id) =>
        api.emptyMachine(machine.id, { id, cash, ...(note.trim() !== '' && { note: note.trim() }) })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <p className="m-0 text-small text-ink-soft">{t('machine.empty.how')}</p>
      <CashEntry shopId={machine.shopId} draft={draft} onDraft={setDraft} />
      <Field
        label={t('machine.note')}
        value={note}
        maxLength={noteCharsMax}
        onChange={({ target }) => setNote(target.value)}
      />
    </ActDialog>
  )
}
