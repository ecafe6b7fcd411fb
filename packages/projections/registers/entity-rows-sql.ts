import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { PendingQuery, Row } from 'postgres'
import type { Tx } from '../db.ts'
import type { RegisterKind } from './apply-register-edits.ts'

type Entities = { readonly kind: RegisterKind; readonly ids: readonly string[] }

/**
 * Makes the rows of entities again from their registers. A field that was never edited has its
 * column's neutral value, the same as the column's default.
 */
export async function makeEntityRows(tx: Tx, org: OrgId, entities: Entities): Promise<void> {
  await rowMakers[entities.kind](tx, org, entities).execute()
}

/** The fields of each entity as one value, by their names in the facts. */
const entity = (tx: Tx, org: OrgId, { kind, ids }: Entities) => tx`
  SELECT org_id, entity_id AS id, jsonb_object_agg(field, value) AS field
  FROM register
  WHERE org_id = ${org} AND kind = ${kind} AND entity_id = ANY(${ids}::uuid[])
  GROUP BY org_id, entity_id
`

type RowMaker = (tx: Tx, org: OrgId, entities: Entities) => PendingQuery<Row[]>

const rowMakers: Readonly<Record<RegisterKind, RowMaker>> = {
  org: (tx, org, entities) => tx`
    INSERT INTO org (org_id, name)
    SELECT org_id, coalesce(field ->> 'name', '')
    FROM (${entity(tx, org, entities)}) AS entity
    WHERE id = org_id
    ON CONFLICT (org_id) DO UPDATE SET name = excluded.name
  `,
  shop: (tx, org, entities) => tx`
    INSERT INTO shop
      (org_id, id, code, name, address, tax_number, time_zone, currency, receipt_footer, active)
    SELECT org_id, id, coalesce(field ->> 'code', ''), coalesce(field ->> 'name', ''),
      coalesce(field ->> 'address', ''), coalesce(field ->> 'taxNumber', ''),
      coalesce(field ->> 'timeZone', 'UTC'), coalesce(field ->> 'currency', 'THB'),
      coalesce(field ->> 'receiptFooter', ''), coalesce((field ->> 'active')::boolean, true)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET code = excluded.code, name = excluded.name, address = excluded.address,
      tax_number = excluded.tax_number, time_zone = excluded.time_zone,
      currency = excluded.currency, receipt_footer = excluded.receipt_footer,
      active = excluded.active
  `,
  till: (tx, org, entities) => tx`
    INSERT INTO till (org_id, id, shop_id, number, name, active)
    SELECT org_id, id, (field ->> 'shopId')::uuid, coalesce((field ->> 'number')::integer, 1),
      coalesce(field ->> 'name', ''), coalesce((field ->> 'active')::boolean, true)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET shop_id = excluded.shop_id, number = excluded.number, name = excluded.name,
      active = excluded.active
  `,
  product: (tx, org, entities) => tx`
    INSERT INTO product
      (org_id, id, code, name, category, currency, price_minor, vat_basis_points, barcodes, active)
    SELECT org_id, id, coalesce(field ->> 'code', ''), coalesce(field ->> 'name', ''),
      coalesce(field ->> 'category', ''), coalesce(field #>> '{price,currency}', 'THB'),
      coalesce((field #>> '{price,minor}')::bigint, 0),
      coalesce((field ->> 'vatBasisPoints')::integer, 0),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'barcodes')),
      coalesce((field ->> 'active')::boolean, true)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET code = excluded.code, name = excluded.name, category = excluded.category,
      currency = excluded.currency, price_minor = excluded.price_minor,
      vat_basis_points = excluded.vat_basis_points, barcodes = excluded.barcodes,
      active = excluded.active
  `,
  role: (tx, org, entities) => tx`
    INSERT INTO role (org_id, id, name, permissions)
    SELECT org_id, id, coalesce(field ->> 'name', ''),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'permissions'))
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET name = excluded.name, permissions = excluded.permissions
  `,
  employee: (tx, org, entities) => tx`
    INSERT INTO employee (org_id, id, name, number, roles, shops, language, active)
    SELECT org_id, id, coalesce(field ->> 'name', ''), coalesce(field ->> 'number', ''),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'roles')::uuid),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'shops')::uuid),
      coalesce(field ->> 'language', 'en'), coalesce((field ->> 'active')::boolean, true)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET name = excluded.name, number = excluded.number, roles = excluded.roles,
      shops = excluded.shops, language = excluded.language, active = excluded.active
  `,
  credential: (tx, org, entities) => tx`
    INSERT INTO credential (org_id, id, pin_hash, password_hash, login)
    SELECT org_id, id, field ->> 'pinHash', field ->> 'passwordHash', field ->> 'login'
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET pin_hash = excluded.pin_hash, password_hash = excluded.password_hash,
      login = excluded.login
  `,
  apikey: (tx, org, entities) => tx`
    INSERT INTO apikey (org_id, id, name, secret_hash, permissions, shops, active)
    SELECT org_id, id, coalesce(field ->> 'name', ''), coalesce(field ->> 'secretHash', ''),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'permissions')),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'shops')::uuid),
      coalesce((field ->> 'active')::boolean, true)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET name = excluded.name, secret_hash = excluded.secret_hash,
      permissions = excluded.permissions, shops = excluded.shops, active = excluded.active
  `,
}
