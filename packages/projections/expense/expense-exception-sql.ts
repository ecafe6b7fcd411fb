import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Effects } from '../apply/effects.ts'
import type { Tx } from '../db.ts'

// Rules about expenses that facts broke when they arrived: each is looked at again whenever a fact touches
// what it is about, and says the whole state of that.

/** Looks again at the expenses and days that a batch touched. */
export async function raiseExpenseExceptions(
  tx: Tx,
  org: OrgId,
  {
    expenses,
    expenseDays,
    sessionsClosed,
  }: Pick<Effects, 'expenses' | 'expenseDays' | 'sessionsClosed'>,
): Promise<void> {
  if (expenses.size > 0) await raiseDoneTwice(tx, org, [...expenses])
  if (expenseDays.size > 0) await raiseOverLimit(tx, org, [...expenseDays])
  if (expenses.size > 0 || sessionsClosed.size > 0) {
    await raiseOpenAtClose(tx, org, { expenses: [...expenses], sessions: [...sessionsClosed] })
  }
}

/**
 * Raises `expense_over_limit` for a shop's day on which more was paid without approval than the limits
 * allow that its payments kept to. The highest of them counts: an owner may raise a limit during the day,
 * and then what was raised before is taken back.
 */
async function raiseOverLimit(tx: Tx, org: OrgId, days: readonly string[]): Promise<void> {
  await tx`
    WITH asked AS (
      SELECT day, split_part(day, '/', 1)::uuid AS shop_id, split_part(day, '/', 2)::date AS date
      FROM unnest(${days}::text[]) AS day
    ),
    paid AS (
      SELECT asked.day, payment.*
      FROM asked
      CROSS JOIN LATERAL (
        SELECT shop_id, expense_id, category_id, taken_by, currency, amount_minor, act_limit_minor,
          day_limit_minor, person_day_limit_minor, shop_day_limit_minor
        FROM expense_payment
        WHERE org_id = ${org} AND shop_id = asked.shop_id AND business_date = asked.date
          AND approval_id IS NULL
      ) AS payment
    ),
    above AS (
      SELECT day, shop_id, 'day' AS limit_name, category_id, NULL::uuid AS staff_id, currency,
        max(day_limit_minor) AS limit_minor, sum(amount_minor)::bigint AS paid_minor
      FROM paid GROUP BY day, shop_id, category_id, currency
      HAVING bool_and(day_limit_minor IS NOT NULL) AND sum(amount_minor) > max(day_limit_minor)
      UNION ALL
      SELECT day, shop_id, 'person_day', category_id, taken_by, currency,
        max(person_day_limit_minor), sum(amount_minor)::bigint
      FROM paid GROUP BY day, shop_id, category_id, taken_by, currency
      HAVING bool_and(person_day_limit_minor IS NOT NULL)
        AND sum(amount_minor) > max(person_day_limit_minor)
      UNION ALL
      SELECT day, shop_id, 'shop_day', NULL, NULL, currency, max(shop_day_limit_minor),
        sum(amount_minor)::bigint
      FROM paid GROUP BY day, shop_id, currency
      HAVING bool_and(shop_day_limit_minor IS NOT NULL)
        AND sum(amount_minor) > max(shop_day_limit_minor)
    ),
    gone AS (
      DELETE FROM exception
      WHERE org_id = ${org} AND id = ANY(SELECT day || '/expense_over_limit' FROM asked)
        AND id <> ALL(SELECT day || '/expense_over_limit' FROM above)
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, day || '/expense_over_limit', shop_id, 'expense_over_limit',
      ARRAY['expenses:' || day],
      jsonb_build_object('businessDate', split_part(day, '/', 2),
        'above', jsonb_agg(jsonb_build_object('limit', limit_name, 'categoryId', category_id,
          'staffId', staff_id, 'currency', currency, 'limitMinor', limit_minor,
          'paidMinor', paid_minor) ORDER BY limit_name, category_id, staff_id, currency))
    FROM above
    GROUP BY day, shop_id
    ON CONFLICT (org_id, id) DO UPDATE SET detail = excluded.detail
  `.execute()
}

/**
 * Raises `expense_settled_twice`, `expense_paid_twice`, `expense_answered_twice` (approved here, declined
 * there) and `expense_self_approved` for those of the expenses that they are true of.
 */
async function raiseDoneTwice(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, asked.id || '/' || broken.kind, broken.shop_id, broken.kind,
      ARRAY['expense:' || asked.id],
      jsonb_build_object('expenseId', asked.id, 'acts', broken.acts)
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT 'expense_settled_twice' AS kind, (array_agg(shop_id ORDER BY id))[1] AS shop_id,
        jsonb_agg(jsonb_build_object('id', id, 'staffId', staff_id, 'currency', currency,
          'amountMinor', spent_minor + returned_minor) ORDER BY id) AS acts
      FROM expense_settlement
      WHERE org_id = ${org} AND expense_id = asked.id
      HAVING count(*) > 1
      UNION ALL
      SELECT 'expense_paid_twice', (array_agg(shop_id ORDER BY id))[1],
        jsonb_agg(jsonb_build_object('id', id, 'staffId', staff_id, 'currency', currency,
          'amountMinor', amount_minor) ORDER BY id)
      FROM expense_payment
      WHERE org_id = ${org} AND expense_id = asked.id
      HAVING count(*) > 1
      UNION ALL
      SELECT 'expense_answered_twice', (array_agg(shop_id ORDER BY id))[1],
        jsonb_agg(jsonb_build_object('id', id, 'staffId', approver_id, 'approved', approved)
          ORDER BY id)
      FROM expense_answer
      WHERE org_id = ${org} AND expense_id = asked.id
      HAVING bool_or(approved) AND NOT bool_and(approved)
      UNION ALL
      SELECT 'expense_self_approved', (array_agg(answer.shop_id ORDER BY answer.id))[1],
        jsonb_agg(jsonb_build_object('id', answer.id, 'staffId', answer.approver_id)
          ORDER BY answer.id)
      FROM expense_answer AS answer
      JOIN expense ON expense.org_id = answer.org_id AND expense.id = answer.expense_id
      WHERE answer.org_id = ${org} AND answer.expense_id = asked.id AND answer.approved
        AND answer.approver_id = expense.staff_id
      HAVING count(*) > 0
    ) AS broken
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}

/**
 * Raises `advance_open_at_close` for a session that was closed while cash that its drawer had given out was not
 * home. Times are those of the acts, so that it ends the same in whatever order they came; it is taken back
 * where an advance turns out to have been settled before.
 */
async function raiseOpenAtClose(
  tx: Tx,
  org: OrgId,
  {
    expenses,
    sessions,
  }: { readonly expenses: readonly string[]; readonly sessions: readonly string[] },
): Promise<void> {
  await tx`
    WITH touched AS (
      SELECT unnest(${sessions}::uuid[]) AS session_id
      UNION
      SELECT payment.session_id
      FROM unnest(${expenses}::uuid[]) AS asked (id)
      JOIN expense_payment AS payment
        ON payment.org_id = ${org} AND payment.expense_id = asked.id
      WHERE payment.session_id IS NOT NULL
    ),
    closed AS (
      SELECT touched.session_id, first.shop_id, first.closed_at
      FROM touched
      CROSS JOIN LATERAL (
        SELECT shop_id, closed_at FROM till_close
        WHERE org_id = ${org} AND session_id = touched.session_id
        ORDER BY id
        LIMIT 1
      ) AS first
    ),
    out AS (
      SELECT closed.session_id, closed.shop_id,
        jsonb_agg(jsonb_build_object('expenseId', payment.expense_id, 'staffId', payment.taken_by,
          'currency', payment.currency, 'amountMinor', payment.amount_minor) ORDER BY payment.id)
          AS advances
      FROM closed
      JOIN expense_payment AS payment
        ON payment.org_id = ${org} AND payment.session_id = closed.session_id
        AND payment.paid_at <= closed.closed_at
      WHERE NOT EXISTS (
        SELECT FROM expense_settlement AS home
        WHERE home.org_id = ${org} AND home.expense_id = payment.expense_id
          AND home.settled_at <= closed.closed_at
      )
      GROUP BY closed.session_id, closed.shop_id
    ),
    gone AS (
      DELETE FROM exception
      WHERE org_id = ${org}
        AND id = ANY(SELECT session_id || '/advance_open_at_close' FROM touched)
        AND id <> ALL(SELECT session_id || '/advance_open_at_close' FROM out)
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, session_id || '/advance_open_at_close', shop_id, 'advance_open_at_close',
      ARRAY['session:' || session_id],
      jsonb_build_object('sessionId', session_id, 'advances', advances)
    FROM out
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}
