import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'

/** Whether every id is one of the organisation's shops. */
export async function areShops(sql: Reader, org: OrgId, ids: readonly string[]): Promise<boolean> {
  const [row] = await sql<{ found: number }[]>`
    SELECT count(*) AS found FROM shop WHERE org_id = ${org} AND id = ANY(${[...ids]}::uuid[])
  `
  return row?.found === new Set(ids).size
}

/** The organisations that have a shop of this id: ids are made by who asks, so two may use one. */
export function findOrgsOfShop(
  sql: Reader,
  id: ShopId,
): Promise<readonly { readonly org: OrgId }[]> {
  return sql<{ org: OrgId }[]>`
    SELECT org_id AS org FROM shop WHERE id = ${id} ORDER BY org_id LIMIT 2
  `
}
