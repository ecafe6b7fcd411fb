import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { KnownAttempt } from '@tillkeeper/core/recycler/check-machine-use.ts'
import type { Reader } from '../db.ts'

/** Reads what the books know of attempts of cash recyclers; those that nobody told of and no act names are left out. */
export async function readKnownAttempts(
  sql: Reader,
  org: OrgId,
  attemptIds: readonly string[],
): Promise<readonly KnownAttempt[]> {
  if (attemptIds.length === 0) return []
  return sql<KnownAttempt[]>`
    SELECT asked.id AS "attemptId", ended.facts IS NOT NULL AS "isEnded",
      used.yes OR again.yes AS "isUsed", coalesce(moved.amounts, '[]') AS moved
    FROM unnest(${attemptIds}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT array_agg(id) AS facts FROM (
        SELECT id FROM recycler_settlement
        WHERE org_id = ${org} AND attempt_id = asked.id AND certain AND ending <> 'unresolved'
        UNION ALL
        SELECT id FROM recycler_resolution WHERE org_id = ${org} AND attempt_id = asked.id
      ) AS told
    ) AS ended
    CROSS JOIN LATERAL (
      SELECT EXISTS (
        SELECT FROM machine_use WHERE org_id = ${org} AND attempt_id = asked.id
      ) AS yes
    ) AS used
    CROSS JOIN LATERAL (
      SELECT EXISTS (
        SELECT FROM recycler_attempt AS attempt
        LEFT JOIN recycler_settlement AS given
          ON given.org_id = attempt.org_id AND given.attempt_id = attempt.attempt_id
        -- Without an end it may be giving this moment.
        WHERE attempt.org_id = ${org} AND attempt.links ->> 'forAttemptId' = asked.id::text
          AND given.ending IS DISTINCT FROM 'not_done'
      ) AS yes
    ) AS again
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('currency', currency, 'minor', minor) ORDER BY currency) AS amounts
      FROM (
        SELECT currency,
          sum(CASE type WHEN 'machine_in' THEN amount_minor ELSE -amount_minor END)::bigint AS minor
        FROM cash_transfer
        WHERE org_id = ${org} AND fact_id = ANY(ended.facts) AND type IN ('machine_in', 'machine_out')
        GROUP BY currency
      ) AS amount
    ) AS moved
    WHERE ended.facts IS NOT NULL OR used.yes OR again.yes
  `
}
