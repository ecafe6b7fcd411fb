import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { isPermission } from '@tillkeeper/core/permission/permission.ts'
import { hashSecretKey, makeSecretKey } from '@tillkeeper/http/auth/secret-key.ts'
import { type ChainDeps, type Changing, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'
import { masterScope, spreadCredentials } from '../chain/spread-credentials.ts'
import { areShops } from '../shop/shop-sql.ts'

export type PutApiKeyRefusal =
  | { readonly code: 'shop_not_found' }
  | { readonly code: 'permission_not_known' }

type PutApiKey = {
  readonly id: string
  readonly permissions?: readonly string[] | undefined
  readonly shops?: readonly string[] | undefined
} & Readonly<Record<string, unknown>>

/**
 * Makes a key for another system, or changes what it may do. The secret is answered once, when the key is
 * made, and only its hash is kept: who lost it makes another key and switches this one off.
 */
export async function putApiKey(
  deps: ChainDeps,
  changing: Changing,
  { id, ...fields }: PutApiKey,
): Promise<Outcome<Changed & { readonly secret: string | null }, PutApiKeyRefusal>> {
  if (fields.permissions?.every(isPermission) === false) {
    return refused({ code: 'permission_not_known' })
  }
  return changeChain(
    deps,
    changing,
    async (
      change,
    ): Promise<Outcome<Changed & { readonly secret: string | null }, PutApiKeyRefusal>> => {
      const { tx, org } = change
      if (!(await areShops(tx, org, fields.shops ?? []))) return refused({ code: 'shop_not_found' })
      const [held] = await tx`
      SELECT 1 AS one FROM apikey WHERE org_id = ${org} AND id = ${id} AND secret_hash <> ''
    `
      const secret = held === undefined ? makeSecretKey('live', id) : null
      const secretHash = secret === null ? undefined : hashSecretKey(secret)
      const edits = [{ kind: 'apikey', entityId: id, fields: { ...fields, secretHash } }] as const
      const changed = await change.edit(masterScope, edits)
      await spreadCredentials(change)
      return accepted({ id, changed: changed.has(id), secret })
    },
  )
}
