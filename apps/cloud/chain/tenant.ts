import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { actorName } from '@tillkeeper/http/auth/actor.ts'
import { actorOf } from '@tillkeeper/http/server/create-server.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'
import type { FastifyRequest } from 'fastify'
import type { Changing } from './change-chain.ts'

export type TenantRefusal = { readonly code: 'org_required' } | { readonly code: 'org_not_found' }

/**
 * Whose chain a request is about. A person or key belongs to one organisation, and that is the one: a
 * request that names another finds nothing. Only the operator, who belongs to none, has to name it.
 */
export async function tenantOf(
  sql: Reader,
  request: FastifyRequest,
  named: string | undefined,
): Promise<Outcome<Changing, TenantRefusal>> {
  const actor = actorOf(request)
  const who = actorName(actor)
  if (actor.org !== undefined) {
    if (named !== undefined && named !== actor.org) return refused({ code: 'org_not_found' })
    return accepted({ org: actor.org, actor: who })
  }
  if (named === undefined) return refused({ code: 'org_required' })
  const [row] = await sql<{ org: OrgId }[]>`SELECT org_id AS org FROM org WHERE org_id = ${named}`
  return row === undefined
    ? refused({ code: 'org_not_found' })
    : accepted({ org: row.org, actor: who })
}
