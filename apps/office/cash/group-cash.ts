import type { CashLocation } from '@tillkeeper/client/api/cash-shapes.ts'
import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Till } from '@tillkeeper/client/api/shapes.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'

/** A safe, a drawer with the number of its till, or a part of a cash machine with the machine's name. */
export type CashPlace = CashLocation & {
  readonly tillNumber: number | undefined
  readonly machineName: string | undefined
}

/** The cash of a shop in one currency. */
export type ShopCash = {
  readonly shopId: string
  readonly currency: Currency
  /** Its safe, then its drawers by the number of their tills, then its cash machines by name. */
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
  machines: readonly Pick<RecyclerView, 'id' | 'name'>[] = [],
): readonly ShopCash[] {
  const groups = Map.groupBy(
    locations.filter(({ shopId }) => shopId !== null),
    ({ shopId, currency }) => `${shopId} ${currency}`,
  )
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows
    const places = rows
      .filter(({ kind }) => ranks[kind] !== undefined)
      .map((place) => ({
        ...place,
        tillNumber: tillNumberOf(place, tills),
        machineName: machineNameOf(place, machines),
      }))
      .sort(byRank)
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

// `recycler:<shop>:<machine>` and `cash_box:<shop>:<machine>`; one that is not known here is called by its id's start.
function machineNameOf(
  { kind, location }: CashLocation,
  machines: readonly Pick<RecyclerView, 'id' | 'name'>[],
): string | undefined {
  if (kind !== 'recycler' && kind !== 'cash_box') return undefined
  const id = location.split(':')[2] ?? ''
  return machines.find((machine) => machine.id === id)?.name ?? id.slice(0, 8)
}

/** What is cash in a shop, in the order in which it is listed. */
const ranks: Readonly<Partial<Record<CashLocation['kind'], number>>> = {
  safe: 0,
  drawer: 1,
  recycler: 2,
  cash_box: 2,
}

// A drawer of a till that is not known here stands last of the drawers; a machine's cash box below its stock.
function byRank(a: CashPlace, b: CashPlace): number {
  const of = ({ tillNumber }: CashPlace) => tillNumber ?? Number.MAX_SAFE_INTEGER
  return (
    (ranks[a.kind] ?? 0) - (ranks[b.kind] ?? 0) ||
    of(a) - of(b) ||
    (a.machineName ?? '').localeCompare(b.machineName ?? '') ||
    b.kind.localeCompare(a.kind)
  )
}
