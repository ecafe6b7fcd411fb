import { useQuery } from '@tanstack/react-query'
import { minor } from '@tillkeeper/core/money/money.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { Banknote } from 'lucide-react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { HandOverSections } from '../drawer/hand-over-sections.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useScope, useShopName, useTills } from '../shell/use-scope.ts'
import { CashTabs } from './cash-tabs.tsx'
import { groupCash, type ShopCash } from './group-cash.ts'
import { JournalButton } from './journal-dialog.tsx'

/** Where the cash is, shop by shop: each drawer, the safe, and what was short or over in all. */
export function CashScreen() {
  const t = useText()
  const { api } = useClients()
  const { shop } = useScope()
  const tills = useTills()
  const may = useMay()
  const machines =
    useQuery({ ...queries(api).machines(shop), enabled: may('till.read') }).data?.items ?? []
  const asked = useQuery(queries(api).cash(shop))
  return (
    <>
      <CashTabs />
      <PageHead title={t('page.cash')} note={t('cash.note')} />
      <Answer asked={asked}>
        {({ items }) => {
          const shops = groupCash(items, tills, machines)
          return shops.length === 0 ? (
            <EmptyState icon={<Banknote aria-hidden="true" size={32} />} title={t('cash.none')}>
              {t('cash.none.next')}
            </EmptyState>
          ) : (
            <div className="grid flex-1 content-start bg-surface xl:grid-cols-2">
              {shops.map((cash) => (
                <ShopSection key={`${cash.shopId} ${cash.currency}`} cash={cash} />
              ))}
            </div>
          )
        }}
      </Answer>
      <HandOverSections />
    </>
  )
}

function ShopSection({ cash }: { readonly cash: ShopCash }) {
  const t = useText()
  const name = useShopName()(cash.shopId)
  return (
    <Section title={name} action={<JournalButton shopId={cash.shopId} />}>
      <table aria-label={name} className="mb-4 w-full border-collapse text-small">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('cash.place')}</th>
            <th scope="col">{t('cash.amount')}</th>
          </tr>
        </thead>
        <tbody>
          {cash.places.map((place) => (
            <tr key={place.location} className="border-t border-line first:border-t-0">
              <th scope="row" className="py-1.5 pr-3 pl-5 text-left font-normal">
                {place.kind === 'safe'
                  ? t('cash.safe')
                  : place.kind === 'drawer'
                    ? t('cash.drawer', { number: place.tillNumber ?? '–' })
                    : t(place.kind === 'cash_box' ? 'cash.cash_box' : 'cash.recycler', {
                        name: place.machineName ?? '–',
                      })}
              </th>
              <td className="py-1.5 pr-5 pl-3 text-right">
                <MoneyText
                  amount={minor(place.balanceMinor)}
                  currency={place.currency}
                  unit="hide"
                />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-ink font-semibold">
            <th scope="row" className="py-2 pr-3 pl-5 text-left font-semibold">
              {t('cash.total')}
            </th>
            <td className="py-2 pr-5 pl-3 text-right">
              <MoneyText amount={cash.totalMinor} currency={cash.currency} />
            </td>
          </tr>
          {cash.overShortMinor !== 0 && (
            <tr className="text-ink-soft">
              <th scope="row" className="py-1 pr-3 pl-5 text-left font-normal">
                {t('cash.overShort')}
              </th>
              <td className="py-1 pr-5 pl-3 text-right">
                <VarianceText amount={cash.overShortMinor} currency={cash.currency} />
              </td>
            </tr>
          )}
        </tfoot>
      </table>
    </Section>
  )
}
