import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { Store } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { useIsShop } from '../shell/use-is-shop.ts'
import { useScope, useShops } from '../shell/use-scope.ts'
import { CashTabs } from './cash-tabs.tsx'

/** Draws a screen of cash for one shop; where several are in sight, one is chosen first. */
export function OneShop({ children }: { readonly children: (shopId: string) => ReactNode }) {
  const t = useText()
  const { shop, change } = useScope()
  const shops = useShops()
  const shopId = shop ?? (shops.length === 1 ? shops[0]?.id : undefined)
  return (
    <>
      <CashTabs />
      {shopId !== undefined ? (
        children(shopId)
      ) : (
        <EmptyState
          icon={<Store aria-hidden="true" size={32} />}
          title={t('safe.chooseShop')}
          action={
            <span className="flex flex-wrap justify-center gap-2">
              {shops.map(({ id, name }) => (
                <Button key={id} onClick={() => change({ shop: id })}>
                  {name}
                </Button>
              ))}
            </span>
          }
        >
          {t('safe.chooseShop.next')}
        </EmptyState>
      )}
    </>
  )
}

/** Whether this person may act at the safe from this office: only in the shop, where acts are recorded. */
export function useMayAct(): { readonly safe: boolean; readonly fund: boolean } {
  const may = useMay()
  const isShop = useIsShop()
  return { safe: isShop && may('safe.manage'), fund: isShop && may('fund.manage') }
}

/** In the cloud: says where acts are recorded. */
export function ReadOnlyLine() {
  const t = useText()
  if (useIsShop()) return null
  return (
    <p className="m-0 border-b border-line bg-sunken px-5 py-1.5 text-small text-ink-soft">
      {t('safe.readOnly')}
    </p>
  )
}
