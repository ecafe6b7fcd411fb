import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { blankCash, CashEntry, cashOf, hasCash } from '../cash/cash-entry.tsx'
import { useText } from '../messages/use-text.ts'

const numberCharsMax = 40

/** Cash of the safe goes into a numbered bag, counted by pieces. */
export function SealDialog({
  shopId,
  onClose,
}: {
  readonly shopId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [number, setNumber] = useState('')
  const [draft, setDraft] = useState(blankCash)
  const said = number.trim()
  return (
    <ActDialog
      size="large"
      title={t('safe.seal')}
      confirm={t('safe.seal.keep')}
      done={t('safe.sealed', { number: said })}
      isComplete={said !== '' && hasCash(draft)}
      act={(id) => api.actAtSafe('/v1/bags', { id, number: said, cash: cashOf(draft) })}
      onClose={onClose}
    >
      <Field
        label={t('bag.number')}
        hint={t('bag.number.hint')}
        value={number}
        maxLength={numberCharsMax}
        onChange={(event) => setNumber(event.target.value)}
      />
      <CashEntry shopId={shopId} draft={draft} onDraft={setDraft} />
    </ActDialog>
  )
}
