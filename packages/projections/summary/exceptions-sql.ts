import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** A rule that facts broke when they arrived. They stand; a manager looks. */
export type Exception = {
  readonly id: string
  readonly shopId: ShopId | null
  readonly kind: 'refund_exceeds_sale' | 'session_closed_twice'
  /** What it is about, such as `sale:<id>`. */
  readonly keys: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

/** The exceptions of the shops, by what they are about; at most `limit`. */
export async function listExceptions(
  sql: Reader,
  org: OrgId,
  { shops, limit }: { readonly shops: ShopScope; readonly limit: number },
): Promise<readonly Exception[]> {
  return sql<Exception[]>`
    SELECT id, shop_id AS "shopId", kind, keys, detail
    FROM exception
    WHERE org_id = ${org} AND ${inScope(sql, 'shop_id', shops)}
    ORDER BY id DESC
    LIMIT ${limit}
  `
}
