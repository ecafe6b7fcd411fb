import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Permission, PermissionLimit } from '@tillkeeper/core/permission/permission.ts'

/** `child`: what tills and store servers may do that are enrolled with this server: to sync. */
export type Grant = Permission | 'child'

/** Who asks. People and systems are kept apart: no token of one is ever taken for the other's. */
export type Actor = {
  /**
   * `person`: an employee who logged in. `key`: another system. `till`, `node`: an enrolled child that
   * syncs. `admin`: the operator of a cloud, by the key in its data folder.
   */
  readonly kind: 'person' | 'key' | 'till' | 'node' | 'admin'
  /** The employee's, key's, till's or shop's id; `admin` for the operator. */
  readonly id: string
  /** A person's, as receipts show it. */
  readonly name?: string
  /** Undefined for the operator alone, who belongs to none. */
  readonly org: OrgId | undefined
  readonly permissions: ReadonlySet<Grant>
  /** Up to which amounts a person may act alone; of other actors none are kept. */
  readonly limits?: readonly PermissionLimit[]
  /** Whose data it may see and change. */
  readonly shops: 'all' | ReadonlySet<ShopId>
  /** The family of refresh tokens that a person's login began; other actors have none. */
  readonly loginId?: string
}

/** Recognises the bearer of a token, or nobody. It never says why not. */
export type Authenticate = (token: string) => Promise<Actor | undefined>

/** Whether the actor may see and touch what belongs to the shop. */
export function maySeeShop({ shops }: Actor, shop: ShopId): boolean {
  return shops === 'all' || shops.has(shop)
}

/** The name that facts and logs carry: `staff:<id>`, `key:<id>`. */
export function actorName({ kind, id }: Actor): string {
  return kind === 'person' ? `staff:${id}` : `${kind}:${id}`
}
