import type { CashLocation } from '@tillkeeper/client/api/cash-shapes.ts'
import type { Till } from '@tillkeeper/client/api/shapes.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'

/** A safe, or a drawer with the number of its till. */
export type CashPlace = CashLocation & { readonly tillNumber: number | undefined }

/** The cash of a shop in one currency. */
export type ShopCash = {
  readonly shopId: string
  readonly currency: Currency
  /** Its safe, then its drawers by the number of their tills. */
  readonly places: readonly CashPlace[]
  /** All of it together. */
  readonly totalMinor: Minor
  /** All variances so far: below zero, more was short than over. */
  readonly overShortMinor: Minor
}

/** Sorts the places of all shops by shop and currency. What lies outside the shops is left out. */
export function groupCash(
  locations: readonly CashLocation[],
  tills: readonly Pick<Till, 'id' | 'number'>[],
): readonly ShopCash[] {
  const groups = Map.groupBy(
    locations.filter(({ shopId }) => shopId !== null),
    ({ shopId, currency }) => `${shopId} ${currency}`,
  )
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows
    const places = rows
      .filter(({ kind }) => kind === 'safe' || kind === 'drawer')
      .map((place) => ({ ...place, tillNumber: tillNumberOf(place, tills) }))
      .sort((a, b) => rank(a) - rank(b))
    if (first === undefined || first.shopId === null || places.length === 0) return []
    const overShort = rows.find(({ kind }) => kind === 'over_short')
    return {
      shopId: first.shopId,
      currency: first.currency,
      places,
      totalMinor: minor(places.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0)),
      // A shortage goes from the drawer to the place for it, so what lies there was short.
      overShortMinor: minor(-(overShort?.balanceMinor ?? 0)),
    }
  })
}

// `drawer:<till>`, see the glossary.
function tillNumberOf(
  { kind, location }: CashLocation,
  tills: readonly Pick<Till, 'id' | 'number'>[],
): number | undefined {
  if (kind !== 'drawer') return undefined
  return tills.find(({ id }) => location === `drawer:${id}`)?.number
}

// The safe stands first, a drawer of a till that is not known here last.
function rank({ kind, tillNumber }: CashPlace): number {
  return kind === 'safe' ? -1 : (tillNumber ?? Number.MAX_SAFE_INTEGER)
}
