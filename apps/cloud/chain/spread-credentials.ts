import type { RegisterKind } from '@tillkeeper/facts/catalogue/registers.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import type { Change } from './change-chain.ts'

/** The feed in which the cloud itself keeps how people and systems prove who they are. No child pulls it. */
export const masterScope = 'credentials'

/** The feed of what one shop may know of it. */
export const shopScope = (shopId: string): string => `credentials:${shopId}`

type Copy = {
  readonly shopId: string
  readonly kind: Extract<RegisterKind, 'credential' | 'apikey'>
  readonly entityId: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly digest: string
}

/**
 * Tells each shop's feed what it does not know yet of the people and keys that may do something there, after a
 * new PIN, a move to another shop, a role that sees all shops, a shop that was opened; and takes back from it
 * what it was told of those who have no business there any more: its server drops the hashes. All of a move is
 * one transaction, so nobody is nowhere, and the feed's own order says what was last.
 */
export async function spreadCredentials(change: Change): Promise<void> {
  await takeBack(change)
  const copies = [...(await findPeople(change)), ...(await findKeys(change))]
  const byShop = Map.groupBy(copies, ({ shopId }) => shopId)
  for (const [shopId, news] of byShop) {
    await change.record(
      shopScope(shopId),
      news.map(({ kind, entityId, fields }) => ({ kind, entityId, fields })),
    )
  }
  const { tx, org } = change
  for (let from = 0; from < copies.length; from += copiesMax) {
    const rows = copies.slice(from, from + copiesMax).map((copy) => ({
      shop_id: copy.shopId,
      kind: copy.kind,
      entity_id: copy.entityId,
      digest: copy.digest,
    }))
    await tx`
      INSERT INTO credential_copy (org_id, shop_id, kind, entity_id, digest)
      SELECT ${org}::uuid, shop_id, kind, entity_id, digest
      FROM jsonb_to_recordset(${tx.json(rows)}) AS told
        (shop_id uuid, kind text, entity_id uuid, digest text)
      ON CONFLICT (org_id, shop_id, kind, entity_id) DO UPDATE SET digest = excluded.digest
    `
  }
}

/** Takes back what shops were told of people and keys that have no business there any more. */
async function takeBack({ tx, org, record }: Change): Promise<void> {
  const left = await tx<Pick<Copy, 'shopId' | 'kind' | 'entityId'>[]>`
    DELETE FROM credential_copy AS told
    WHERE told.org_id = ${org}
      AND NOT (told.kind = 'credential' AND EXISTS (
        SELECT FROM employee
        WHERE employee.org_id = told.org_id AND employee.id = told.entity_id
          AND ${worksIn(tx, 'told.shop_id')}
      ))
      AND NOT (told.kind = 'apikey' AND EXISTS (
        SELECT FROM apikey
        WHERE apikey.org_id = told.org_id AND apikey.id = told.entity_id
          AND ${opensIn(tx, 'told.shop_id')}
      ))
    RETURNING shop_id AS "shopId", kind, entity_id AS "entityId"
  `
  for (const [shopId, gone] of Map.groupBy(left, (each) => each.shopId)) {
    await record(
      shopScope(shopId),
      gone.map(({ kind, entityId }) => ({ kind, entityId, fields: { deleted: true } })),
    )
  }
}

type ShopColumn = 'shop.id' | 'told.shop_id'

/** Whether the employee has business in a shop: works there, or sees every shop. */
function worksIn(tx: Tx, shop: ShopColumn) {
  return tx`
    employee.active AND (${tx(shop)} = ANY(employee.shops) OR EXISTS (
      SELECT 1 FROM role
      WHERE role.org_id = employee.org_id AND role.id = ANY(employee.roles)
        AND 'chain.manage' = ANY(role.permissions)
    ))
  `
}

/** Whether the key opens something in a shop. */
function opensIn(tx: Tx, shop: ShopColumn) {
  return tx`(${tx(shop)} = ANY(apikey.shops) OR 'chain.manage' = ANY(apikey.permissions))`
}

const copiesMax = 1_000

/** What an entity's registers say, as one edit would say it: the copy says that and no more. */
const registersOf = (tx: Tx, kind: Copy['kind'], table: 'employee' | 'apikey') => tx`
  CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(field, value) AS fields
    FROM register
    WHERE register.org_id = shop.org_id AND register.kind = ${kind} AND register.entity_id = ${tx(table)}.id
      AND register.scope = ${masterScope} AND register.field <> 'deleted'
  ) AS said
  LEFT JOIN credential_copy AS told
    ON told.org_id = shop.org_id AND told.shop_id = shop.id AND told.kind = ${kind}
    AND told.entity_id = ${tx(table)}.id
  CROSS JOIN LATERAL (
    SELECT encode(sha256(convert_to(said.fields::text, 'UTF8')), 'hex') AS digest
  ) AS now
  WHERE said.fields IS NOT NULL AND told.digest IS DISTINCT FROM now.digest
`

function findPeople({ tx, org }: Change): Promise<readonly Copy[]> {
  return tx<Copy[]>`
    SELECT shop.id AS "shopId", 'credential' AS kind, employee.id AS "entityId", said.fields,
      now.digest
    FROM employee
    JOIN shop ON shop.org_id = employee.org_id AND ${worksIn(tx, 'shop.id')}
    ${registersOf(tx, 'credential', 'employee')} AND employee.org_id = ${org}
    ORDER BY shop.id, employee.id
  `
}

function findKeys({ tx, org }: Change): Promise<readonly Copy[]> {
  return tx<Copy[]>`
    SELECT shop.id AS "shopId", 'apikey' AS kind, apikey.id AS "entityId", said.fields, now.digest
    FROM apikey
    JOIN shop ON shop.org_id = apikey.org_id AND ${opensIn(tx, 'shop.id')}
    ${registersOf(tx, 'apikey', 'apikey')} AND apikey.org_id = ${org}
    ORDER BY shop.id, apikey.id
  `
}
