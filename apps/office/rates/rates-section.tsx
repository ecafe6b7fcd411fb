import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Rate } from '@tillkeeper/client/api/rate-shapes.ts'
import type { Shop } from '@tillkeeper/client/api/shapes.ts'
import { formatDigits } from '@tillkeeper/core/money/currency.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { useScope, useShops } from '../shell/use-scope.ts'
import { RoundingForm } from './rounding-form.tsx'
import { SetRateDialog } from './set-rate-dialog.tsx'

/** What other currencies are worth in a shop, now and before, and how it rounds cash. */
export function RatesSection() {
  const t = useText()
  const may = useMay()
  const { shop: chosen } = useScope()
  const shops = useShops()
  const [setting, setSetting] = useState(false)
  const shop = shops.find(({ id }) => id === chosen) ?? shops[0]
  if (shop === undefined || !may('till.read')) return null
  return (
    <>
      <Section
        title={t('rates.title', { shop: shop.name })}
        action={
          may('rate.manage') && (
            <Button look="primary" onClick={() => setSetting(true)}>
              {t('rates.set')}
            </Button>
          )
        }
      >
        <Held shop={shop} />
      </Section>
      <Section title={t('rates.history')}>
        <History shop={shop} />
      </Section>
      <Section title={t('rounding.title')}>
        <RoundingForm key={shop.id} shop={shop} />
      </Section>
      {setting && <SetRateDialog shop={shop} onClose={() => setSetting(false)} />}
    </>
  )
}

function Held({ shop }: { readonly shop: Shop }) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).ratesHeld(shop.id))
  return (
    <Answer asked={asked}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="m-0 px-5 pt-1 pb-4 text-small text-ink-soft">{t('rates.none')}</p>
        ) : (
          <ul className="m-0 flex list-none flex-wrap gap-x-10 gap-y-2 p-0 px-5 pt-1 pb-4">
            {items.map((rate) => (
              <li key={rate.id}>
                <span className="block text-small text-ink-soft">1 {rate.currency}</span>
                <span className="text-title font-semibold">
                  <RateText rate={rate} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Answer>
  )
}

function History({ shop }: { readonly shop: Shop }) {
  const t = useText()
  const { api } = useClients()
  const asked = useInfiniteQuery(queries(api).rates(shop.id))
  const rows = (asked.data?.pages.flatMap(({ items }) => items) ?? []).filter(
    ({ base }) => base === shop.currency,
  )
  return (
    <Answer asked={asked}>
      {() =>
        rows.length === 0 ? (
          <p className="m-0 px-5 pt-1 pb-4 text-small text-ink-soft">{t('rates.history.none')}</p>
        ) : (
          <div className="overflow-x-auto pb-3">
            <table className="w-full border-collapse text-small [&_td]:whitespace-nowrap [&_th]:whitespace-nowrap">
              <thead>
                <tr className="text-left text-ink-soft [&>th]:px-5 [&>th]:py-1 [&>th]:font-medium">
                  <th scope="col">{t('rates.from')}</th>
                  <th scope="col">{t('rates.currency')}</th>
                  <th scope="col" className="text-right!">
                    {t('rates.rate')}
                  </th>
                  <th scope="col">{t('rates.source')}</th>
                  <th scope="col">{t('rates.who')}</th>
                  <th scope="col">{t('rates.where')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((rate) => (
                  <tr key={rate.id} className="border-t border-line [&>td]:px-5 [&>td]:py-2">
                    <td>
                      <DateText instant={rate.from} timeZone={shop.timeZone} />
                    </td>
                    <td className="font-medium">{rate.currency}</td>
                    <td className="text-right font-medium">
                      <RateText rate={rate} />
                    </td>
                    <td>{rate.source}</td>
                    <td>{rate.staffName}</td>
                    <td>{rate.shopId === null ? t('rates.allShops') : shop.name}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {asked.hasNextPage && (
              <Button className="mx-5 mt-2" onClick={() => void asked.fetchNextPage()}>
                {t('rates.more')}
              </Button>
            )}
          </div>
        )
      }
    </Answer>
  )
}

function RateText({ rate: { rate, scale, base } }: { readonly rate: Rate }) {
  const t = useText()
  const [language] = useLanguage()
  if (rate === 0) return <span className="text-ink-soft">{t('rates.ended')}</span>
  return (
    <span className="money whitespace-nowrap">
      {formatDigits(rate, scale, language)} <span className="money-unit">{base}</span>
    </span>
  )
}
