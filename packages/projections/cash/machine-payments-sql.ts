import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Fragment } from 'postgres'
import type { Reader, Tx } from '../db.ts'

// What acts say that cash recyclers took and gave for them, laid beside what the machines say. As in exception-sql.ts:
// each says the whole state of what it is about, so it ends the same in whatever order the facts came.

/** A sale follows its payment within moments: so long nobody is told that it has none. */
const followMs = 60_000

/** Of the table `exception`: whether people are told of it by now. */
export const isToldByNow = (sql: Reader): Fragment => sql`
  NOT EXISTS (
    SELECT FROM recycler_settlement AS settled
    WHERE settled.org_id = exception.org_id
      AND settled.attempt_id = CASE WHEN exception.kind = 'machine_payment_without_sale'
        THEN split_part(exception.id, '/', 1)::uuid END
      AND settled.occurred_at > now() - ${`${followMs} milliseconds`}::interval
  )
`

/**
 * Looks again at the payments of attempts that a batch touched. An attempt and what was given again for it (`links.
 * forAttemptId`) are one payment, named after the first of them; it is judged once each of them has an end that is booked.
 *
 * `machine_payment_without_sale`: it left money in a machine, or took some out, and no act names it.
 * `machine_payment_differs`: the acts that name it do not come to what it moved, or two name the same attempt.
 */
export async function raiseMachinePayments(
  tx: Tx,
  org: OrgId,
  touched: ReadonlySet<string>,
): Promise<void> {
  const ids = [...touched]
  if (ids.length === 0) return
  // Of a payment that turns out to be a part of another one what was said before goes too.
  await tx`
    WITH RECURSIVE ${familyOf(tx, org, ids)}
    DELETE FROM exception
    USING (SELECT attempt_id FROM up UNION SELECT attempt_id FROM family) AS named
    WHERE org_id = ${org} AND id IN (
      named.attempt_id || '/machine_payment_without_sale',
      named.attempt_id || '/machine_payment_differs'
    )
  `.execute()
  await tx`
    WITH RECURSIVE ${familyOf(tx, org, ids)},
    said AS (
      SELECT family.root, family.attempt_id, told.id, told.shop_id, told.recycler_id, told.is_end
      FROM family
      CROSS JOIN LATERAL (
        SELECT id, shop_id, recycler_id, certain AND ending <> 'unresolved' AS is_end
        FROM recycler_settlement
        WHERE org_id = ${org} AND attempt_id = family.attempt_id
        UNION ALL
        SELECT id, shop_id, recycler_id, TRUE FROM recycler_resolution
        WHERE org_id = ${org} AND attempt_id = family.attempt_id
        UNION ALL
        SELECT id, shop_id, recycler_id, FALSE FROM recycler_attempt
        WHERE org_id = ${org} AND attempt_id = family.attempt_id
      ) AS told
    ), used AS (
      SELECT family.root, family.attempt_id, act.act_id, act.kind, act.shop_id, act.currency,
        sum(act.amount_minor)::bigint AS minor
      FROM family
      JOIN machine_use AS act ON act.org_id = ${org} AND act.attempt_id = family.attempt_id
      GROUP BY family.root, family.attempt_id, act.act_id, act.kind, act.shop_id, act.currency
    ), ended AS (
      SELECT root, bool_and(is_end) AS is_ended
      FROM (
        SELECT family.root, coalesce(bool_or(said.is_end), FALSE) AS is_end
        FROM family LEFT JOIN said USING (root, attempt_id)
        GROUP BY family.root, family.attempt_id
      ) AS attempt
      GROUP BY root
    ), entry AS (
      SELECT said.root, transfer.currency, 0::bigint AS said_minor,
        CASE transfer.type WHEN 'machine_in' THEN amount_minor ELSE -amount_minor END AS moved_minor
      FROM said
      JOIN cash_transfer AS transfer ON transfer.org_id = ${org} AND transfer.fact_id = said.id
        AND transfer.type IN ('machine_in', 'machine_out')
      UNION ALL
      SELECT root, currency, minor, 0 FROM used
    ), amount AS (
      SELECT root, currency, sum(said_minor)::bigint AS said_minor, sum(moved_minor)::bigint AS moved_minor
      FROM entry GROUP BY root, currency
      HAVING sum(said_minor) <> sum(moved_minor)
    ), differing AS (
      SELECT root, jsonb_agg(jsonb_build_object('currency', currency, 'saidMinor', said_minor,
        'movedMinor', moved_minor) ORDER BY currency) AS amounts
      FROM amount GROUP BY root
    ), acts AS (
      SELECT root, (array_agg(shop_id ORDER BY act_id))[1] AS shop_id,
        count(DISTINCT act_id) > count(DISTINCT attempt_id) AS is_twice,
        jsonb_agg(jsonb_build_object('id', act_id, 'kind', kind, 'attemptId', attempt_id,
          'currency', currency, 'minor', minor) ORDER BY act_id, attempt_id, currency) AS acts,
        array_agg(DISTINCT kind || ':' || act_id ORDER BY kind || ':' || act_id)
          FILTER (WHERE kind IN ('sale', 'refund')) AS keys
      FROM used GROUP BY root
    ), machine AS (
      SELECT root, (array_agg(shop_id ORDER BY id))[1] AS shop_id,
        (array_agg(recycler_id ORDER BY id))[1] AS recycler_id
      FROM said GROUP BY root
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, ended.root || '/' || named.kind, coalesce(machine.shop_id, acts.shop_id),
      named.kind,
      array_remove(ARRAY['attempt:' || ended.root, 'recycler:' || machine.recycler_id], NULL)
        || coalesce(acts.keys, '{}'),
      jsonb_build_object('attemptId', ended.root, 'recyclerId', machine.recycler_id,
        'amounts', coalesce(differing.amounts, '[]'), 'acts', coalesce(acts.acts, '[]'))
    FROM ended
    LEFT JOIN differing USING (root)
    LEFT JOIN acts USING (root)
    LEFT JOIN machine USING (root)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN acts.root IS NULL THEN 'machine_payment_without_sale'
        ELSE 'machine_payment_differs' END AS kind
    ) AS named
    WHERE ended.is_ended AND differing.root IS NOT NULL OR acts.is_twice
  `.execute()
}

/**
 * `up`: the attempts and those that they were given again for. `family`: the first of each such chain with all of its
 * chain. Chains that bite their tail have no first one and are nobody's payment.
 */
const familyOf = (tx: Tx, org: OrgId, ids: readonly string[]) => tx`
  up AS (
    SELECT asked.id AS attempt_id FROM unnest(${ids}::uuid[]) AS asked (id)
    UNION
    SELECT (attempt.links ->> 'forAttemptId')::uuid
    FROM up
    JOIN recycler_attempt AS attempt
      ON attempt.org_id = ${org} AND attempt.attempt_id = up.attempt_id
      AND attempt.links ->> 'forAttemptId' IS NOT NULL
  ), family AS (
    SELECT attempt_id AS root, attempt_id FROM up
    WHERE NOT EXISTS (
      SELECT FROM recycler_attempt AS attempt
      WHERE attempt.org_id = ${org} AND attempt.attempt_id = up.attempt_id
        AND attempt.links ->> 'forAttemptId' IS NOT NULL
    )
    UNION
    SELECT family.root, attempt.attempt_id
    FROM family
    JOIN recycler_attempt AS attempt
      ON attempt.org_id = ${org} AND attempt.links ->> 'forAttemptId' = family.attempt_id::text
  )
`
