import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'
import type { ShopScope } from '../page/shop-scope.ts'

/** A person, with the names of their roles' permissions. */
export type Employee = {
  readonly id: StaffId
  readonly name: string
  /** What they type before the PIN. */
  readonly number: string
  /** The names of their roles. */
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** Where they work. */
  readonly shops: readonly ShopId[]
  readonly language: string
  readonly active: boolean
}

const columns = (sql: Reader) => sql`
  employee.id, employee.name, employee.number,
  ARRAY(
    SELECT role.name FROM role
    WHERE role.org_id = employee.org_id AND role.id = ANY(employee.roles)
    ORDER BY role.name
  ) AS roles,
  ARRAY(
    SELECT DISTINCT permission
    FROM role CROSS JOIN LATERAL unnest(role.permissions) AS permission
    WHERE role.org_id = employee.org_id AND role.id = ANY(employee.roles)
    ORDER BY permission
  ) AS permissions,
  employee.shops, employee.language, employee.active
`

/** The people who work in the shops, by number. */
export async function listEmployees(
  sql: Reader,
  org: OrgId,
  { shops, shopId }: { readonly shops: ShopScope; readonly shopId?: ShopId | undefined },
): Promise<readonly Employee[]> {
  return sql<Employee[]>`
    SELECT ${columns(sql)}
    FROM employee
    WHERE org_id = ${org}
      AND ${shops === 'all' ? sql`TRUE` : sql`employee.shops && ${[...shops]}::uuid[]`}
      AND ${shopId === undefined ? sql`TRUE` : sql`${shopId}::uuid = ANY(employee.shops)`}
    ORDER BY number, id
  `
}
