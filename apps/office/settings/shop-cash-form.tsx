import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Shop } from '@tillkeeper/client/api/shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { exponentOf, formatMinor } from '@tillkeeper/core/money/currency.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { readEntry } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import type { ShopCash } from '../api/drawer-questions.ts'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'

const amounts = [
  'floatMinor',
  'drawerLimitMinor',
  'toleranceMinor',
  'investigateMinor',
  'expenseDayMinor',
] as const
type Typed = Readonly<Record<(typeof amounts)[number], string>> & { readonly blindClose: boolean }

/** How a shop keeps its cash: what a drawer begins with and may hold, and when a variance is looked into. */
export function ShopCashForm({ shop }: { readonly shop: Shop }) {
  const t = useText()
  const { api } = useClients()
  const cache = useQueryClient()
  const digits = exponentOf(shop.currency)
  const [typed, setTyped] = useState<Typed>(() => startTyping(shop))
  const read = readTyped(typed, digits)
  const save = useMutation({
    mutationFn: (said: ShopCash) => api.setShopCash(shop.id, { ...said, id: makeId() }),
    onSuccess: () => cache.invalidateQueries(),
  })
  return (
    <Section title={t('shopCash.title', { shop: shop.name })}>
      <form
        className="grid max-w-xl gap-4 px-5 pt-1 pb-5 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (read !== undefined) save.mutate(read)
        }}
      >
        {amounts.map((name) => (
          <Field
            key={name}
            label={`${t(`shopCash.${name}`)} (${shop.currency})`}
            hint={t(`shopCash.${name}.hint`)}
            inputMode="decimal"
            className="text-right"
            value={typed[name]}
            error={readAmount(typed[name], digits) === undefined ? t('shopCash.wrong') : undefined}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        ))}
        <label className="flex items-start gap-2 text-body sm:col-span-2">
          <input
            type="checkbox"
            className="mt-1 size-4 accent-(--accent)"
            checked={typed.blindClose}
            onChange={(event) => setTyped({ ...typed, blindClose: event.target.checked })}
          />
          <span>
            {t('shopCash.blindClose')}
            <span className="block text-small text-ink-soft">{t('shopCash.blindClose.hint')}</span>
          </span>
        </label>
        <div className="flex items-center gap-3 sm:col-span-2">
          <Button type="submit" look="primary" disabled={read === undefined || save.isPending}>
            {t('shopCash.save')}
          </Button>
          <span
            role="status"
            className={`text-small ${save.isError ? 'text-danger' : 'text-good'}`}
          >
            {save.isError ? t('shopCash.failed') : save.isSuccess ? t('shopCash.saved') : ''}
          </span>
        </div>
      </form>
    </Section>
  )
}

function startTyping(shop: Shop): Typed {
  // As it is typed: a point, and nothing between thousands.
  const text = (amount: number) =>
    formatMinor(minor(amount), shop.currency, 'en').replaceAll(',', '')
  return {
    floatMinor: text(shop.floatMinor),
    drawerLimitMinor: text(shop.drawerLimitMinor),
    toleranceMinor: text(shop.toleranceMinor),
    investigateMinor: text(shop.investigateMinor),
    expenseDayMinor: text(shop.expenseDayMinor),
    blindClose: shop.blindClose,
  }
}

function readAmount(text: string, digits: number): Minor | undefined {
  return text.trim() === '' ? minor(0) : readEntry(text.trim(), digits)
}

function readTyped(typed: Typed, digits: number): ShopCash | undefined {
  const read = Object.fromEntries(amounts.map((name) => [name, readAmount(typed[name], digits)]))
  if (Object.values(read).includes(undefined)) return undefined
  return { ...(read as Record<(typeof amounts)[number], Minor>), blindClose: typed.blindClose }
}
