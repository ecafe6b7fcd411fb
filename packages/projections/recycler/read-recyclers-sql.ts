import type { OrgId, ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { UnitFace } from '@tillkeeper/core/recycler/resolve-recycler.ts'
import type { RecyclerStock, RecyclerToldBody } from '@tillkeeper/facts/catalogue/recycler.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** A machine: as it is registered, what it last told, and what the books know of it. */
export type RecyclerRow = {
  readonly id: string
  readonly shopId: ShopId
  readonly name: string
  readonly driver: string
  readonly address: string
  readonly currencies: readonly Currency[]
  readonly tills: readonly TillId[]
  readonly active: boolean
  readonly condition: NonNullable<RecyclerToldBody['condition']> | null
  readonly conditionAt: Instant | null
  readonly stock: RecyclerStock | null
  readonly stockAt: Instant | null
  /** Also with none left: a face that it never held is not missed in it. */
  readonly held: readonly UnitFace[]
  /** Whether it was ever counted. */
  readonly known: boolean
  readonly unresolved: number
}

/** As many machines are listed; a chain has one or two a shop. */
const machinesMax = 1_000

/** The machines of the shops, by shop and name; or one of them. */
export async function listRecyclers(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    id,
  }: {
    readonly shops: ShopScope
    readonly shopId?: ShopId | undefined
    readonly id?: string | undefined
  },
): Promise<readonly RecyclerRow[]> {
  return sql<RecyclerRow[]>`
    SELECT machine.id, machine.shop_id AS "shopId", machine.name, machine.driver, machine.address,
      machine.currencies, machine.tills, machine.active, told.condition, told.told_at AS "conditionAt",
      seen.stock, seen.told_at AS "stockAt", held.faces AS held, counted.is AS known,
      open.attempts AS unresolved
    FROM recycler AS machine
    LEFT JOIN recycler_condition AS told
      ON told.org_id = machine.org_id AND told.recycler_id = machine.id
    LEFT JOIN recycler_stock AS seen
      ON seen.org_id = machine.org_id AND seen.recycler_id = machine.id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
          'unit', CASE split_part(location, ':', 1) WHEN 'cash_box' THEN 'cash_box' ELSE 'recycling' END,
          'currency', currency, 'faceMinor', face_minor, 'pieces', pieces)
        ORDER BY location DESC, currency, face_minor DESC), '[]') AS faces
      FROM cash_inventory
      WHERE org_id = machine.org_id AND face_minor <> 0 AND location = ANY(ARRAY[
        'recycler:' || machine.shop_id || ':' || machine.id,
        'cash_box:' || machine.shop_id || ':' || machine.id])
    ) AS held
    CROSS JOIN LATERAL (
      SELECT EXISTS (
        SELECT FROM recycler_resolution AS said
        WHERE said.org_id = machine.org_id AND said.recycler_id = machine.id
          AND said.counted IS NOT NULL
      ) AS is
    ) AS counted
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS attempts FROM exception
      WHERE exception.org_id = machine.org_id AND exception.kind = 'recycler_unresolved'
        AND exception.shop_id = machine.shop_id
        AND exception.keys @> ARRAY['recycler:' || machine.id]
    ) AS open
    WHERE machine.org_id = ${org} AND ${inScope(sql, 'machine.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`machine.shop_id = ${shopId}`}
      AND ${id === undefined ? sql`TRUE` : sql`machine.id = ${id}`}
    ORDER BY machine.shop_id, machine.name, machine.id
    LIMIT ${machinesMax}
  `
}
