import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { stateBy } from '@tillkeeper/core/till/till-session.ts'
import { expect } from 'vitest'
import type { Db } from '../db.ts'
import { digestTables } from '../rebuild/digest-tables.ts'
import { sums as moneySums } from '../reconcile/money-sql.ts'
import { checkMachinePayments } from './check-machine-payments.ts'
import { deliver, generateStreams, projectAll, type SealedStream } from './fill-database.ts'
import { type Chance, chanceFrom, generateChain } from './trade.gen.ts'

// Whatever the wire and the projector do, two databases that have the same facts have the same tables.

const trade = { days: 2, salesPerSession: 20, late: true }

/** Delivers the same facts in order to one database and in any way to another; compares the tables. */
export async function checkReplicas(inOrder: Db, anyhow: Db, seed: number): Promise<void> {
  const chance = chanceFrom(seed)
  const chain = generateChain(chance, { shops: 2, tills: 2, products: 12 })
  const streams = generateStreams(chance, chain, trade)
  for (const stream of streams) {
    await deliver(inOrder, stream, { from: 1, count: stream.sealed.length })
  }
  await projectAll(inOrder, chain.org)
  await deliverAnyhow(anyhow, streams, chance)
  const { org } = chain
  expect(await digestTables(anyhow, { org })).toEqual(await digestTables(inOrder, { org }))
  for (const db of [inOrder, anyhow]) await checkCash(db, org)
}

/** Streams interleaved, in parts of any size, with repetitions, projected at any moment by any batch. */
async function deliverAnyhow(
  db: Db,
  streams: readonly SealedStream[],
  chance: Chance,
): Promise<void> {
  const heads = new Map(streams.map((stream) => [stream, 0]))
  const org = (streams[0] as SealedStream).author.org
  while (heads.size > 0) {
    const waiting = [...heads.keys()]
    const stream = waiting[chance.pick(waiting.length)] as SealedStream
    const head = heads.get(stream) ?? 0
    const repeated = chance.pick(3) === 0 ? chance.pick(head + 1) : 0
    const count = Math.min(stream.sealed.length - head, 1 + chance.pick(40))
    await deliver(db, stream, { from: head - repeated + 1, count: repeated + count })
    if (head + count === stream.sealed.length) heads.delete(stream)
    else heads.set(stream, head + count)
    if (chance.pick(3) === 0) await projectAll(db, org, 1 + chance.pick(50))
  }
  await projectAll(db, org, 1 + chance.pick(200))
}

/** Cash is neither made nor lost, and every running total is the sum of what it counts. */
export async function checkCash(db: Db, org: OrgId): Promise<void> {
  const sums = await db`
    SELECT currency FROM cash_balance WHERE org_id = ${org}
    GROUP BY currency HAVING sum(balance_minor) <> 0
  `
  expect(sums, 'all places of a currency add up to zero').toEqual([])
  const balances = await db`
    SELECT location, currency, sum(minor) AS minor
    FROM (
      SELECT from_location AS location, currency, -amount_minor AS minor
      FROM cash_transfer WHERE org_id = ${org}
      UNION ALL
      SELECT to_location, currency, amount_minor FROM cash_transfer WHERE org_id = ${org}
      UNION ALL
      SELECT location, currency, -balance_minor FROM cash_balance WHERE org_id = ${org}
    ) AS leg
    GROUP BY location, currency
    HAVING sum(minor) <> 0
  `
  expect(balances, 'a balance is the sum of its transfers').toEqual([])
  for (const query of moneySums) {
    expect(await query(db, org, '0001-01-01'), 'totals are what the acts add up to').toEqual([])
  }
  await checkSessions(db, org)
  await checkStates(db, org)
  await checkRefunds(db, org)
  await checkDays(db, org)
  await checkMachinePayments(db, org)
}

/** The tables say of each session what the rule of one session says of all that is known of it. */
async function checkStates(db: Db, org: OrgId): Promise<void> {
  type Row = Parameters<typeof stateBy>[0] & { readonly id: string; readonly state: string }
  const rows = await db<Row[]>`
    SELECT session_id AS id, state,
      EXISTS (
        SELECT FROM session_step AS step WHERE step.org_id = now.org_id
          AND step.session_id = now.session_id AND step.kind = 'ended'
      ) AS ended,
      (
        SELECT jsonb_build_object('varianceMinor', variance_minor, 'others', others)
        FROM till_close AS close
        WHERE close.org_id = now.org_id AND close.session_id = now.session_id
        ORDER BY close.id
        LIMIT 1
      ) AS close,
      EXISTS (
        SELECT FROM till_verification AS looked
        WHERE looked.org_id = now.org_id AND looked.session_id = now.session_id
      ) AS verified
    FROM session_now AS now WHERE org_id = ${org}
  `
  const said = new Map(rows.map(({ id, state }) => [id, state]))
  const due = new Map(rows.map((row) => [row.id, stateBy(row)]))
  expect(said, 'a session is as far as any act took it').toEqual(due)
}

/** Of sales of which more came back than was sold, in whatever shops, somebody is told; of others nobody. */
async function checkRefunds(db: Db, org: OrgId): Promise<void> {
  const wrong = await db`
    WITH returned AS (
      SELECT refund.sale_id, line.line_no, sum(line.quantity) AS quantity,
        sum(line.total_minor) AS minor
      FROM refund
      JOIN refund_line AS line ON line.org_id = refund.org_id AND line.refund_id = refund.id
      WHERE refund.org_id = ${org} AND refund.sale_id IS NOT NULL
      GROUP BY refund.sale_id, line.line_no
    ), above AS (
      SELECT DISTINCT sale.id
      FROM sale
      JOIN returned ON returned.sale_id = sale.id
      LEFT JOIN sale_line AS sold ON sold.org_id = sale.org_id AND sold.sale_id = sale.id
        AND sold.line_no = returned.line_no
      WHERE sale.org_id = ${org} AND (returned.quantity > coalesce(sold.quantity, 0)
        OR returned.minor > coalesce(sold.total_minor, 0))
    ), told AS (
      SELECT split_part(id, '/', 1)::uuid AS id FROM exception
      WHERE org_id = ${org} AND kind = 'refund_exceeds_sale'
    )
    SELECT id, above.id IS NOT NULL AS above, told.id IS NOT NULL AS told
    FROM above FULL JOIN told USING (id)
    WHERE above.id IS NULL OR told.id IS NULL
  `
  expect(wrong, 'more than was sold does not come back in silence').toEqual([])
}

async function checkSessions(db: Db, org: OrgId): Promise<void> {
  const wrong = await db`
    SELECT total.session_id
    FROM session_total AS total
    LEFT JOIN till_session AS session
      ON session.org_id = total.org_id AND session.id = total.session_id
    CROSS JOIN LATERAL (
      SELECT
        coalesce(sum(amount_minor) FILTER (WHERE type IN ('sale', 'pay_in', 'advance_return')), 0)
          - coalesce(sum(amount_minor) FILTER (WHERE type = 'change'), 0) AS cash_in,
        coalesce(sum(amount_minor) FILTER (WHERE type IN ('refund', 'pay_out', 'advance')), 0) AS cash_out,
        coalesce(sum(amount_minor) FILTER (WHERE type = 'drop'
          OR from_location LIKE 'drawer:%' AND type = 'fund_issue'
          OR to_location LIKE 'transit:%' AND type = 'hand_over'), 0) AS dropped,
        coalesce(sum(amount_minor) FILTER (WHERE type = 'top_up'
          OR to_location LIKE 'drawer:%' AND type = 'fund_return'
          OR from_location LIKE 'transit:%' AND type = 'hand_over'), 0) AS topped_up
      FROM cash_transfer
      WHERE org_id = total.org_id AND session_id = total.session_id
        AND currency = session.currency
    ) AS moved
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(base_minor), 0) AS base
      FROM session_cash
      WHERE org_id = total.org_id AND session_id = total.session_id
    ) AS other
    CROSS JOIN LATERAL (
      SELECT count(*) AS number, coalesce(sum(total_minor), 0) AS minor,
        coalesce(sum(tax_minor), 0) AS tax
      FROM sale WHERE org_id = total.org_id AND session_id = total.session_id
    ) AS sold
    CROSS JOIN LATERAL (
      SELECT count(*) AS number, coalesce(sum(total_minor), 0) AS minor,
        coalesce(sum(tax_minor), 0) AS tax
      FROM refund WHERE org_id = total.org_id AND session_id = total.session_id
    ) AS back
    WHERE total.org_id = ${org} AND (
      total.cash_in_minor <> moved.cash_in OR total.cash_out_minor <> moved.cash_out
      OR total.dropped_minor <> moved.dropped OR total.topped_up_minor <> moved.topped_up
      OR total.sales <> sold.number OR total.sales_minor <> sold.minor
      OR total.refunds <> back.number OR total.refunds_minor <> back.minor
      OR total.tax_minor <> sold.tax - back.tax
      OR total.sales_minor - total.refunds_minor + total.rounding_minor
        <> (moved.cash_in - total.pay_in_minor) - (moved.cash_out - total.pay_out_minor)
        + other.base + total.card_minor + total.bank_transfer_minor + total.promptpay_minor
        + total.machine_minor
    )
  `
  expect(wrong, 'the totals of a session are the sums of its acts').toEqual([])
  const others = await db`
    SELECT session_id, currency, sum(minor) AS minor
    FROM (
      SELECT session_id, currency, cash_in_minor - cash_out_minor AS minor
      FROM session_cash WHERE org_id = ${org}
      UNION ALL
      SELECT transfer.session_id, transfer.currency,
        CASE WHEN type IN ('sale', 'pay_in') THEN -amount_minor ELSE amount_minor END
      FROM cash_transfer AS transfer
      JOIN till_session AS session
        ON session.org_id = transfer.org_id AND session.id = transfer.session_id
      WHERE transfer.org_id = ${org} AND transfer.currency <> session.currency
        AND transfer.type IN ('sale', 'change', 'refund', 'pay_in', 'pay_out')
    ) AS entry
    GROUP BY session_id, currency
    HAVING sum(minor) <> 0
  `
  expect(others, 'the totals of another currency are the sums of its cash').toEqual([])
  const drawers = await db`
    SELECT closed.session_id
    FROM till_close AS closed
    JOIN session_total AS total
      ON total.org_id = closed.org_id AND total.session_id = closed.session_id
    JOIN till_session AS session
      ON session.org_id = closed.org_id AND session.id = closed.session_id
    WHERE closed.org_id = ${org} AND closed.expected_minor <> session.float_minor
      + total.cash_in_minor - total.cash_out_minor - total.dropped_minor + total.topped_up_minor
      AND NOT EXISTS (
        SELECT FROM exception
        WHERE exception.org_id = ${org} AND exception.id = session.id || '/late_in_session'
      )
  `
  expect(drawers, 'a close expected what its session comes to, or something came late').toEqual([])
}

async function checkDays(db: Db, org: OrgId): Promise<void> {
  const wrong = await db`
    SELECT shop_id, business_date, staff_id, currency
    FROM (
      SELECT shop_id, business_date, staff_id, currency, sales AS sales, sales_minor AS sold,
        refunds AS refunds, refunds_minor AS back, tax_minor AS tax
      FROM daily_summary WHERE org_id = ${org}
      UNION ALL
      SELECT shop_id, business_date, staff_id, currency, -1, -total_minor, 0, 0, -tax_minor
      FROM sale WHERE org_id = ${org}
      UNION ALL
      SELECT shop_id, business_date, staff_id, currency, 0, 0, -1, -total_minor, tax_minor
      FROM refund WHERE org_id = ${org}
    ) AS entry
    GROUP BY shop_id, business_date, staff_id, currency
    HAVING sum(sales) <> 0 OR sum(sold) <> 0 OR sum(refunds) <> 0 OR sum(back) <> 0 OR sum(tax) <> 0
  `
  expect(wrong, 'a day is the sum of its sales and refunds').toEqual([])
  const hours = await db`
    SELECT shop_id, business_date, currency
    FROM (
      SELECT shop_id, business_date, currency, sales AS sales, sales_minor AS sold,
        refunds_minor AS back
      FROM daily_summary WHERE org_id = ${org}
      UNION ALL
      SELECT shop_id, business_date, currency, -sales, -sales_minor, -refunds_minor
      FROM hourly_summary WHERE org_id = ${org}
    ) AS entry
    GROUP BY shop_id, business_date, currency
    HAVING sum(sales) <> 0 OR sum(sold) <> 0 OR sum(back) <> 0
  `
  expect(hours, 'the hours of a day add up to the day').toEqual([])
}
