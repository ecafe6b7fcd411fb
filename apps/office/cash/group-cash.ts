import type { CashLocation } from '@tillkeeper/client/api/shapes.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'

/** The cash of a shop in one currency. */
export type ShopCash = {
  readonly shopId: string
  readonly currency: Currency
  /** Its safe, then its drawers. */
  readonly places: readonly CashLocation[]
  /** All of it together. */
  readonly totalMinor: Minor
  /** All variances so far: below zero, more was short than over. */
  readonly overShortMinor: Minor
}

/** Sorts the places of all shops by shop and currency. What lies outside the shops is left out. */
export function groupCash(locations: readonly CashLocation[]): readonly ShopCash[] {
  const groups = Map.groupBy(
    locations.filter(({ shopId }) => shopId !== null),
    ({ shopId, currency }) => `${shopId} ${currency}`,
  )
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows
    const places = rows
      .filter(({ kind }) => kind === 'safe' || kind === 'drawer')
      .sort((a, b) => rank(a) - rank(b) || a.location.localeCompare(b.location))
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

function rank({ kind }: CashLocation): number {
  return kind === 'safe' ? 0 : 1
}
