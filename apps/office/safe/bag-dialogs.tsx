import type { BagView } from '@tillkeeper/client/api/safe-shapes.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { parseStatementAmount } from '@tillkeeper/core/safe/parse-statement.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { CashText } from '../cash/cash-text.tsx'
import { useText } from '../messages/use-text.ts'
import { useTodayDate } from '../shell/use-scope.ts'

export type BagAct = 'verify' | 'collect' | 'deposit' | 'open'

const textCharsMax = 100

/** One step of a bag's way. */
export function BagActDialog({
  act,
  bag,
  onClose,
}: {
  readonly act: BagAct
  readonly bag: BagView
  readonly onClose: () => void
}) {
  const props = { bag, onClose }
  if (act === 'verify') return <VerifyDialog {...props} />
  if (act === 'collect') return <CollectDialog {...props} />
  if (act === 'open') return <OpenDialog {...props} />
  return <DepositDialog {...props} />
}

type Props = { readonly bag: BagView; readonly onClose: () => void }

function BagHead({ bag, how }: { readonly bag: BagView; readonly how?: string }) {
  return (
    <>
      <p className="m-0 text-title font-semibold break-all">{bag.number}</p>
      <CashText cash={bag.cash} />
      {how !== undefined && <p className="m-0 text-small text-ink-soft">{how}</p>}
    </>
  )
}

function useBagAct(bag: BagView, act: BagAct, body: object) {
  const t = useText()
  const { api } = useClients()
  return {
    title: t(`bag.${act}`),
    confirm: t(`bag.${act}`),
    done: t('bag.done'),
    act: (id: string) => api.actAtSafe(`/v1/bags/${bag.id}/${act}`, { id, ...body }),
  }
}

function VerifyDialog({ bag, onClose }: Props) {
  const t = useText()
  return (
    <ActDialog {...useBagAct(bag, 'verify', {})} isComplete onClose={onClose}>
      <BagHead bag={bag} how={t('bag.verify.how')} />
    </ActDialog>
  )
}

function CollectDialog({ bag, onClose }: Props) {
  const t = useText()
  const [carrier, setCarrier] = useState('')
  const [reference, setReference] = useState('')
  const said = { carrier: carrier.trim(), reference: reference.trim() }
  return (
    <ActDialog
      {...useBagAct(bag, 'collect', said)}
      isComplete={said.carrier !== ''}
      onClose={onClose}
    >
      <BagHead bag={bag} />
      <Field
        label={t('bag.carrier')}
        value={carrier}
        maxLength={textCharsMax}
        onChange={(event) => setCarrier(event.target.value)}
      />
      <Field
        label={t('bag.reference')}
        value={reference}
        maxLength={textCharsMax}
        onChange={(event) => setReference(event.target.value)}
      />
    </ActDialog>
  )
}

function OpenDialog({ bag, onClose }: Props) {
  const t = useText()
  const [reason, setReason] = useState('')
  return (
    <ActDialog
      {...useBagAct(bag, 'open', { reason: reason.trim() })}
      look="danger"
      isComplete={reason.trim() !== ''}
      onClose={onClose}
    >
      <BagHead bag={bag} how={t('bag.open.how')} />
      <Field
        label={t('bag.reason')}
        value={reason}
        maxLength={textCharsMax}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}

function DepositDialog({ bag, onClose }: Props) {
  const t = useText()
  const [bankedOn, setBankedOn] = useState(useTodayDate())
  const [reference, setReference] = useState('')
  const [typed, setTyped] = useState<ReadonlyMap<Currency, string>>(
    new Map(bag.cash.map(({ currency, minor: sealed }) => [currency, plain(sealed, currency)])),
  )
  const credited = [...typed].map(([currency, text]) => ({ currency, minor: read(text, currency) }))
  const isComplete = bankedOn !== '' && credited.every(({ minor: amount }) => amount !== undefined)
  return (
    <ActDialog
      {...useBagAct(bag, 'deposit', { bankedOn, reference: reference.trim(), credited })}
      isComplete={isComplete}
      onClose={onClose}
    >
      <BagHead bag={bag} />
      <Field
        type="date"
        label={t('bag.bankedOn')}
        value={bankedOn}
        onChange={(event) => setBankedOn(event.target.value)}
      />
      <Field
        label={t('bag.reference')}
        value={reference}
        maxLength={textCharsMax}
        onChange={(event) => setReference(event.target.value)}
      />
      {[...typed].map(([currency, text]) => (
        <Field
          key={currency}
          label={t('bag.credited', { currency })}
          value={text}
          inputMode="decimal"
          className="text-right"
          aria-invalid={read(text, currency) === undefined}
          onChange={(event) => setTyped(new Map(typed).set(currency, event.target.value))}
        />
      ))}
    </ActDialog>
  )
}

function plain(amount: number, currency: Currency): string {
  return exponentOf(currency) === 0 ? String(amount) : plainMoney(minor(amount), currency)
}

function read(text: string, currency: Currency): Minor | undefined {
  const amount = parseStatementAmount(text, { currency, decimalSign: '.' })
  return amount !== undefined && amount >= 0 ? amount : undefined
}
