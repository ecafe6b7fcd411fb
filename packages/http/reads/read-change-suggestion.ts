import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { suggestChange } from '@tillkeeper/core/safe/suggest-change.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listChangeOrders } from '@tillkeeper/projections/safe/change-order-sql.ts'
import { listSafeBalances } from '@tillkeeper/projections/safe/safe-sql.ts'
import { firstDayOf, readSafeUse } from '@tillkeeper/projections/safe/safe-use-sql.ts'

/** As many orders are looked through for those that are on their way. */
const ordersMax = 100

/** What a shop should order, with what it is made of: a person orders it, or something else. */
export async function readChangeSuggestion(
  db: Db,
  org: OrgId,
  { shopId, to }: { readonly shopId: ShopId; readonly to: Day },
) {
  const asked = { shops: new Set([shopId]), shopId }
  const [{ uses, unsaid }, stock, orders] = await Promise.all([
    readSafeUse(db, org, { shopId, to }),
    listSafeBalances(db, org, asked),
    listChangeOrders(db, org, { ...asked, limit: ordersMax }),
  ])
  // What did not come within these weeks is on its way no longer.
  const from = firstDayOf(to)
  const ordered = orders.items
    .filter(({ state, businessDate }) => state === 'ordered' && businessDate >= from)
    .map(({ cash }) => cash)
  return {
    from,
    items: suggestChange({ uses, stock, ordered }).map(({ currency, known, faces }) => ({
      ...{ currency, known },
      unsaidMinor: unsaid.find((each) => each.currency === currency)?.amountMinor ?? minor(0),
      faces: faces.map((face) => ({ ...face, weeks: [...face.weeks] })),
    })),
  }
}
