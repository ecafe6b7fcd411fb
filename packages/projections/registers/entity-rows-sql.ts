import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { isHeldByScope } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterKind } from '@tillkeeper/facts/catalogue/registers.ts'
import type { PendingQuery, Row } from 'postgres'
import type { Tx } from '../db.ts'
import { setValues } from './register-set-sql.ts'

type Entities = {
  readonly kind: RegisterKind
  readonly ids: readonly string[]
  /** Registers went: an entity of which none is left has no row. */
  readonly someWent: boolean
}

/**
 * Makes the rows of entities again from their registers. A field that was never edited has its
 * column's neutral value, the same as the column's default. An entity of which no register is left has no row.
 */
export function makeEntityRows(
  tx: Tx,
  org: OrgId,
  entities: Entities,
): readonly PendingQuery<Row[]>[] {
  return [
    rowMakers[entities.kind](tx, org, entities).execute(),
    ...(entities.someWent ? [dropEmptyRows(tx, org, entities)] : []),
  ]
}

function dropEmptyRows(tx: Tx, org: OrgId, { kind, ids }: Entities) {
  return tx`
    DELETE FROM ${tx(kind)} AS row
    WHERE row.org_id = ${org} AND row.id = ANY(${ids}::uuid[])
      AND NOT EXISTS (
        SELECT FROM register
        WHERE register.org_id = ${org} AND register.kind = ${kind} AND register.entity_id = row.id
          AND (register.field <> 'deleted' OR ${!isHeldByScope(kind)})
      )
  `.execute()
}

/**
 * The fields of each entity as one value, by their names in the facts. Of what several feeds told the latest
 * counts: it stands last, and the last of a name stays. An entity of which sets alone are said has none.
 */
const entity = (tx: Tx, org: OrgId, { kind, ids }: Entities) => tx`
  SELECT org_id, entity_id AS id,
    ${
      isHeldByScope(kind)
        ? tx`jsonb_object_agg(field, value ORDER BY rep, hlc, fact_id)`
        : tx`jsonb_object_agg(field, value)`
    } AS field
  FROM register
  WHERE org_id = ${org} AND kind = ${kind} AND entity_id = ANY(${ids}::uuid[])
  GROUP BY org_id, entity_id
`

/** Whether the entity was deleted, and nothing was said of it with a later stamp (core/merge/entity.ts). */
const isDeleted = (tx: Tx, kind: RegisterKind) => tx`
  (entity.field ? 'deleted' AND NOT EXISTS (
    SELECT FROM register AS gone
    WHERE gone.org_id = entity.org_id AND gone.kind = ${kind} AND gone.entity_id = entity.id
      AND gone.field = 'deleted' AND gone.scope = ''
      AND (
        EXISTS (
          SELECT FROM register AS later
          WHERE later.org_id = gone.org_id AND later.kind = gone.kind
            AND later.entity_id = gone.entity_id AND later.field <> 'deleted'
            AND (later.rep, later.hlc, later.fact_id) > (gone.rep, gone.hlc, gone.fact_id)
        )
        OR EXISTS (
          SELECT FROM register_set AS later
          WHERE later.org_id = gone.org_id AND later.kind = gone.kind
            AND later.entity_id = gone.entity_id AND NOT later.removed
            AND (later.rep, later.hlc, later.tag) > (gone.rep, gone.hlc, gone.fact_id)
        )
      )
  ))
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
      (org_id, id, code, name, address, tax_number, time_zone, currency, receipt_footer, active,
       cash_rounding, drawer_limit_minor, tolerance_minor, investigate_minor, blind_close, float_minor,
       expense_day_minor)
    SELECT org_id, id, coalesce(field ->> 'code', ''), coalesce(field ->> 'name', ''),
      coalesce(field ->> 'address', ''), coalesce(field ->> 'taxNumber', ''),
      coalesce(field ->> 'timeZone', 'UTC'), coalesce(field ->> 'currency', 'THB'),
      coalesce(field ->> 'receiptFooter', ''), coalesce((field ->> 'active')::boolean, true),
      field -> 'cashRounding', coalesce((field ->> 'drawerLimitMinor')::bigint, 0),
      coalesce((field ->> 'toleranceMinor')::bigint, 0),
      coalesce((field ->> 'investigateMinor')::bigint, 0),
      coalesce((field ->> 'blindClose')::boolean, true),
      coalesce((field ->> 'floatMinor')::bigint, 0),
      coalesce((field ->> 'expenseDayMinor')::bigint, 0)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET code = excluded.code, name = excluded.name, address = excluded.address,
      tax_number = excluded.tax_number, time_zone = excluded.time_zone,
      currency = excluded.currency, receipt_footer = excluded.receipt_footer,
      cash_rounding = excluded.cash_rounding,
      active = excluded.active, drawer_limit_minor = excluded.drawer_limit_minor,
      tolerance_minor = excluded.tolerance_minor, investigate_minor = excluded.investigate_minor,
      blind_close = excluded.blind_close, float_minor = excluded.float_minor,
      expense_day_minor = excluded.expense_day_minor
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
      (org_id, id, code, name, category, currency, price_minor, vat_basis_points, barcodes, active,
       note, deleted)
    SELECT org_id, id, coalesce(field ->> 'code', ''), coalesce(field ->> 'name', ''),
      coalesce(field ->> 'category', ''), coalesce(field #>> '{price,currency}', 'THB'),
      coalesce((field #>> '{price,minor}')::bigint, 0),
      coalesce((field ->> 'vatBasisPoints')::integer, 0),
      ${setValues(tx, { kind: 'product', field: 'barcodes' })},
      coalesce((field ->> 'active')::boolean, true) AND NOT ${isDeleted(tx, 'product')},
      coalesce(field ->> 'note', ''), ${isDeleted(tx, 'product')}
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET code = excluded.code, name = excluded.name, category = excluded.category,
      currency = excluded.currency, price_minor = excluded.price_minor,
      vat_basis_points = excluded.vat_basis_points, barcodes = excluded.barcodes,
      active = excluded.active, note = excluded.note, deleted = excluded.deleted
  `,
  role: (tx, org, entities) => tx`
    INSERT INTO role (org_id, id, name, permissions, limits)
    SELECT org_id, id, coalesce(field ->> 'name', ''),
      ARRAY(SELECT jsonb_array_elements_text(field -> 'permissions')),
      coalesce(field -> 'limits', '[]')
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET name = excluded.name, permissions = excluded.permissions, limits = excluded.limits
  `,
  employee: (tx, org, entities) => tx`
    INSERT INTO employee (org_id, id, name, number, roles, shops, language, active, deleted)
    SELECT org_id, id, coalesce(field ->> 'name', ''), coalesce(field ->> 'number', ''),
      ${setValues(tx, { kind: 'employee', field: 'roles' })}::uuid[],
      ${setValues(tx, { kind: 'employee', field: 'shops' })}::uuid[],
      coalesce(field ->> 'language', 'en'),
      coalesce((field ->> 'active')::boolean, true) AND NOT ${isDeleted(tx, 'employee')},
      ${isDeleted(tx, 'employee')}
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET name = excluded.name, number = excluded.number, roles = excluded.roles,
      shops = excluded.shops, language = excluded.language, active = excluded.active,
      deleted = excluded.deleted
  `,
  credential: (tx, org, entities) => tx`
    INSERT INTO credential (org_id, id, pin_hash, password_hash, login)
    SELECT org_id, id, field ->> 'pinHash', field ->> 'passwordHash', field ->> 'login'
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET pin_hash = excluded.pin_hash, password_hash = excluded.password_hash,
      login = excluded.login
  `,
  rate: (tx, org, entities) => tx`
    INSERT INTO rate
      (org_id, id, currency, base, rate, scale, source, from_at, shop_id, staff_id)
    SELECT org_id, id, coalesce(field #>> '{terms,currency}', ''),
      coalesce(field #>> '{terms,base}', ''), coalesce((field #>> '{terms,rate}')::bigint, 0),
      coalesce((field #>> '{terms,scale}')::integer, 0), coalesce(field #>> '{terms,source}', ''),
      coalesce((field #>> '{terms,from}')::timestamptz, 'epoch'),
      (field #>> '{terms,shopId}')::uuid, (field #>> '{terms,staffId}')::uuid
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET currency = excluded.currency, base = excluded.base, rate = excluded.rate,
      scale = excluded.scale, source = excluded.source, from_at = excluded.from_at,
      shop_id = excluded.shop_id, staff_id = excluded.staff_id
  `,
  recycler: (tx, org, entities) => tx`
    INSERT INTO recycler (org_id, id, shop_id, name, driver, address, currencies, tills, active)
    SELECT org_id, id, (field #>> '{terms,shopId}')::uuid, coalesce(field #>> '{terms,name}', ''),
      coalesce(field #>> '{terms,driver}', ''), coalesce(field #>> '{terms,address}', ''),
      ARRAY(SELECT jsonb_array_elements_text(field #> '{terms,currencies}')),
      ARRAY(SELECT jsonb_array_elements_text(field #> '{terms,tills}')::uuid),
      coalesce((field #>> '{terms,active}')::boolean, true)
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET shop_id = excluded.shop_id, name = excluded.name, driver = excluded.driver,
      address = excluded.address, currencies = excluded.currencies, tills = excluded.tills,
      active = excluded.active
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
  expensecategory: (tx, org, entities) => tx`
    INSERT INTO expensecategory
      (org_id, id, name, active, needs_receipt, currency, act_minor, day_minor, person_day_minor)
    SELECT org_id, id, coalesce(field ->> 'name', ''), coalesce((field ->> 'active')::boolean, true),
      coalesce((field ->> 'needsReceipt')::boolean, false), field #>> '{limits,currency}',
      (field #>> '{limits,actMinor}')::bigint, (field #>> '{limits,dayMinor}')::bigint,
      (field #>> '{limits,personDayMinor}')::bigint
    FROM (${entity(tx, org, entities)}) AS entity
    ON CONFLICT (org_id, id) DO UPDATE
    SET name = excluded.name, active = excluded.active, needs_receipt = excluded.needs_receipt,
      currency = excluded.currency, act_minor = excluded.act_minor, day_minor = excluded.day_minor,
      person_day_minor = excluded.person_day_minor
  `,
}
