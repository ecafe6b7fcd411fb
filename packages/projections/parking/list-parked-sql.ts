import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { ParkReason } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** A parked fact as a person looks at it. */
export type ParkedItem = {
  readonly factId: string
  readonly stream: StreamId
  readonly seq: number
  readonly shopId: ShopId | null
  readonly type: string
  readonly reason: ParkReason
  readonly detail: string
  readonly keys: readonly string[]
  readonly firstAt: string
  readonly tries: number
  /** How many facts wait behind one that shares a key with it. */
  readonly holdsBack: number
  /** As sealed. */
  readonly bytes: Uint8Array
}

export type ParkedFilter = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly reason?: ParkReason | undefined
  readonly type?: string | undefined
  readonly factId?: string | undefined
  /** Without those that only wait behind another. */
  readonly causesOnly?: boolean | undefined
  readonly after?: readonly [firstAt: string, stream: string, seq: string] | undefined
  readonly limit: number
}

/** The parked facts of the shops in the order in which they came, oldest first. */
export async function listParkedPage(
  sql: Reader,
  org: OrgId,
  { shops, shopId, reason, type, factId, causesOnly = false, after, limit }: ParkedFilter,
): Promise<Page<ParkedItem>> {
  const any = sql`TRUE`
  const rows = await sql<ParkedItem[]>`
    SELECT parked.fact_id AS "factId", parked.stream, parked.seq, parked.shop_id AS "shopId",
      journal.type, parked.reason, parked.detail, parked.keys, parked.first_at AS "firstAt",
      parked.tries, journal.bytes, behind.facts AS "holdsBack"
    FROM parked
    JOIN journal USING (org_id, stream, seq)
    CROSS JOIN LATERAL (
      SELECT count(*) AS facts
      FROM parked AS other
      WHERE other.org_id = ${org} AND other.reason = 'behind' AND parked.reason <> 'behind'
        AND other.keys && parked.keys
    ) AS behind
    WHERE parked.org_id = ${org} AND ${inScope(sql, 'parked.shop_id', shops)}
      AND ${shopId === undefined ? any : sql`parked.shop_id = ${shopId}`}
      AND ${reason === undefined ? any : sql`parked.reason = ${reason}`}
      AND ${type === undefined ? any : sql`journal.type = ${type}`}
      AND (NOT ${causesOnly} OR parked.reason <> 'behind')
      AND ${factId === undefined ? any : sql`parked.fact_id = ${factId}`}
      AND ${
        after === undefined
          ? any
          : sql`(parked.first_at, parked.stream, parked.seq)
              > (${after[0]}::timestamptz, ${after[1]}::text, ${after[2]}::text::bigint)`
      }
    ORDER BY parked.first_at, parked.stream, parked.seq
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ firstAt, stream, seq }) => [firstAt, stream, String(seq)])
}

export type ParkedCount = { readonly reason: ParkReason; readonly facts: number }

/** How many facts are parked, by reason; of one organisation, or of all. */
export async function countParkedByReason(
  sql: Reader,
  org?: OrgId,
): Promise<readonly ParkedCount[]> {
  return sql<ParkedCount[]>`
    SELECT reason, count(*) AS facts
    FROM parked
    WHERE ${org === undefined ? sql`TRUE` : sql`org_id = ${org}`}
    GROUP BY reason
    ORDER BY reason
  `
}

/** Whether the fact of this id counts in the tables. */
export async function isProjected(sql: Reader, org: OrgId, factId: string): Promise<boolean> {
  const rows = await sql`
    SELECT
    FROM fact_id AS owner
    JOIN stream ON stream.org_id = owner.org_id AND stream.stream = owner.stream
    WHERE owner.org_id = ${org} AND owner.id = ${factId} AND owner.seq <= stream.projected_seq
      AND NOT EXISTS (
        SELECT FROM parked WHERE parked.org_id = ${org} AND parked.fact_id = ${factId}
      )
      AND NOT EXISTS (
        SELECT FROM fact_resolution AS settled
        WHERE settled.org_id = ${org} AND settled.fact_id = ${factId}
      )
  `
  return rows.length > 0
}
