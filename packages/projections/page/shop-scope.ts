import type { ShopId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'

/** Whose rows a reader may see. It is asked of every query that reads a shop's rows: never optional. */
export type ShopScope = 'all' | ReadonlySet<ShopId>

/** The condition that a column names a shop of the scope. */
export function inScope(sql: Reader, column: string, shops: ShopScope) {
  return shops === 'all' ? sql`TRUE` : sql`${sql(column)} = ANY(${[...shops]}::uuid[])`
}
