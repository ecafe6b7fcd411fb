import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Shop } from '@tillkeeper/client/api/shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { isCurrency } from '@tillkeeper/core/money/currency.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { useIsShop } from '../shell/use-is-shop.ts'
import { instantAt, readRate } from './read-rate.ts'

const sourceCharsMax = 60
const refused: Readonly<Record<string, OfficeKey>> = {
  rate_from_past: 'rates.refused.past',
  forbidden: 'rates.refused.forbidden',
}

/** Asks what a currency is worth, from when on, and who says so; and sets it once. */
export function SetRateDialog({
  shop,
  onClose,
}: {
  readonly shop: Shop
  readonly onClose: () => void
}) {
  const t = useText()
  const may = useMay()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const inShop = useIsShop()
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const [code, setCode] = useState('')
  const [typed, setTyped] = useState('')
  const [source, setSource] = useState('')
  const [from, setFrom] = useState('')
  const [where, setWhere] = useState<'shop' | 'all'>('shop')
  const currency = code.trim().toUpperCase()
  const rate = readRate(typed)
  const wrongCode = code !== '' && (!isCurrency(currency) || currency === shop.currency)
  const set = useMutation({
    mutationFn: (what: { rate: number; scale: number }) =>
      api.setRate({
        ...{ id, currency: currency as Shop['currency'], ...what, source: source.trim() },
        base: shop.currency,
        ...(from !== '' && { from: instantAt(from, shop.timeZone) }),
        ...(!inShop && where === 'shop' && { shopId: shop.id }),
      }),
    onSuccess: async () => {
      toast(t('rates.done'))
      onClose()
      await cache.invalidateQueries({ queryKey: ['rates'] })
    },
  })
  const isComplete =
    rate !== undefined && isCurrency(currency) && !wrongCode && source.trim() !== ''
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('rates.set')}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            disabled={!isComplete || set.isPending}
            onClick={() => rate !== undefined && set.mutate(rate)}
          >
            {set.isPending ? t('rates.saving') : t('rates.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <WorthFields {...{ shop, code, typed, wrongCode }} onCode={setCode} onTyped={setTyped} />
        <Field
          label={t('rates.source')}
          hint={t('rates.source.hint')}
          value={source}
          maxLength={sourceCharsMax}
          onChange={(event) => setSource(event.target.value)}
        />
        <Field
          label={t('rates.from')}
          hint={t('rates.from.hint')}
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        {!inShop && may('chain.manage') && (
          <SelectField
            label={t('rates.where')}
            value={where}
            onChange={(event) => setWhere(event.target.value === 'all' ? 'all' : 'shop')}
            choices={[
              { value: 'shop', label: shop.name },
              { value: 'all', label: t('rates.allShops') },
            ]}
          />
        )}
        {set.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(whyNot(set.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function WorthFields({
  shop,
  code,
  typed,
  wrongCode,
  onCode,
  onTyped,
}: {
  readonly shop: Shop
  readonly code: string
  readonly typed: string
  readonly wrongCode: boolean
  readonly onCode: (code: string) => void
  readonly onTyped: (typed: string) => void
}) {
  const t = useText()
  const currency = code.trim().toUpperCase() || 'USD'
  const wrong = typed !== '' && readRate(typed) === undefined
  return (
    <div className="grid grid-cols-[7rem_1fr] gap-4">
      <Field
        label={t('rates.currency')}
        value={code}
        placeholder="USD"
        maxLength={3}
        autoCapitalize="characters"
        spellCheck={false}
        error={wrongCode ? t('rates.currency.wrong') : undefined}
        onChange={(event) => onCode(event.target.value)}
      />
      <Field
        label={t('rates.worth', { currency, base: shop.currency })}
        hint={t('rates.worth.hint')}
        inputMode="decimal"
        placeholder="34.25"
        value={typed}
        error={wrong ? t('rates.worth.wrong') : undefined}
        onChange={(event) => onTyped(event.target.value)}
      />
    </div>
  )
}

function whyNot(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'rates.refused.unreachable'
  if (!(error instanceof ApiProblem)) return 'rates.refused'
  return refused[error.code] ?? 'rates.refused'
}
