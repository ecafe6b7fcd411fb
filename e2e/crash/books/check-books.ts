import type { Db } from '@tillkeeper/projections/db.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import type { Acknowledged } from '../lab/acts.ts'

// What must be true of a shop's database after any fault, by its own rows and by what was acknowledged to
// a client that kept a list. Each check recomputes from the acts and compares; it shares no code with
// what it checks.

/** An act's row, as its journal has it. */
type Journalled = {
  readonly id: string
  readonly times: number
  readonly receiptNumber: string | null
  readonly totalMinor: number | null
}

/** As many are told of each kind; more say nothing new. */
const toldMax = 5

/**
 * Everything wrong with a shop's books, as sentences. `acknowledged` must be there, exactly once, as it
 * was said; where `asked` is given nothing else may be there.
 */
export async function checkBooks(
  db: Db,
  acknowledged: readonly Acknowledged[],
  asked?: ReadonlySet<string>,
): Promise<string[]> {
  const { faults, facts } = await verifyJournal(db)
  const wrong = faults.map((fault) => `chain: ${JSON.stringify(fault)}`)
  if (facts === 0) wrong.push('chain: there is nothing to verify')
  wrong.push(...(await checkActs(db, acknowledged, asked)))
  for (const [name, find] of Object.entries(bookChecks)) {
    const found = await find(db)
    wrong.push(...found.slice(0, toldMax).map((row) => `${name}: ${JSON.stringify(row)}`))
  }
  return wrong
}

async function checkActs(
  db: Db,
  acknowledged: readonly Acknowledged[],
  asked: ReadonlySet<string> | undefined,
): Promise<string[]> {
  const rows = await db<Journalled[]>`
    SELECT id, count(*)::int AS times,
      min(convert_from(bytes, 'UTF8')::jsonb #>> '{body,receiptNumber}') AS "receiptNumber",
      min(convert_from(bytes, 'UTF8')::jsonb #>> '{body,totalMinor}')::int AS "totalMinor"
    FROM journal
    WHERE type LIKE 'sale.%' OR type LIKE 'till.%' AND type <> 'till.changed' OR type LIKE 'cash.%'
    GROUP BY id
  `
  const wrong: string[] = []
  const held = new Map(rows.map((row) => [row.id, row]))
  for (const { id, kind, receiptNumber, totalMinor } of acknowledged) {
    const row = held.get(id)
    if (row === undefined) {
      wrong.push(`lost: ${kind} ${id} was acknowledged`)
      continue
    }
    if (receiptNumber !== undefined && receiptNumber !== row.receiptNumber) {
      wrong.push(`changed: ${kind} ${id} was ${receiptNumber} and is ${row.receiptNumber}`)
    }
    if (kind !== 'open' && totalMinor !== undefined && totalMinor !== row.totalMinor) {
      wrong.push(`changed: ${kind} ${id} was ${totalMinor} and is ${row.totalMinor}`)
    }
  }
  for (const { id, times } of rows) {
    if (times !== 1) wrong.push(`doubled: ${id} is in the journal ${times} times`)
    if (asked !== undefined && !asked.has(id)) wrong.push(`invented: nobody asked for ${id}`)
  }
  return wrong
}

type Check = (db: Db) => Promise<readonly object[]>

const bookChecks: Readonly<Record<string, Check>> = {
  // An act is a fact and a row, or neither.
  'act without its row': (db) => db`
    SELECT journal.type, journal.id
    FROM journal
    LEFT JOIN sale ON sale.id = journal.id
    LEFT JOIN refund ON refund.id = journal.id
    LEFT JOIN till_session AS opened ON opened.id = journal.id
    LEFT JOIN till_close AS closed ON closed.id = journal.id
    WHERE CASE journal.type
      WHEN 'sale.completed' THEN sale.id
      WHEN 'sale.refunded' THEN refund.id
      WHEN 'till.opened' THEN opened.id
      WHEN 'till.closed' THEN closed.id
      ELSE journal.id
    END IS NULL
  `,
  'row without its act': (db) => db`
    SELECT row.kind, row.id
    FROM (
      SELECT 'sale' AS kind, id FROM sale
      UNION ALL SELECT 'refund', id FROM refund
      UNION ALL SELECT 'open', id FROM till_session
      UNION ALL SELECT 'close', id FROM till_close
    ) AS row
    WHERE NOT EXISTS (SELECT 1 FROM journal WHERE journal.id = row.id)
  `,
  'lines do not add up': (db) => db`
    SELECT sale.id, sale.total_minor, sum(line.total_minor) AS lines
    FROM sale
    LEFT JOIN sale_line AS line ON line.sale_id = sale.id
    GROUP BY sale.org_id, sale.id
    HAVING coalesce(sum(line.total_minor), 0) <> sale.total_minor OR count(line.*) <> sale.line_count
  `,
  'session total': (db) => db`
    SELECT session.id, total.sales, acts.sales AS acts
    FROM till_session AS session
    LEFT JOIN session_total AS total ON total.session_id = session.id
    CROSS JOIN LATERAL (
      SELECT
        (SELECT count(*) FROM sale WHERE session_id = session.id) AS sales,
        (SELECT coalesce(sum(total_minor), 0) FROM sale WHERE session_id = session.id) AS sales_minor,
        (SELECT count(*) FROM refund WHERE session_id = session.id) AS refunds,
        (SELECT coalesce(sum(total_minor), 0) FROM refund WHERE session_id = session.id) AS refunds_minor,
        (SELECT coalesce(sum(CASE type WHEN 'sale' THEN amount_minor WHEN 'change' THEN -amount_minor
          WHEN 'pay_in' THEN amount_minor ELSE 0 END), 0)
          FROM cash_transfer WHERE session_id = session.id) AS cash_in,
        (SELECT coalesce(sum(amount_minor), 0) FROM cash_transfer
          WHERE session_id = session.id AND type IN ('refund', 'pay_out')) AS cash_out
    ) AS acts
    WHERE (coalesce(total.sales, 0), coalesce(total.sales_minor, 0), coalesce(total.refunds, 0),
        coalesce(total.refunds_minor, 0), coalesce(total.cash_in_minor, 0),
        coalesce(total.cash_out_minor, 0))
      <> (acts.sales, acts.sales_minor, acts.refunds, acts.refunds_minor, acts.cash_in, acts.cash_out)
  `,
  'cash balance': (db) => db`
    SELECT location, balance_minor, moved
    FROM (
      SELECT location, currency, sum(amount) AS moved
      FROM (
        SELECT to_location AS location, currency, amount_minor AS amount FROM cash_transfer
        UNION ALL SELECT from_location, currency, -amount_minor FROM cash_transfer
      ) AS leg
      GROUP BY location, currency
    ) AS sums
    FULL JOIN cash_balance AS balance USING (location, currency)
    WHERE coalesce(balance.balance_minor, 0) <> coalesce(sums.moved, 0)
  `,
  'cash from nowhere': (db) => db`
    SELECT currency, sum(balance_minor) AS sum FROM cash_balance GROUP BY currency
    HAVING sum(balance_minor) <> 0
  `,
  'day summary': (db) => db`
    SELECT day, summed.sales, acts.sales AS acts
    FROM (SELECT business_date AS day, sum(sales) AS sales, sum(sales_minor) AS minor
      FROM daily_summary GROUP BY business_date HAVING sum(sales) > 0) AS summed
    FULL JOIN (SELECT business_date AS day, count(*) AS sales, sum(total_minor) AS minor
      FROM sale GROUP BY business_date) AS acts USING (day)
    WHERE (summed.sales, summed.minor) IS DISTINCT FROM (acts.sales, acts.minor)
  `,
  'receipt numbers': (db) => db`
    SELECT till_id, day, count(*)::int AS acts, count(DISTINCT counter)::int AS numbers,
      min(counter) AS first, max(counter) AS last
    FROM (
      SELECT body #>> '{body,tillId}' AS till_id, body ->> 'businessDate' AS day,
        (body #>> '{body,receiptCounter}')::int AS counter
      FROM (SELECT convert_from(bytes, 'UTF8')::jsonb AS body FROM journal
        WHERE convert_from(bytes, 'UTF8')::jsonb #> '{body,receiptCounter}' IS NOT NULL) AS fact
    ) AS act
    GROUP BY till_id, day
    HAVING count(*) <> count(DISTINCT counter) OR max(counter) <> count(*) OR min(counter) <> 1
  `,
  'receipt counter': (db) => db`
    SELECT counter.till_id, counter.business_date, counter.last
    FROM receipt_counter AS counter
    WHERE counter.last <> (
      SELECT count(*) FROM (
        SELECT till_id, business_date FROM sale UNION ALL SELECT till_id, business_date FROM refund
        UNION ALL SELECT series_id, business_date FROM paper_number
      ) AS act
      WHERE act.till_id = counter.till_id AND act.business_date = counter.business_date
    )
  `,
  parked: (db) => db`SELECT stream, seq, reason, detail FROM parked`,
}
