import type { OrgId, ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'

export type TillDevice = { readonly org: OrgId; readonly tillId: TillId; readonly shopId: ShopId }

/** Finds the enrolled till that holds the token with this hash. */
export async function findTillDevice(
  sql: Reader,
  org: OrgId,
  tokenHash: string,
): Promise<TillDevice | undefined> {
  const [row] = await sql<TillDevice[]>`
    SELECT org_id AS org, till_id AS "tillId", shop_id AS "shopId"
    FROM till_device
    WHERE org_id = ${org} AND token_hash = ${tokenHash}
    LIMIT 1
  `
  return row
}

/** The newest major epoch that a till's author was given; 0 before its first. */
export async function findMajor(sql: Reader, org: OrgId, tillId: TillId): Promise<number> {
  const [row] = await sql<{ major: number }[]>`
    SELECT coalesce(max(major), 0) AS major
    FROM till_device
    WHERE org_id = ${org} AND till_id = ${tillId}
  `
  return row?.major ?? 0
}

/** What a till's devices sign their heads with, by the major epoch of each. */
export async function listTillKeys(
  sql: Reader,
  org: OrgId,
  tillId: TillId,
): Promise<ReadonlyMap<number, string>> {
  const rows = await sql<{ major: number; publicKey: string }[]>`
    SELECT major, public_key AS "publicKey"
    FROM till_device
    WHERE org_id = ${org} AND till_id = ${tillId} AND public_key IS NOT NULL
    ORDER BY major
  `
  return new Map(rows.map(({ major, publicKey }) => [major, publicKey]))
}

/** How a device was enrolled, by the major epoch that it was given. */
export async function findEnrolment(
  sql: Reader,
  org: OrgId,
  { tillId, major }: { readonly tillId: TillId; readonly major: number },
): Promise<
  | { readonly tokenHash: string; readonly publicKey: string | null; readonly enrolledBy: string }
  | undefined
> {
  const [row] = await sql<{ tokenHash: string; publicKey: string | null; enrolledBy: string }[]>`
    SELECT token_hash AS "tokenHash", public_key AS "publicKey", enrolled_by AS "enrolledBy"
    FROM till_device
    WHERE org_id = ${org} AND till_id = ${tillId} AND major = ${major}
    ORDER BY id
    LIMIT 1
  `
  return row
}

/** The major epoch that an enrolment gave, by the id of its fact. */
export async function findMajorOf(
  sql: Reader,
  org: OrgId,
  id: string,
): Promise<number | undefined> {
  const [row] = await sql<{ major: number }[]>`
    SELECT major FROM till_device WHERE org_id = ${org} AND id = ${id}
  `
  return row?.major
}

/** How many epochs a till was given since an instant. */
export async function countTillDevices(
  sql: Reader,
  org: OrgId,
  { tillId, since }: { readonly tillId: TillId; readonly since: string },
): Promise<number> {
  const [row] = await sql<{ devices: number }[]>`
    SELECT count(*) AS devices FROM till_device
    WHERE org_id = ${org} AND till_id = ${tillId} AND enrolled_at > ${since}
  `
  return row?.devices ?? 0
}
