import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { defaultBounds, type VarianceBounds } from '@tillkeeper/core/verify/variance-class.ts'
import type { Reader } from '../db.ts'

/** What a shop tolerates and investigates, in its currency; what it has not set is the default. */
export type ShopBounds = VarianceBounds & { readonly currency: Currency; readonly timeZone: string }

type Row = {
  readonly id: ShopId
  readonly currency: Currency
  readonly timeZone: string
  /** 0 where nobody set it. */
  readonly toleranceMinor: number
  readonly investigateMinor: number
}

/** The bounds of shops, by shop. */
export async function readBounds(
  sql: Reader,
  org: OrgId,
  shopIds: readonly ShopId[],
): Promise<ReadonlyMap<ShopId, ShopBounds>> {
  const rows = await sql<Row[]>`
    SELECT id, currency, time_zone AS "timeZone",
      tolerance_minor AS "toleranceMinor", investigate_minor AS "investigateMinor"
    FROM shop
    WHERE org_id = ${org} AND id = ANY(${shopIds}::uuid[])
  `
  return new Map(rows.map((row) => [row.id, toBounds(row)]))
}

function toBounds({ currency, timeZone, toleranceMinor, investigateMinor }: Row): ShopBounds {
  const usual = defaultBounds(currency)
  return {
    ...{ currency, timeZone },
    // A shop that set only what it investigates tolerates nothing.
    toleranceMinor:
      toleranceMinor === 0 && investigateMinor === 0 ? usual.toleranceMinor : toleranceMinor,
    investigateMinor: investigateMinor === 0 ? usual.investigateMinor : investigateMinor,
  }
}
