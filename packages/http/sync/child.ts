import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../auth/actor.ts'
import { actorOf } from '../server/create-server.ts'

/** A node that syncs with this server: a till with its store server, a store server with the cloud. */
export type Child = {
  readonly org: OrgId
  readonly kind: 'till' | 'node'
  /** The till's or the shop's id. */
  readonly id: string
  /** Its name as an author: `t-<till id>` or `s-<shop id>`. */
  readonly author: string
  readonly shopId: ShopId
}

/** How a till and a store server are called as authors. */
export const tillAuthor = (tillId: string): string => `t-${tillId}`
export const storeAuthor = (shopId: string): string => `s-${shopId}`

/** Who asks, on a route that only children may use. */
export function childOf(request: FastifyRequest): Child {
  return childOfActor(actorOf(request))
}

/** The child that holds a child's grant. Everything follows from the credential. */
export function childOfActor({ kind, id, org, shops }: Actor): Child {
  assert(kind === 'till' || kind === 'node', 'only children hold the grant of children')
  assert(org !== undefined && shops !== 'all', 'a child belongs to one shop')
  const [shopId] = shops
  assert(shopId !== undefined && shops.size === 1, 'a child belongs to one shop')
  return { org, kind, id, author: kind === 'till' ? tillAuthor(id) : storeAuthor(id), shopId }
}
