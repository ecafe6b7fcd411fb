import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { JournalEntry, OpeningBalance } from '@tillkeeper/core/cash/journal-text.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'

/** The cash of a shop on some days of business, both included. */
export type JournalRange = {
  readonly shopId: ShopId
  readonly from: string
  readonly to: string
}

/** Entries that are read at once; a journal is written as it is read. */
const entriesAtOnce = 1_000

/** The transfers of a range in the order of days and then of time, a part at a time. */
export async function* readJournal(
  sql: Reader,
  org: OrgId,
  { shopId, from, to }: JournalRange,
): AsyncGenerator<readonly JournalEntry[]> {
  let after = { day: from, at: '-infinity', id: '' }
  for (;;) {
    const rows = await sql<JournalEntry[]>`
      SELECT id, fact_id AS "factId", session_id AS "sessionId", staff_id AS "staffId", type,
        from_location AS "from", to_location AS "to", currency, amount_minor AS "amountMinor",
        category, recipient, note, business_date AS "businessDate", occurred_at AS "occurredAt"
      FROM cash_transfer
      WHERE org_id = ${org} AND shop_id = ${shopId} AND business_date <= ${to}
        AND (business_date, occurred_at, id) > (${after.day}, ${after.at}, ${after.id})
      ORDER BY business_date, occurred_at, id
      LIMIT ${entriesAtOnce}
    `
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = { day: last.businessDate, at: last.occurredAt, id: last.id }
  }
}

/** What each place of the shop held before a range, as far as it was not nothing; and all that move in it. */
export async function readJournalPlaces(
  sql: Reader,
  org: OrgId,
  { shopId, from, to }: JournalRange,
): Promise<readonly OpeningBalance[]> {
  return sql<OpeningBalance[]>`
    SELECT leg.location, transfer.currency, coalesce(sum(leg.sign * transfer.amount_minor)
      FILTER (WHERE transfer.business_date < ${from}), 0)::bigint AS "balanceMinor"
    FROM cash_transfer AS transfer
    CROSS JOIN LATERAL (
      VALUES (transfer.from_location, -1), (transfer.to_location, 1)
    ) AS leg (location, sign)
    WHERE transfer.org_id = ${org} AND transfer.shop_id = ${shopId}
      AND transfer.business_date <= ${to}
    GROUP BY leg.location, transfer.currency
    ORDER BY leg.location, transfer.currency
  `
}

/** The currencies of some places, each once, by name. */
export function currenciesOf(places: readonly OpeningBalance[]): readonly Currency[] {
  return [...new Set(places.map(({ currency }) => currency))].sort()
}
