import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { type PaperKind, paperKinds } from '@tillkeeper/core/receipt/receipt-view.ts'
import type { Reader } from '../db.ts'
import { handOverKind, handOvers, numberOfPaper } from './documents-sql.ts'

type PartRow = {
  readonly shopId: ShopId
  readonly sessionId: string | null
  /** A cash recycler took or gave the money. */
  readonly byMachine: boolean
  readonly number: string | null
  readonly tillNumber: number
  readonly staffName: string
  readonly occurredAt: Instant
  readonly type: PaperKind
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces: Pieces | null
  readonly category: string | null
  readonly recipient: string | null
  readonly note: string
}

/** A movement's paper, with the photos that were taken of what it is about. */
export type FoundPaper = Omit<PartRow, 'type' | 'currency' | 'amountMinor' | 'pieces'> & {
  readonly parts: readonly Pick<PartRow, 'type' | 'currency' | 'amountMinor' | 'pieces'>[]
  readonly photoIds: readonly string[]
}

/** Pieces of paper that one act may leave: a part for each currency and each way that it went. */
const partsMax = 40

/** The paper of a movement by its fact; undefined where cash of no kind moved by it. */
export async function findPaper(
  sql: Reader,
  org: OrgId,
  id: string,
): Promise<FoundPaper | undefined> {
  const rows = await sql<PartRow[]>`
    SELECT moved.shop_id AS "shopId", moved.session_id AS "sessionId", moved.number,
      -- What touched no drawer was done where its paper was numbered.
      coalesce(till.number, substring(moved.number FROM '^RCP-[0-9]{6}-([0-9]{2})')::integer, 0)
        AS "tillNumber",
      EXISTS (
        SELECT FROM machine_use AS used WHERE used.org_id = ${org} AND used.act_id = ${id}
      ) AS "byMachine", coalesce(employee.name, '') AS "staffName",
      moved.occurred_at AS "occurredAt", moved.type, moved.currency,
      moved.amount_minor AS "amountMinor", moved.pieces, moved.category, moved.recipient, moved.note
    FROM (
      SELECT transfer.id AS key, shop_id, session_id, receipt_number AS number, staff_id, occurred_at,
        type, currency, amount_minor, pieces, category, recipient, note,
        -- Of cash between drawers the one that the paper was written at is in its session's hands.
        coalesce(
          substring(from_location FROM '^drawer:(.*)$'), substring(to_location FROM '^drawer:(.*)$')
        )::uuid AS till_id
      FROM cash_transfer AS transfer
      ${numberOfPaper(sql, org, sql`transfer.fact_id`)}
      WHERE org_id = ${org} AND fact_id = ${id} AND type = ANY(${[...paperKinds]})
      UNION ALL
      SELECT key, shop_id, session_id, number, staff_id, occurred_at, ${handOverKind}, currency,
        amount_minor, pieces, NULL, note, '', till_id
      FROM ${handOvers(sql, org)} AS handed WHERE id = ${id}
    ) AS moved
    LEFT JOIN till ON till.org_id = ${org} AND till.id = moved.till_id
    LEFT JOIN employee ON employee.org_id = ${org} AND employee.id = moved.staff_id
    ORDER BY array_position(${[...paperKinds]}::text[], moved.type), moved.key
    LIMIT ${partsMax}
  `
  const [first] = rows
  if (first === undefined) return undefined
  const photos = await sql<{ id: string }[]>`
    SELECT attachment_id AS id FROM cash_movement
    WHERE org_id = ${org} AND cash_movement.id = ${id} AND attachment_id IS NOT NULL
    UNION
    SELECT photo_id FROM expense_settlement
    WHERE org_id = ${org} AND expense_settlement.id = ${id} AND photo_id IS NOT NULL
    ORDER BY id
  `
  const { type: _, currency: __, amountMinor: ___, pieces: ____, ...act } = first
  return {
    ...act,
    // One of them may be the paper of several tills or none: the first that names a till is where it was.
    tillNumber: rows.find(({ tillNumber }) => tillNumber > 0)?.tillNumber ?? 0,
    parts: rows.map(({ type, currency, amountMinor, pieces }) => ({
      ...{ type, currency, amountMinor, pieces },
    })),
    photoIds: photos.map((photo) => photo.id),
  }
}
