import type { Tx } from '@tillkeeper/projections/db.ts'
import type { RegisterKind } from '@tillkeeper/projections/registers/apply-register-edits.ts'
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
 * Tells each shop's feed what it does not know yet of the people and keys that may do something there:
 * after a new PIN, a move to another shop, a role that sees all shops, a shop that was opened. Who has no
 * business in a shop any more keeps a hash there that opens nothing, for the person's own row says where
 * they work.
 */
export async function spreadCredentials(change: Change): Promise<void> {
  const copies = [...(await findPeople(change)), ...(await findKeys(change))]
  const byShop = Map.groupBy(copies, ({ shopId }) => shopId)
  for (const [shopId, news] of byShop) await change.record(shopScope(shopId), news)
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

const copiesMax = 1_000

/** What an entity's registers say, as one edit would say it: the copy says that and no more. */
const registersOf = (tx: Tx, kind: Copy['kind'], table: 'employee' | 'apikey') => tx`
  CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(field, value) AS fields
    FROM register
    WHERE register.org_id = shop.org_id AND register.kind = ${kind} AND register.entity_id = ${tx(table)}.id
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
    JOIN shop
      ON shop.org_id = employee.org_id
      AND (shop.id = ANY(employee.shops) OR EXISTS (
        SELECT 1 FROM role
        WHERE role.org_id = employee.org_id AND role.id = ANY(employee.roles)
          AND 'chain.manage' = ANY(role.permissions)
      ))
    ${registersOf(tx, 'credential', 'employee')} AND employee.org_id = ${org}
    ORDER BY shop.id, employee.id
  `
}

function findKeys({ tx, org }: Change): Promise<readonly Copy[]> {
  return tx<Copy[]>`
    SELECT shop.id AS "shopId", 'apikey' AS kind, apikey.id AS "entityId", said.fields, now.digest
    FROM apikey
    JOIN shop
      ON shop.org_id = apikey.org_id
      AND (shop.id = ANY(apikey.shops) OR 'chain.manage' = ANY(apikey.permissions) OR EXISTS (
        -- A shop that was told of a key once is told of its end too.
        SELECT 1 FROM credential_copy AS before
        WHERE before.org_id = apikey.org_id AND before.shop_id = shop.id
          AND before.kind = 'apikey' AND before.entity_id = apikey.id
      ))
    ${registersOf(tx, 'apikey', 'apikey')} AND apikey.org_id = ${org}
    ORDER BY shop.id, apikey.id
  `
}
