import { createHash } from 'node:crypto'
import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import {
  type Granted,
  isPermission,
  mergeLimits,
  type Permission,
  type PermissionLimit,
} from '@tillkeeper/core/permission/permission.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'

/** A person who may work here, with what their roles allow. */
export type Person = {
  readonly org: OrgId
  readonly id: StaffId
  readonly name: string
  readonly number: string
  /** The names of their roles. */
  readonly roles: readonly string[]
  readonly permissions: readonly Permission[]
  /** Up to which amounts they may do it alone. */
  readonly limits: readonly PermissionLimit[]
  readonly shops: readonly ShopId[]
  readonly language: string
  readonly active: boolean
}

/** A person with the hash that a login is compared with, and what tells whether it was changed. */
export type Credential = {
  readonly person: Person
  readonly hash: string
}

type PersonRow = Omit<Person, 'permissions' | 'limits'> & {
  readonly permissions: readonly string[]
  readonly granted: readonly Granted[]
  readonly pinHash: string | null
  readonly passwordHash: string | null
}

/** How a person proves who they are. */
export type LoginKind = 'pin' | 'password'

const columns = (sql: Reader) => sql`
  employee.org_id AS org, employee.id, employee.name, employee.number, employee.shops, employee.language, employee.active,
  credential.pin_hash AS "pinHash", credential.password_hash AS "passwordHash",
  ARRAY(
    SELECT role.name
    FROM role
    WHERE role.org_id = employee.org_id AND role.id = ANY (employee.roles)
    ORDER BY role.name
  ) AS roles,
  ARRAY(
    SELECT DISTINCT unnest(role.permissions) AS permission
    FROM role
    WHERE role.org_id = employee.org_id AND role.id = ANY (employee.roles)
    ORDER BY permission
  ) AS permissions,
  (
    SELECT coalesce(jsonb_agg(jsonb_build_object('permissions', role.permissions,
      'limits', role.limits) ORDER BY role.id), '[]')
    FROM role
    WHERE role.org_id = employee.org_id AND role.id = ANY (employee.roles)
  ) AS granted
`

const from = (sql: Reader) => sql`
  employee
  LEFT JOIN credential ON credential.org_id = employee.org_id AND credential.id = employee.id
`

/** Finds who has this number, if they are active and have a PIN. A number that two have is nobody's. */
export async function findByNumber(
  sql: Reader,
  org: OrgId,
  number: string,
): Promise<Credential | undefined> {
  const rows = await sql<PersonRow[]>`
    SELECT ${columns(sql)}
    FROM ${from(sql)}
    WHERE employee.org_id = ${org} AND employee.number = ${number} AND employee.active
    LIMIT 2
  `
  return onlyOne(rows, 'pin')
}

/**
 * Finds who has this login, if they are active and have a password: in one organisation, or, in the
 * cloud, in all of them. A login that two have is nobody's.
 */
export async function findByLogin(
  sql: Reader,
  org: OrgId | undefined,
  login: string,
): Promise<Credential | undefined> {
  const rows = await sql<PersonRow[]>`
    SELECT ${columns(sql)}
    FROM ${from(sql)}
    WHERE credential.login = ${login} AND employee.active
      AND ${org === undefined ? sql`TRUE` : sql`employee.org_id = ${org}`}
    LIMIT 2
  `
  return onlyOne(rows, 'password')
}

function onlyOne(rows: readonly PersonRow[], kind: LoginKind): Credential | undefined {
  const [row] = rows
  const hash = row?.[kind === 'pin' ? 'pinHash' : 'passwordHash']
  if (row === undefined || hash === undefined || hash === null || rows.length > 1) return undefined
  return { person: toPerson(row), hash }
}

/** A login that still stands: its person is active and the PIN or password is the one it began with. */
export async function findLogin(
  sql: Reader,
  org: OrgId,
  { loginId, now }: { readonly loginId: string; readonly now: Date },
): Promise<{ readonly person: Person; readonly endsAt: string } | undefined> {
  const [row] = await sql<
    (PersonRow & { kind: LoginKind; credentialDigest: string; endsAt: string })[]
  >`
    SELECT ${columns(sql)}, login.kind, login.credential_digest AS "credentialDigest",
      login.ends_at AS "endsAt"
    FROM login
    JOIN ${from(sql)} ON employee.org_id = login.org_id AND employee.id = login.staff_id
    WHERE login.org_id = ${org} AND login.id = ${loginId} AND login.revoked_at IS NULL
      AND login.ends_at > ${now.toISOString()} AND employee.active
  `
  const hash = row?.[row.kind === 'pin' ? 'pinHash' : 'passwordHash']
  if (row === undefined || hash === undefined || hash === null) return undefined
  if (digestOf(hash) !== row.credentialDigest) return undefined
  return { person: toPerson(row), endsAt: row.endsAt }
}

/** Names a credential without holding it. */
export function digestOf(hash: string): string {
  return createHash('sha256').update(hash).digest('hex')
}

function toPerson({ pinHash: _, passwordHash: __, granted, ...row }: PersonRow): Person {
  return {
    ...row,
    permissions: row.permissions.filter(isPermission),
    limits: mergeLimits(granted),
  }
}
