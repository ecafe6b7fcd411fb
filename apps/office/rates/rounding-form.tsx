import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Shop } from '@tillkeeper/client/api/shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { useIsShop } from '../shell/use-is-shop.ts'

/** The steps that are offered: as many of the smallest pieces. */
const stepsMax = 6

/** How a shop rounds what is settled in cash: to which coin, and in whose favour. */
export function RoundingForm({ shop }: { readonly shop: Shop }) {
  const t = useText()
  const [language] = useLanguage()
  const may = useMay()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const inShop = useIsShop()
  const [step, setStep] = useState<number>(shop.cashRounding?.stepMinor ?? 0)
  const [way, setWay] = useState(shop.cashRounding?.way ?? 'nearest')
  const save = useMutation({
    mutationFn: () =>
      api.setCashRounding(
        { id: makeId(), shopId: shop.id, inShop },
        { stepMinor: minor(step), way },
      ),
    onSuccess: async () => {
      toast(t('rounding.done'))
      await cache.invalidateQueries({ queryKey: ['shops'] })
    },
  })
  const allowed = may(inShop ? 'shop.settings' : 'chain.manage')
  const faces = denominationsOf(shop.currency)
    .map(({ faceMinor }) => faceMinor)
    .reverse()
    .slice(0, stepsMax)
  // A step that was set elsewhere is offered too, so that the form says what is so.
  const steps = [...new Set([...faces, ...(step > 0 ? [minor(step)] : [])])].sort((a, b) => a - b)
  const same =
    step === (shop.cashRounding?.stepMinor ?? 0) && way === (shop.cashRounding?.way ?? way)
  return (
    <div className="flex max-w-2xl flex-wrap items-end gap-4 px-5 pt-1 pb-5">
      <div className="w-44">
        <SelectField
          label={t('rounding.step')}
          value={String(step)}
          disabled={!allowed}
          onChange={(event) => setStep(Number(event.target.value))}
          choices={[
            { value: '0', label: t('rounding.none') },
            ...steps.map((face) => ({
              value: String(face),
              label: formatMoney(face, { currency: shop.currency, language }),
            })),
          ]}
        />
      </div>
      <div className="w-64">
        <SelectField
          label={t('rounding.way')}
          value={way}
          disabled={!allowed || step === 0}
          onChange={(event) => setWay(event.target.value === 'down' ? 'down' : 'nearest')}
          choices={[
            { value: 'nearest', label: t('rounding.nearest') },
            { value: 'down', label: t('rounding.down') },
          ]}
        />
      </div>
      {allowed && (
        <Button disabled={same || save.isPending} onClick={() => save.mutate()}>
          {t('rates.save')}
        </Button>
      )}
      {save.error !== null && (
        <p role="alert" className="m-0 w-full text-small text-danger">
          {t('rates.refused')}
        </p>
      )}
    </div>
  )
}
