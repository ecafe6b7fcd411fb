import { createHash } from 'node:crypto'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Reader, Tx } from '@tillkeeper/projections/db.ts'

const hashCode = (code: string): Buffer => createHash('sha256').update(code).digest()
const prunedMax = 200
/** Machines of one shop whose signatures are tried: the newest. */
const keysMax = 20
/** Epochs that one restore may have lost of a shop: far more than were ever granted in a day. */
const adoptedMax = 1_000

export type NewCode = {
  readonly code: string
  readonly shopId: ShopId
  readonly madeBy: string
  readonly expiresAt: Date
}

/** Keeps the hash of a new code. Codes that ran out long ago are cleared away. */
export async function insertCode(
  sql: Reader,
  org: OrgId,
  { code, shopId, madeBy, expiresAt }: NewCode,
): Promise<void> {
  await sql`
    DELETE FROM enrolment_code
    WHERE code_hash IN (
      SELECT code_hash FROM enrolment_code
      WHERE expires_at < ${expiresAt.toISOString()}::timestamptz - interval '1 day'
      LIMIT ${prunedMax}
    )
  `
  await sql`
    INSERT INTO enrolment_code (code_hash, org_id, shop_id, made_by, expires_at)
    VALUES (${hashCode(code)}, ${org}, ${shopId}, ${madeBy}, ${expiresAt.toISOString()})
  `
}

export type Code = {
  readonly org: OrgId
  readonly shopId: ShopId
  readonly usedKey: string | null
}

/** Holds a code that has not run out, until the transaction ends. */
export async function lockCode(
  tx: Tx,
  { code, now }: { readonly code: string; readonly now: Date },
): Promise<Code | undefined> {
  const [row] = await tx<Code[]>`
    SELECT org_id AS org, shop_id AS "shopId", used_key AS "usedKey"
    FROM enrolment_code
    WHERE code_hash = ${hashCode(code)} AND expires_at > ${now.toISOString()}
    FOR UPDATE
  `
  return row
}

export async function markCodeUsed(tx: Tx, code: string, publicKey: string): Promise<void> {
  await tx`UPDATE enrolment_code SET used_key = ${publicKey} WHERE code_hash = ${hashCode(code)}`
}

export type EnrolledNode = {
  readonly org: OrgId
  readonly shopId: ShopId
  readonly major: number
  readonly publicKey: string
}

type NodeKey = Pick<EnrolledNode, 'org' | 'shopId' | 'major'>

/** Holds a shop's enrolments until the transaction ends: two who ask at once get two epochs. */
export async function lockShopNodes(
  tx: Tx,
  { org, shopId }: Pick<NodeKey, 'org' | 'shopId'>,
): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`${org}/${shopId}`}, 7315))`
}

/** Enrols a key as a shop's node, with a major epoch above any before. The caller holds the code. */
export async function insertNode(
  tx: Tx,
  node: Omit<EnrolledNode, 'major'>,
  now: Date,
): Promise<number> {
  const { org, shopId, publicKey } = node
  await lockShopNodes(tx, node)
  const [row] = await tx<{ major: number }[]>`
    INSERT INTO node (org_id, shop_id, major, public_key, enrolled_at)
    SELECT ${org}, ${shopId}, coalesce(max(major), 0) + 1, ${publicKey}, ${now.toISOString()}
    FROM node
    WHERE org_id = ${org} AND shop_id = ${shopId}
    RETURNING major
  `
  return row?.major ?? 1
}

/** Finds the enrolment of a key in a shop. */
export async function findNodeByKey(
  sql: Reader,
  { org, shopId, publicKey }: Omit<EnrolledNode, 'major'>,
): Promise<EnrolledNode | undefined> {
  const [row] = await sql<EnrolledNode[]>`
    SELECT org_id AS org, shop_id AS "shopId", major, public_key AS "publicKey"
    FROM node
    WHERE org_id = ${org} AND shop_id = ${shopId} AND public_key = ${publicKey}
      AND revoked_at IS NULL
    ORDER BY major
    LIMIT 1
  `
  return row
}

/** What a shop's enrolled servers sign with: as many keys as there are machines. */
export async function listNodeKeys(
  sql: Reader,
  { org, shopId }: Pick<NodeKey, 'org' | 'shopId'>,
): Promise<readonly string[]> {
  const rows = await sql<{ publicKey: string }[]>`
    SELECT public_key AS "publicKey"
    FROM node
    WHERE org_id = ${org} AND shop_id = ${shopId} AND revoked_at IS NULL
    GROUP BY public_key
    ORDER BY max(major) DESC
    LIMIT ${keysMax}
  `
  return rows.map(({ publicKey }) => publicKey)
}

/** Finds an enrolment that was not taken back. */
export async function findNode(
  sql: Reader,
  { org, shopId, major }: NodeKey,
): Promise<EnrolledNode | undefined> {
  const [row] = await sql<EnrolledNode[]>`
    SELECT org_id AS org, shop_id AS "shopId", major, public_key AS "publicKey"
    FROM node
    WHERE org_id = ${org} AND shop_id = ${shopId} AND major = ${major} AND revoked_at IS NULL
  `
  return row
}

/**
 * Knows again an epoch that was granted and that this cloud lost in a restore: one above all that it
 * knows, of a key that is enrolled for the shop. Nobody else can have had it.
 */
export async function adoptNode(
  sql: Reader,
  { org, shopId, major, publicKey }: EnrolledNode,
  now: Date,
): Promise<EnrolledNode | undefined> {
  await sql`
    INSERT INTO node (org_id, shop_id, major, public_key, enrolled_at)
    SELECT ${org}, ${shopId}, ${major}, ${publicKey}, ${now.toISOString()}
    FROM node
    WHERE org_id = ${org} AND shop_id = ${shopId}
    HAVING max(major) < ${major} AND ${major} <= max(major) + ${adoptedMax}
    ON CONFLICT DO NOTHING
  `
  const node = await findNode(sql, { org, shopId, major })
  return node?.publicKey === publicKey ? node : undefined
}

/** Takes back every enrolment of a shop, or that of one major epoch; returns how many there were. */
export async function revokeNodes(
  sql: Reader,
  {
    org,
    shopId,
    major,
    now,
  }: Pick<NodeKey, 'org' | 'shopId'> & { readonly major?: number; readonly now: Date },
): Promise<number> {
  const rows = await sql`
    UPDATE node SET revoked_at = ${now.toISOString()}
    WHERE org_id = ${org} AND shop_id = ${shopId} AND revoked_at IS NULL
      AND ${major === undefined ? sql`TRUE` : sql`major = ${major}`}
    RETURNING major
  `
  return rows.length
}

/** Notes that a word was signed; false if it was before. Words older than `keepMs` are forgotten. */
export async function useNonce(
  sql: Reader,
  {
    org,
    nonce,
    now,
    keepMs,
  }: {
    readonly org: OrgId
    readonly nonce: string
    readonly now: Date
    readonly keepMs: number
  },
): Promise<boolean> {
  await sql`
    DELETE FROM node_nonce
    WHERE (org_id, nonce) IN (
      SELECT org_id, nonce FROM node_nonce
      WHERE used_at < ${new Date(now.getTime() - keepMs).toISOString()}
      LIMIT ${prunedMax}
    )
  `
  const rows = await sql`
    INSERT INTO node_nonce (org_id, nonce, used_at)
    VALUES (${org}, ${nonce}, ${now.toISOString()})
    ON CONFLICT DO NOTHING
    RETURNING nonce
  `
  return rows.length === 1
}
