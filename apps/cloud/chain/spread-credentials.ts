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

function findPeople({ tx, org }: Change): Promise<readonly Copy[]> {
  return tx<Copy[]>`
    SELECT shop.id AS "shopId", 'credential' AS kind, known.id AS "entityId", known.fields,
      known.digest
    FROM (
      SELECT employee.id, employee.shops,
        EXISTS (
          SELECT 1 FROM role
          WHERE role.org_id = employee.org_id AND role.id = ANY(employee.roles)
            AND 'chain.manage' = ANY(role.permissions)
        ) AS all_shops,
        own.fields, encode(sha256(convert_to(own.fields::text, 'UTF8')), 'hex') AS digest
      FROM employee
      JOIN credential ON credential.org_id = employee.org_id AND credential.id = employee.id
      CROSS JOIN LATERAL (
        SELECT jsonb_strip_nulls(jsonb_build_object('pinHash', credential.pin_hash,
          'passwordHash', credential.password_hash, 'login', credential.login)) AS fields
      ) AS own
      WHERE employee.org_id = ${org} AND own.fields <> '{}'::jsonb
    ) AS known
    JOIN shop ON shop.org_id = ${org} AND (known.all_shops OR shop.id = ANY(known.shops))
    LEFT JOIN credential_copy AS told
      ON told.org_id = ${org} AND told.shop_id = shop.id AND told.kind = 'credential'
      AND told.entity_id = known.id
    WHERE told.digest IS DISTINCT FROM known.digest
    ORDER BY shop.id, known.id
  `
}

function findKeys({ tx, org }: Change): Promise<readonly Copy[]> {
  return tx<Copy[]>`
    SELECT shop.id AS "shopId", 'apikey' AS kind, known.id AS "entityId", known.fields, known.digest
    FROM (
      SELECT apikey.id, apikey.shops, 'chain.manage' = ANY(apikey.permissions) AS all_shops,
        own.fields, encode(sha256(convert_to(own.fields::text, 'UTF8')), 'hex') AS digest
      FROM apikey
      CROSS JOIN LATERAL (
        SELECT jsonb_build_object('name', apikey.name, 'secretHash', apikey.secret_hash,
          'permissions', to_jsonb(apikey.permissions), 'shops', to_jsonb(apikey.shops),
          'active', apikey.active) AS fields
      ) AS own
      WHERE apikey.org_id = ${org}
    ) AS known
    LEFT JOIN credential_copy AS any_told
      ON any_told.org_id = ${org} AND any_told.kind = 'apikey' AND any_told.entity_id = known.id
    JOIN shop ON shop.org_id = ${org}
      -- A shop that was told of a key once is told of its end too.
      AND (known.all_shops OR shop.id = ANY(known.shops) OR shop.id = any_told.shop_id)
    LEFT JOIN credential_copy AS told
      ON told.org_id = ${org} AND told.shop_id = shop.id AND told.kind = 'apikey'
      AND told.entity_id = known.id
    WHERE told.digest IS DISTINCT FROM known.digest
    GROUP BY shop.id, known.id, known.fields, known.digest
    ORDER BY shop.id, known.id
  `
}
