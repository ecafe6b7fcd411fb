import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { insideKinds } from '../cash/location.ts'
import type { Reader } from '../db.ts'

// Money and counts, added up anew from the acts and compared with the totals that are kept. Each query
// gives places that do not add up, and the first of them only.

/** Places that one check tells of. */
export const placesMax = 50

export type MoneyPlace = {
  readonly what: 'money_differs' | 'claim_differs' | 'receipts_missing'
  readonly place: string
  readonly detail: string
}

type Query = (sql: Reader, org: OrgId, sinceDay: string) => Promise<readonly MoneyPlace[]>

/** What an opening, a count and what is said of them later move: no part of what a session took in or gave. */
const countTypes = ['float', 'takings', 'shortage', 'surplus', 'correction']

/** Totals of a session against its sales and refunds. */
const sessions: Query = (sql, org, sinceDay) => sql<MoneyPlace[]>`
  WITH act AS (
    SELECT session_id, 1 AS sales, total_minor AS sales_minor, 0 AS refunds, 0::bigint AS refunds_minor,
      tax_minor
    FROM sale WHERE org_id = ${org} AND business_date >= ${sinceDay}
    UNION ALL
    SELECT session_id, 0, 0, 1, total_minor, -tax_minor
    FROM refund WHERE org_id = ${org} AND business_date >= ${sinceDay}
  ), acts AS (
    SELECT session_id, sum(sales) AS sales, sum(sales_minor) AS sales_minor, sum(refunds) AS refunds,
      sum(refunds_minor) AS refunds_minor, sum(tax_minor) AS tax_minor
    FROM act GROUP BY session_id
  ), total AS (
    SELECT total.session_id, total.sales, total.sales_minor, total.refunds, total.refunds_minor,
      total.tax_minor
    FROM session_total AS total
    JOIN till_session AS session ON session.org_id = total.org_id AND session.id = total.session_id
    WHERE total.org_id = ${org} AND session.business_date >= ${sinceDay}
  )
  SELECT 'money_differs' AS what, 'session ' || coalesce(total.session_id, acts.session_id) AS place,
    format('sales %s/%s refunds %s/%s', total.sales_minor, acts.sales_minor,
      total.refunds_minor, acts.refunds_minor) AS detail
  FROM total
  FULL JOIN acts ON acts.session_id = total.session_id
  WHERE (total.session_id IS NULL AND EXISTS (
      SELECT FROM till_session AS session
      WHERE session.org_id = ${org} AND session.id = acts.session_id
        AND session.business_date >= ${sinceDay}
    ))
    OR (total.session_id IS NOT NULL AND (
      total.sales <> coalesce(acts.sales, 0) OR total.sales_minor <> coalesce(acts.sales_minor, 0)
      OR total.refunds <> coalesce(acts.refunds, 0)
      OR total.refunds_minor <> coalesce(acts.refunds_minor, 0)
      OR total.tax_minor <> coalesce(acts.tax_minor, 0)
    ))
  ORDER BY place
  LIMIT ${placesMax}
`

/**
 * Cash of a session, each currency by itself, against what moved in and out of its drawer. A drawer that is
 * carried to another till goes from place to place with its session: that is nothing in and nothing out.
 */
const sessionCash: Query = (sql, org, sinceDay) => sql<MoneyPlace[]>`
  WITH session AS (
    SELECT id, currency FROM till_session
    WHERE org_id = ${org} AND business_date >= ${sinceDay}
  ), kept AS (
    SELECT session.id, session.currency, cash_in_minor - cash_out_minor - dropped_minor
      + topped_up_minor AS minor, dropped_minor, topped_up_minor
    FROM session
    JOIN session_total AS total ON total.org_id = ${org} AND total.session_id = session.id
    UNION ALL
    SELECT session.id, other.currency, cash_in_minor - cash_out_minor - dropped_minor
      + topped_up_minor, dropped_minor, topped_up_minor
    FROM session
    JOIN session_cash AS other ON other.org_id = ${org} AND other.session_id = session.id
  ), moved AS (
    SELECT session.id, transfer.currency, sum(
        CASE WHEN transfer.to_location LIKE 'drawer:%' THEN amount_minor ELSE 0 END
        - CASE WHEN transfer.from_location LIKE 'drawer:%' THEN amount_minor ELSE 0 END) AS minor,
      sum(CASE WHEN type = 'drop' OR type IN ('hand_over', 'fund_issue') AND from_location LIKE 'drawer:%'
        AND to_location NOT LIKE 'drawer:%' THEN amount_minor ELSE 0 END) AS dropped_minor,
      sum(CASE WHEN type = 'top_up' OR type IN ('hand_over', 'fund_return') AND to_location LIKE 'drawer:%'
        AND from_location NOT LIKE 'drawer:%' THEN amount_minor ELSE 0 END) AS topped_up_minor
    FROM session
    JOIN cash_transfer AS transfer
      ON transfer.org_id = ${org} AND transfer.session_id = session.id
    WHERE transfer.type <> ALL (${countTypes}::text[])
    GROUP BY session.id, transfer.currency
  )
  SELECT 'money_differs' AS what, 'cash of session ' || id AS place,
    format('%s/%s dropped %s/%s topped up %s/%s %s', kept.minor, moved.minor, kept.dropped_minor,
      moved.dropped_minor, kept.topped_up_minor, moved.topped_up_minor, currency) AS detail
  FROM kept
  FULL JOIN moved USING (id, currency)
  WHERE coalesce(kept.minor, 0) <> coalesce(moved.minor, 0)
    OR coalesce(kept.dropped_minor, 0) <> coalesce(moved.dropped_minor, 0)
    OR coalesce(kept.topped_up_minor, 0) <> coalesce(moved.topped_up_minor, 0)
  ORDER BY place
  LIMIT ${placesMax}
`

/** Totals of a day and person against its sales and refunds. */
const days: Query = (sql, org, sinceDay) => sql<MoneyPlace[]>`
  WITH act AS (
    SELECT shop_id, business_date, staff_id, currency, 1 AS sales, total_minor AS sales_minor,
      0 AS refunds, 0::bigint AS refunds_minor, tax_minor
    FROM sale WHERE org_id = ${org} AND business_date >= ${sinceDay}
    UNION ALL
    SELECT shop_id, business_date, staff_id, currency, 0, 0, 1, total_minor, -tax_minor
    FROM refund WHERE org_id = ${org} AND business_date >= ${sinceDay}
  ), acts AS (
    SELECT shop_id, business_date, staff_id, currency, sum(sales) AS sales,
      sum(sales_minor) AS sales_minor, sum(refunds) AS refunds, sum(refunds_minor) AS refunds_minor,
      sum(tax_minor) AS tax_minor
    FROM act GROUP BY shop_id, business_date, staff_id, currency
  ), total AS (
    SELECT shop_id, business_date, staff_id, currency, sales, sales_minor, refunds, refunds_minor,
      tax_minor
    FROM daily_summary WHERE org_id = ${org} AND business_date >= ${sinceDay}
  )
  SELECT 'money_differs' AS what,
    format('day %s of shop %s', business_date, shop_id) AS place,
    format('sales %s/%s refunds %s/%s', total.sales_minor, acts.sales_minor, total.refunds_minor,
      acts.refunds_minor) AS detail
  FROM total
  FULL JOIN acts USING (shop_id, business_date, staff_id, currency)
  WHERE coalesce(total.sales, 0) <> coalesce(acts.sales, 0)
    OR coalesce(total.sales_minor, 0) <> coalesce(acts.sales_minor, 0)
    OR coalesce(total.refunds, 0) <> coalesce(acts.refunds, 0)
    OR coalesce(total.refunds_minor, 0) <> coalesce(acts.refunds_minor, 0)
    OR coalesce(total.tax_minor, 0) <> coalesce(acts.tax_minor, 0)
  ORDER BY place
  LIMIT ${placesMax}
`

/** What lies in each place against all that ever moved there. */
const balances: Query = (sql, org) => sql<MoneyPlace[]>`
  WITH moved AS (
    SELECT location, currency, sum(amount_minor) AS balance_minor
    FROM (
      SELECT to_location AS location, currency, amount_minor FROM cash_transfer WHERE org_id = ${org}
      UNION ALL
      SELECT from_location, currency, -amount_minor FROM cash_transfer WHERE org_id = ${org}
    ) AS move
    GROUP BY location, currency
  ), kept AS (
    SELECT location, currency, balance_minor FROM cash_balance WHERE org_id = ${org}
  )
  SELECT 'money_differs' AS what, 'cash in ' || location AS place,
    format('%s/%s %s', kept.balance_minor, moved.balance_minor, currency) AS detail
  FROM kept FULL JOIN moved USING (location, currency)
  WHERE coalesce(kept.balance_minor, 0) <> coalesce(moved.balance_minor, 0)
  ORDER BY place
  LIMIT ${placesMax}
`

/** What lies in each place by piece against its balance; outside places are not kept by piece. */
const pieces: Query = (sql, org) => sql<MoneyPlace[]>`
  WITH worth AS (
    SELECT location, currency,
      sum(CASE face_minor WHEN 0 THEN pieces ELSE face_minor * pieces END) AS minor
    FROM cash_inventory WHERE org_id = ${org}
    GROUP BY location, currency
  ), kept AS (
    SELECT location, currency, balance_minor FROM cash_balance
    WHERE org_id = ${org} AND split_part(location, ':', 1) = ANY (${[...insideKinds]})
  )
  SELECT 'money_differs' AS what, 'pieces in ' || location AS place,
    format('%s/%s %s', worth.minor, kept.balance_minor, currency) AS detail
  FROM worth FULL JOIN kept USING (location, currency)
  WHERE coalesce(worth.minor, 0) <> coalesce(kept.balance_minor, 0)
  ORDER BY place
  LIMIT ${placesMax}
`

/** What of each face lies in a place against all of it that ever moved there. */
const faces: Query = (sql, org) => sql<MoneyPlace[]>`
  WITH moved AS (
    SELECT leg.location, transfer.currency, face."faceMinor" AS face_minor,
      sum(leg.sign * face.pieces) AS pieces
    FROM cash_transfer AS transfer
    CROSS JOIN LATERAL (
      VALUES (transfer.from_location, -1), (transfer.to_location, 1)
    ) AS leg (location, sign)
    CROSS JOIN LATERAL jsonb_to_recordset(transfer.pieces)
      AS face ("faceMinor" bigint, pieces bigint)
    WHERE transfer.org_id = ${org} AND transfer.pieces IS NOT NULL
      AND split_part(leg.location, ':', 1) = ANY (${[...insideKinds]})
    GROUP BY 1, 2, 3
  ), kept AS (
    SELECT location, currency, face_minor, pieces FROM cash_inventory
    WHERE org_id = ${org} AND face_minor <> 0
  )
  SELECT 'money_differs' AS what, format('pieces of %s in %s', face_minor, location) AS place,
    format('%s/%s %s', kept.pieces, moved.pieces, currency) AS detail
  FROM kept FULL JOIN moved USING (location, currency, face_minor)
  WHERE coalesce(kept.pieces, 0) <> coalesce(moved.pieces, 0)
  ORDER BY place
  LIMIT ${placesMax}
`

/** All places of a currency together: cash is neither made nor lost. */
const conservation: Query = (sql, org) => sql<MoneyPlace[]>`
  SELECT 'money_differs' AS what, 'cash in all places' AS place,
    format('%s %s', sum(balance_minor), currency) AS detail
  FROM cash_balance
  WHERE org_id = ${org}
  GROUP BY currency
  HAVING sum(balance_minor) <> 0
  ORDER BY currency
  LIMIT ${placesMax}
`

/** Lines of a sale against its own count, and against its total. */
const lines: Query = (sql, org, sinceDay) => sql<MoneyPlace[]>`
  SELECT 'money_differs' AS what, 'sale ' || sale.id AS place,
    format('lines %s/%s', sale.line_count, coalesce(line.lines, 0)) AS detail
  FROM sale
  LEFT JOIN LATERAL (
    SELECT count(*) AS lines FROM sale_line
    WHERE sale_line.org_id = sale.org_id AND sale_line.sale_id = sale.id
  ) AS line ON true
  WHERE sale.org_id = ${org} AND sale.business_date >= ${sinceDay}
    AND sale.line_count <> coalesce(line.lines, 0)
  ORDER BY place
  LIMIT ${placesMax}
`

/** Sums that must hold by themselves: whatever differs is made right by building the tables again. */
export const sums: readonly Query[] = [
  sessions,
  sessionCash,
  days,
  balances,
  pieces,
  faces,
  conservation,
  lines,
]

/** What a close said against what its session adds up to: two programs, or two histories, disagree. */
const claims: Query = (sql, org, sinceDay) => sql<MoneyPlace[]>`
  SELECT 'claim_differs' AS what, 'session ' || session.id AS place,
    format('said %s, adds up to %s %s', closed.expected_minor,
      session.float_minor + total.cash_in_minor - total.cash_out_minor - total.dropped_minor
        + total.topped_up_minor, session.currency) AS detail
  FROM till_session AS session
  JOIN LATERAL (
    SELECT expected_minor FROM till_close
    WHERE till_close.org_id = session.org_id AND till_close.session_id = session.id
    ORDER BY till_close.id
    LIMIT 1
  ) AS closed ON true
  JOIN session_total AS total
    ON total.org_id = session.org_id AND total.session_id = session.id
  WHERE session.org_id = ${org} AND session.business_date >= ${sinceDay}
    AND closed.expected_minor <> session.float_minor + total.cash_in_minor - total.cash_out_minor
      - total.dropped_minor + total.topped_up_minor
  ORDER BY place
  LIMIT ${placesMax}
`

// What the shop's office numbered counts in the shop's own series.
const series = (sql: Reader) =>
  sql`CASE WHEN substring(receipt_number FROM 12 FOR 2) = '00' THEN shop_id ELSE till_id END`
const isNumber = (sql: Reader) => sql`receipt_number ~ '^RCP-[0-9]{6}-[0-9]{6,9}$'`

/** Gaps in the paper numbers of a till's day, or an office's: a paper was given out that nobody here has. */
const receipts: Query = (sql, org, sinceDay) => sql<MoneyPlace[]>`
  SELECT 'receipts_missing' AS what, format('till %s on %s', till_id, business_date) AS place,
    format('%s of %s numbers', max(counter) - count(DISTINCT counter), max(counter)) AS detail
  FROM (
    SELECT ${series(sql)} AS till_id, business_date,
      substring(receipt_number FROM 14)::integer AS counter
    FROM sale
    WHERE org_id = ${org} AND business_date >= ${sinceDay} AND ${isNumber(sql)}
    UNION ALL
    SELECT ${series(sql)}, business_date, substring(receipt_number FROM 14)::integer
    FROM refund
    WHERE org_id = ${org} AND business_date >= ${sinceDay} AND ${isNumber(sql)}
    UNION ALL
    SELECT series_id, business_date, substring(receipt_number FROM 14)::integer
    FROM paper_number
    WHERE org_id = ${org} AND business_date >= ${sinceDay} AND ${isNumber(sql)}
  ) AS receipt
  GROUP BY till_id, business_date
  HAVING max(counter) > count(DISTINCT counter)
  ORDER BY place
  LIMIT ${placesMax}
`

/** What no rule can decide: a person looks. */
export const claimsAndGaps: readonly Query[] = [claims, receipts]

/** Whether something waits to be applied, or is parked: then a gap says nothing. */
export async function isAllApplied(sql: Reader, org: OrgId): Promise<boolean> {
  const [row] = await sql<{ waits: boolean }[]>`
    SELECT EXISTS (SELECT FROM parked WHERE org_id = ${org})
      OR EXISTS (
        SELECT FROM stream
        WHERE org_id = ${org} AND projected_seq < head_seq AND trust <> 'quarantined'
      ) AS waits
  `
  return row?.waits === false
}

/** An act of the journal that is applied, beside the row that was made from it. */
export type ActRow = {
  readonly seq: number
  readonly id: string
  readonly bytes: Uint8Array
  /** Whether it should have a row: it owns its id, and is neither parked nor settled by a person. */
  readonly counts: boolean
  /** Null where there is no row. */
  readonly sessionId: string | null
  readonly totalMinor: number | null
  readonly taxMinor: number | null
  readonly lines: number | null
}

/** Applied sales and refunds of a stream in order, each beside its row. */
export async function readActs(
  sql: Reader,
  org: OrgId,
  {
    stream,
    after,
    limit,
  }: { readonly stream: string; readonly after: number; readonly limit: number },
): Promise<readonly ActRow[]> {
  return sql<ActRow[]>`
    SELECT fact.seq, fact.id, fact.bytes,
      owner.id IS NOT NULL
        AND NOT EXISTS (
          SELECT FROM parked
          WHERE parked.org_id = ${org} AND parked.stream = ${stream} AND parked.seq = fact.seq
        )
        AND NOT EXISTS (
          SELECT FROM fact_resolution AS settled
          WHERE settled.org_id = ${org} AND settled.fact_id = fact.id
        ) AS counts,
      coalesce(sale.session_id, refund.session_id) AS "sessionId",
      coalesce(sale.total_minor, refund.total_minor) AS "totalMinor",
      coalesce(sale.tax_minor, refund.tax_minor) AS "taxMinor",
      coalesce(sale.line_count, refund.line_count) AS lines
    FROM (
      SELECT journal.seq, journal.id, journal.bytes
      FROM journal
      JOIN stream USING (org_id, stream)
      WHERE journal.org_id = ${org} AND journal.stream = ${stream} AND journal.seq > ${after}
        AND journal.seq <= stream.projected_seq AND stream.trust <> 'quarantined'
        AND journal.type IN ('sale.completed', 'sale.refunded')
      ORDER BY journal.seq
      LIMIT ${limit}
    ) AS fact
    LEFT JOIN fact_id AS owner
      ON owner.org_id = ${org} AND owner.id = fact.id AND owner.stream = ${stream}
      AND owner.seq = fact.seq
    LEFT JOIN sale ON sale.org_id = ${org} AND sale.id = fact.id
    LEFT JOIN refund ON refund.org_id = ${org} AND refund.id = fact.id
    ORDER BY fact.seq
  `
}

/** How many rows of sales and refunds there are, and how many facts would be applied to build them again. */
export async function countActs(
  sql: Reader,
  org: OrgId,
): Promise<{ readonly rows: number; readonly facts: number }> {
  const [row] = await sql<{ rows: number; facts: number }[]>`
    SELECT
      (SELECT count(*) FROM sale WHERE org_id = ${org})
        + (SELECT count(*) FROM refund WHERE org_id = ${org}) AS rows,
      (SELECT coalesce(sum(projected_seq), 0)::bigint FROM stream WHERE org_id = ${org}) AS facts
  `
  return row ?? { rows: 0, facts: 0 }
}
