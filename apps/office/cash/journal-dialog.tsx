import { useMutation } from '@tanstack/react-query'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { todayIn } from '../shell/scope.ts'
import { useShops } from '../shell/use-scope.ts'
import { saveFile } from '../table/csv.ts'

/** The server gives so many days at once: a year and a month. */
const daysMax = 400
const dayMs = 86_400_000

/** Saves the cash of a shop as a file: as CSV, or as a journal that hledger and Ledger read. */
export function JournalButton({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        look="quiet"
        onClick={() => setOpen(true)}
        icon={<Download aria-hidden="true" size={16} />}
      >
        {t('journal.save')}
      </Button>
      {open && <JournalDialog shopId={shopId} onClose={() => setOpen(false)} />}
    </>
  )
}

function JournalDialog({
  shopId,
  onClose,
}: {
  readonly shopId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const { api } = useClients()
  const shop = useShops().find(({ id }) => id === shopId)
  const [to, setTo] = useState<Day>(todayIn(shop === undefined ? [] : [shop], Date.now()))
  const [from, setFrom] = useState<Day>(`${to.slice(0, 7)}-01`)
  const days = (Date.parse(to) - Date.parse(from)) / dayMs
  const fits = days >= 0 && days < daysMax
  const save = useMutation({
    mutationFn: async (format: 'csv' | 'hledger') => {
      const file = await api.readJournal({ shopId, from, to, format })
      saveFile(`cash-${shop?.code ?? shopId}-${from}-${to}.${format}`, file)
    },
    onSuccess: onClose,
    onError: () => toast(t('csv.failed'), 'danger'),
  })
  const saveAs = (format: 'csv' | 'hledger') => (
    <Button
      look={format === 'csv' ? 'primary' : 'plain'}
      disabled={!fits || save.isPending}
      onClick={() => save.mutate(format)}
    >
      {format === 'csv' ? 'CSV' : 'hledger'}
    </Button>
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('journal.title', { shop: shop?.name ?? '' })}
      actions={
        <>
          {saveAs('hledger')}
          {saveAs('csv')}
        </>
      }
    >
      <p className="mt-0 mb-4 text-small text-ink-soft">{t('journal.note')}</p>
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={t('journal.from')}
          type="date"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <Field
          label={t('journal.to')}
          type="date"
          value={to}
          onChange={(event) => setTo(event.target.value)}
          error={fits ? undefined : t('journal.days', { count: daysMax })}
        />
      </div>
    </Dialog>
  )
}
