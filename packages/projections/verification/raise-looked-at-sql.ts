import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Tx } from '../db.ts'
import { sessionWorkers } from './session-workers-sql.ts'

// Rules of the evening that facts broke when they arrived: nobody looks at the own work, and nobody explains
// more than there is. Hands in a session and bookings only become more, so what is raised stays right in
// whatever order facts come.

/** Raises what is wrong with explanations and verifications of those of the sessions that have some. */
export async function raiseLookedAt(
  tx: Tx,
  org: OrgId,
  sessionIds: readonly string[],
): Promise<void> {
  await Promise.all([
    raiseOwnWork(tx, org, sessionIds),
    raiseExplainedAboveVariance(tx, org, sessionIds),
  ])
}

/** Raises `verified_by_self` and `explained_by_self`. */
async function raiseOwnWork(tx: Tx, org: OrgId, sessionIds: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, look.id || '/' || look.kind, look.shop_id, look.kind,
      ARRAY['session:' || look.session_id],
      jsonb_build_object('sessionId', look.session_id, 'staffId', look.staff_id)
    FROM (
      SELECT id, session_id, shop_id, staff_id, 'verified_by_self' AS kind
      FROM till_verification
      WHERE org_id = ${org} AND session_id = ANY(${sessionIds}::uuid[])
      UNION ALL
      SELECT id, session_id, shop_id, staff_id, 'explained_by_self'
      FROM till_explanation
      WHERE org_id = ${org} AND session_id = ANY(${sessionIds}::uuid[])
    ) AS look
    WHERE look.staff_id IN (${sessionWorkers(tx, org, tx`look.session_id`)})
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}

/**
 * Raises `explained_above_variance`: two who could not hear of each other booked one variance twice. Of two
 * closes it is the smaller variance, so that no later close takes it back.
 */
async function raiseExplainedAboveVariance(
  tx: Tx,
  org: OrgId,
  sessionIds: readonly string[],
): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, booked.session_id || '/' || booked.currency || '/explained_above_variance',
      closed.shop_id, 'explained_above_variance', ARRAY['session:' || booked.session_id],
      jsonb_build_object('sessionId', booked.session_id, 'currency', booked.currency,
        'bookedMinor', booked.minor, 'varianceMinor', closed.minor)
    FROM (
      SELECT session_id, currency, sum(booked_minor)::bigint AS minor
      FROM till_explanation
      WHERE org_id = ${org} AND session_id = ANY(${sessionIds}::uuid[])
      GROUP BY session_id, currency
    ) AS booked
    CROSS JOIN LATERAL (
      SELECT min(abs(variance_minor))::bigint AS minor, (array_agg(shop_id ORDER BY id))[1] AS shop_id
      FROM till_close
      WHERE org_id = ${org} AND session_id = booked.session_id AND currency = booked.currency
    ) AS closed
    WHERE booked.minor > closed.minor
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}
