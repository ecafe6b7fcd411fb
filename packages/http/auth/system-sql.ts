import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'

export type ApiKey = {
  readonly org: OrgId
  readonly id: string
  readonly permissions: readonly string[]
  readonly shops: readonly ShopId[]
}

/** Finds the active key with this hash, in one organisation or, in the cloud, in all. */
export async function findApiKey(
  sql: Reader,
  org: OrgId | undefined,
  secretHash: string,
): Promise<ApiKey | undefined> {
  const [row] = await sql<ApiKey[]>`
    SELECT org_id AS org, id, permissions, shops
    FROM apikey
    WHERE secret_hash = ${secretHash} AND active
      AND ${org === undefined ? sql`TRUE` : sql`org_id = ${org}`}
  `
  return row
}
