import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import {
  blankCount,
  type CashCount,
  listPieces,
  readPieces,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { describeMachineRefusal } from './describe-machine.ts'
import { CurrencyField, useMachineCurrency } from './fill-dialogs.tsx'
import { HeldPieces } from './held-pieces.tsx'
import { allBut, facesBeyond, type Stock } from './stock-picture.ts'

/** Pieces of each face that are usually left, so that the next customers get change. */
const usualReserve = 20

/** Cash out of the stock that gives change: into the machine's own cash box, or to a person's hands. */
export function CollectDialog({
  machine,
  live,
  onClose,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const ways = live.capabilities?.collect ?? []
  const [to, setTo] = useState(ways[0] ?? 'cash_box')
  const [currency, setCurrency] = useMachineCurrency(machine)
  const [count, setCount] = useState<CashCount>(blankCount)
  // What lay in it when the question came up; the machine itself has the last word.
  const [stock] = useState<Stock>(live.stock ?? [])
  const pieces = listPieces(count)
  const isWithin = facesBeyond(count, stock, currency).length === 0
  return (
    <ActDialog
      size="large"
      title={t('machine.collect')}
      confirm={t('machine.collect.begin')}
      done={t('machine.begun')}
      isComplete={pieces.length > 0 && isWithin}
      act={(attemptId) =>
        api.beginAttempt(machine.id, {
          ...{ attemptId, currency },
          work: { kind: 'collect', to, pieces: [...pieces] },
        })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {ways.length > 1 && (
          <SelectField
            label={t('machine.collect.way')}
            value={to}
            onChange={({ target }) => setTo(target.value === 'exit' ? 'exit' : 'cash_box')}
            choices={ways.map((value) => ({ value, label: t(`machine.to.${value}.choice`) }))}
          />
        )}
        <CurrencyField
          currencies={machine.currencies}
          currency={currency}
          onCurrency={(next) => {
            setCurrency(next)
            setCount(blankCount)
          }}
        />
      </div>
      <p className="m-0 text-small text-ink-soft">{t(`machine.collect.${to}`)}</p>
      <AllBut onReserve={(reserve) => setCount(allBut(stock, currency, reserve))} />
      <HeldPieces stock={stock} currency={currency} count={count} onCount={setCount} />
    </ActDialog>
  )
}

/** Fills the pieces in: all but so many of each face. */
function AllBut({ onReserve }: { readonly onReserve: (pieces: number) => void }) {
  const t = useText()
  const [typed, setTyped] = useState(String(usualReserve))
  return (
    <div className="flex flex-wrap items-end gap-3 rounded-md bg-sunken p-3">
      <div className="w-44">
        <Field
          label={t('machine.reserve')}
          inputMode="numeric"
          value={typed}
          onChange={({ target }) => setTyped(String(readPieces(target.value) ?? ''))}
        />
      </div>
      <Button onClick={() => onReserve(Number(typed))}>{t('machine.reserve.take')}</Button>
      <Button look="quiet" onClick={() => onReserve(0)}>
        {t('machine.reserve.all')}
      </Button>
    </div>
  )
}
