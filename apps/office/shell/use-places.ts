import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { useMemo } from 'react'
import { type OfficeText, useText } from '../messages/use-text.ts'
import { useScope, useShopName, useShops, useTills, useTimeZone } from './use-scope.ts'

/** What the rows of a list need to name their shop and till. */
export type Places = {
  readonly t: OfficeText
  readonly zone: (shopId: string | null) => string
  readonly shopName: (shopId: string) => string
  readonly tillNumber: (tillId: string) => string
  /** All shops are listed, so each row says which it is of. */
  readonly manyShops: boolean
}

/** Names of shops and tills for the rows. */
export function usePlaces(): Places {
  const t = useText()
  const [language] = useLanguage()
  const { shop } = useScope()
  const shops = useShops()
  const tills = useTills()
  const zone = useTimeZone()
  const shopName = useShopName()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the functions change with each drawing; what they say changes with these.
  return useMemo(
    () => ({
      t,
      zone,
      shopName,
      tillNumber: (tillId: string) => String(tills.find(({ id }) => id === tillId)?.number ?? '–'),
      manyShops: shop === undefined && shops.length > 1,
    }),
    [language, shop, shops, tills],
  )
}
