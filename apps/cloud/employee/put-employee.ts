import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Hasher } from '@tillkeeper/http/auth/hashing.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import {
  answerChange,
  type ChainDeps,
  type Change,
  type Changing,
  changeChain,
} from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'
import { masterScope, spreadCredentials } from '../chain/spread-credentials.ts'
import { areShops } from '../shop/shop-sql.ts'

export type PutEmployeeRefusal =
  | { readonly code: 'shop_not_found' }
  | { readonly code: 'role_not_found' }
  | { readonly code: 'staff_number_taken' }
  | { readonly code: 'login_taken' }
  | { readonly code: 'too_many_requests'; readonly retryAfterSeconds: number }

export type PutEmployee = {
  readonly id: string
  readonly number?: string | undefined
  readonly roles?: readonly string[] | undefined
  readonly shops?: readonly string[] | undefined
  readonly pin?: string | undefined
  readonly login?: string | undefined
  readonly password?: string | undefined
} & Readonly<Record<string, unknown>>

type Deps = ChainDeps & { readonly hasherOf: (org: OrgId) => Promise<Hasher> }

/** A full queue of hashes is worked off in about so long. */
const busySeconds = 2

/**
 * Takes somebody on, or changes what is known of them. PIN and password are hashed with the
 * organisation's pepper before anything is written, and travel to their shops' servers only.
 */
export async function putEmployee(
  deps: Deps,
  changing: Changing,
  { id, pin, login, password, ...fields }: PutEmployee,
): Promise<Outcome<Changed, PutEmployeeRefusal>> {
  const secrets = await hashSecrets(deps, changing.org, { id, pin, password })
  if (secrets === 'busy') {
    return refused({ code: 'too_many_requests', retryAfterSeconds: busySeconds })
  }
  return changeChain(
    deps,
    changing,
    async (change): Promise<Outcome<Changed, PutEmployeeRefusal>> => {
      const code = await findConflict(change, { id, login, ...fields })
      if (code !== undefined) return refused({ code })
      const person = await change.edit('org', [{ kind: 'employee', entityId: id, fields }])
      const proof = await change.edit(masterScope, [
        { kind: 'credential', entityId: id, fields: { ...secrets, login } },
      ])
      await spreadCredentials(change)
      return answerChange(id, new Set([...person, ...proof]))
    },
  )
}

// A new hash of the same PIN would be an edit that says nothing new, and would log its owner out.
async function hashSecrets(
  { db, hasherOf }: Deps,
  org: OrgId,
  { id, pin, password }: Pick<PutEmployee, 'id' | 'pin' | 'password'>,
) {
  if (pin === undefined && password === undefined) return {}
  const hasher = await hasherOf(org)
  const [held] = await db<{ pinHash: string | null; passwordHash: string | null }[]>`
    SELECT pin_hash AS "pinHash", password_hash AS "passwordHash"
    FROM credential
    WHERE org_id = ${org} AND id = ${id}
  `
  const hash = async (secret: string | undefined, before: string | null | undefined) => {
    if (secret === undefined) return undefined
    const same = before == null ? false : await hasher.verify(before, secret)
    if (same === 'busy') return same
    return same ? undefined : hasher.hash(secret)
  }
  const pinHash = await hash(pin, held?.pinHash)
  const passwordHash = await hash(password, held?.passwordHash)
  return pinHash === 'busy' || passwordHash === 'busy' ? 'busy' : { pinHash, passwordHash }
}

async function findConflict(
  { tx, org }: Change,
  { id, number, login, roles = [], shops = [] }: PutEmployee,
): Promise<Exclude<PutEmployeeRefusal['code'], 'too_many_requests'> | undefined> {
  if (!(await areShops(tx, org, shops))) return 'shop_not_found'
  if (!(await areRoles(tx, org, roles))) return 'role_not_found'
  if (number !== undefined) {
    const [taken] = await tx`
      SELECT 1 AS one FROM employee
      WHERE org_id = ${org} AND number = ${number} AND id <> ${id}
    `
    if (taken !== undefined) return 'staff_number_taken'
  }
  if (login !== undefined && (await isLoginTaken(tx, org, { id, login }))) return 'login_taken'
  return undefined
}

async function areRoles(tx: Tx, org: OrgId, ids: readonly string[]): Promise<boolean> {
  const [row] = await tx<{ found: number }[]>`
    SELECT count(*) AS found FROM role WHERE org_id = ${org} AND id = ANY(${[...ids]}::uuid[])
  `
  return row?.found === new Set(ids).size
}

/**
 * Whether somebody has the login, in any organisation: a person types it without saying whose they are,
 * and a login that two have is nobody's. Two who ask for one at once wait for each other here.
 */
async function isLoginTaken(
  tx: Tx,
  org: OrgId,
  { id, login }: { readonly id: string; readonly login: string },
): Promise<boolean> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${login}, 7314))`
  const [taken] = await tx`
    SELECT 1 AS one FROM credential
    WHERE login = ${login} AND NOT (org_id = ${org} AND id = ${id})
  `
  return taken !== undefined
}
