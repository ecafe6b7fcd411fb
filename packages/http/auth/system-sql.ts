import type { OrgId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Db, Reader } from '@tillkeeper/projections/db.ts'

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

export type Device = { readonly org: OrgId; readonly tillId: TillId; readonly shopId: ShopId }

/** Finds the enrolled till that holds the token with this hash. */
export async function findDevice(
  sql: Reader,
  org: OrgId,
  tokenHash: string,
): Promise<Device | undefined> {
  const [row] = await sql<Device[]>`
    SELECT org_id AS org, till_id AS "tillId", shop_id AS "shopId"
    FROM device_token
    WHERE org_id = ${org} AND token_hash = ${tokenHash} AND revoked_at IS NULL
  `
  return row
}

export type NewDevice = {
  readonly id: string
  readonly tillId: TillId
  readonly shopId: ShopId
  readonly tokenHash: string
  readonly enrolledBy: StaffId
  readonly now: Date
}

/**
 * Enrols a device as a till and returns the major epoch that its author gets: one more than any before,
 * so that a browser that lost its data never continues the stream of the one it was. An older device's
 * token stays good, because it may still hold sales.
 */
export async function insertDevice(db: Db, org: OrgId, device: NewDevice): Promise<number> {
  return db.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${device.tillId}, 7313))`
    const [row] = await tx<{ major: number }[]>`
      INSERT INTO device_token
        (org_id, id, till_id, shop_id, token_hash, major, enrolled_by, enrolled_at)
      SELECT ${org}, ${device.id}, ${device.tillId}, ${device.shopId}, ${device.tokenHash},
        coalesce(max(major), 0) + 1, ${device.enrolledBy}, ${device.now.toISOString()}
      FROM device_token
      WHERE org_id = ${org} AND till_id = ${device.tillId}
      RETURNING major
    `
    return row?.major ?? 1
  })
}
