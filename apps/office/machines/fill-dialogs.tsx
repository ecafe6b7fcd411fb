import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { describeMachineRefusal } from './describe-machine.ts'

type Props = {
  readonly machine: RecyclerView
  readonly live: LiveRecycler
  readonly onClose: () => void
}

/** One of the currencies of a machine; nothing to choose where it has one. */
export function CurrencyField({
  currencies,
  currency,
  onCurrency,
}: {
  readonly currencies: readonly Currency[]
  readonly currency: Currency
  readonly onCurrency: (currency: Currency) => void
}) {
  const t = useText()
  if (currencies.length < 2) return null
  return (
    <SelectField
      label={t('safe.currency')}
      value={currency}
      onChange={({ target }) => onCurrency(target.value as Currency)}
      choices={currencies.map((value) => ({ value, label: value }))}
    />
  )
}

/** The currency that a machine's acts begin with: its first. */
export function useMachineCurrency(machine: RecyclerView) {
  const first = machine.currencies[0] ?? ('THB' as Currency)
  return useState<Currency>(first)
}

/** Cash from the safe into the machine: as much as comes, until somebody says that this was all. */
export function ReplenishDialog({ machine, live, onClose }: Props) {
  const t = useText()
  const { api } = useClients()
  const ways = live.capabilities?.replenish ?? []
  const [from, setFrom] = useState(ways[0] ?? 'entrance')
  const [currency, setCurrency] = useMachineCurrency(machine)
  return (
    <ActDialog
      title={t('machine.replenish')}
      confirm={t('machine.begin')}
      done={t('machine.begun')}
      isComplete
      act={(attemptId) =>
        api.beginAttempt(machine.id, { attemptId, currency, work: { kind: 'replenish', from } })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      {ways.length > 1 && (
        <SelectField
          label={t('machine.replenish.way')}
          value={from}
          onChange={({ target }) => setFrom(target.value === 'cassette' ? 'cassette' : 'entrance')}
          choices={ways.map((value) => ({ value, label: t(`machine.from.${value}.choice`) }))}
        />
      )}
      <CurrencyField currencies={machine.currencies} currency={currency} onCurrency={setCurrency} />
      <p className="m-0 text-small text-ink-soft">{t(`machine.replenish.${from}`)}</p>
    </ActDialog>
  )
}

/** Notes and coins for others: first what comes in, then the same worth out in chosen pieces. */
export function ExchangeDialog({ machine, onClose }: Props) {
  const t = useText()
  const { api } = useClients()
  const [currency, setCurrency] = useMachineCurrency(machine)
  return (
    <ActDialog
      title={t('machine.exchange')}
      confirm={t('machine.begin')}
      done={t('machine.begun')}
      isComplete
      act={(attemptId) =>
        api.beginAttempt(machine.id, { attemptId, currency, work: { kind: 'deposit' } })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <CurrencyField currencies={machine.currencies} currency={currency} onCurrency={setCurrency} />
      <ol className="m-0 list-decimal space-y-1 pl-5 text-small text-ink-soft">
        <li>{t('machine.exchange.first')}</li>
        <li>{t('machine.exchange.then')}</li>
        <li>{t('machine.exchange.last')}</li>
      </ol>
    </ActDialog>
  )
}
