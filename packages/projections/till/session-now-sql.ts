import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Tx } from '../db.ts'

/**
 * Works out anew where these sessions stand, from all that is known of them. A session whose opening is not
 * known yet has no row. `stateBy` in core is the same rule for one session.
 */
export async function refreshSessions(
  tx: Tx,
  org: OrgId,
  sessionIds: readonly string[],
): Promise<void> {
  await tx`
    INSERT INTO session_now AS now
      (org_id, session_id, shop_id, till_id, staff_id, state, suspended, since_at, until_at)
    SELECT ${org}::uuid, session.id, session.shop_id, coalesce(place.till_id, session.till_id),
      coalesce(owner.to_staff_id, session.staff_id),
      CASE
        WHEN closed.id IS NULL AND ended.occurred_at IS NULL THEN 'open'
        WHEN closed.id IS NULL THEN 'reconciling'
        WHEN verified.there THEN 'verified'
        WHEN closed.even THEN 'closed'
        ELSE 'closed_with_variance'
      END,
      coalesce(rest.kind = 'suspended', FALSE) AND closed.id IS NULL AND ended.occurred_at IS NULL,
      coalesce(place.occurred_at, session.opened_at),
      least(closed.closed_at, ended.occurred_at,
        CASE rest.kind WHEN 'suspended' THEN rest.occurred_at END)
    FROM unnest(${sessionIds}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT id, shop_id, till_id, staff_id, opened_at
      FROM till_session
      WHERE org_id = ${org} AND till_session.id = asked.id
      LIMIT 1
    ) AS session
    LEFT JOIN LATERAL (
      SELECT id, closed_at, variance_minor = 0 AND NOT coalesce(
        jsonb_path_exists(others, '$[*] ? (@.varianceMinor != 0)'), FALSE) AS even
      FROM till_close
      WHERE org_id = ${org} AND session_id = asked.id
      ORDER BY till_close.id
      LIMIT 1
    ) AS closed ON TRUE
    LEFT JOIN LATERAL (
      SELECT TRUE AS there
      FROM till_verification
      WHERE org_id = ${org} AND session_id = asked.id
      LIMIT 1
    ) AS verified ON TRUE
    LEFT JOIN LATERAL (${stepOf(tx, org, ['ended'])} ASC, id ASC LIMIT 1) AS ended ON TRUE
    LEFT JOIN LATERAL (${stepOf(tx, org, ['handed_over'])} DESC, id DESC LIMIT 1) AS owner ON TRUE
    LEFT JOIN LATERAL (${stepOf(tx, org, ['resumed'])} DESC, id DESC LIMIT 1) AS place ON TRUE
    LEFT JOIN LATERAL (
      ${stepOf(tx, org, ['suspended', 'resumed'])} DESC, id DESC LIMIT 1
    ) AS rest ON TRUE
    ON CONFLICT (org_id, session_id) DO UPDATE
    SET shop_id = excluded.shop_id, till_id = excluded.till_id, staff_id = excluded.staff_id,
      state = excluded.state, suspended = excluded.suspended, since_at = excluded.since_at,
      until_at = excluded.until_at
  `.execute()
}

const stepOf = (tx: Tx, org: OrgId, kinds: readonly string[]) => tx`
  SELECT kind, till_id, to_staff_id, occurred_at
  FROM session_step
  WHERE org_id = ${org} AND session_id = asked.id AND kind = ANY(${kinds}::text[])
  ORDER BY occurred_at
`

/** Clocks of two devices differ by a little: so long may a session seem to begin before another ended. */
const overlapMs = 60_000

/**
 * Raises `two_sessions_on_drawer` for sessions that were at one till at one time: two tills that did not hear
 * of each other, or two devices of one drawer. Pairs that turn out not to overlap, once the end of one of
 * them arrives, are taken back.
 */
export async function raiseTwoSessionsOnDrawer(
  tx: Tx,
  org: OrgId,
  sessionIds: readonly string[],
): Promise<void> {
  const keys = sessionIds.map((id) => `session:${id}`)
  await tx`
    WITH pair AS (
      SELECT DISTINCT least(one.session_id, other.session_id) AS one,
        greatest(one.session_id, other.session_id) AS other, one.shop_id, one.till_id
      FROM unnest(${sessionIds}::uuid[]) AS asked (id)
      CROSS JOIN LATERAL (
        SELECT session_id, shop_id, till_id, since_at, coalesce(until_at, 'infinity') AS until_at
        FROM session_now
        WHERE org_id = ${org} AND session_id = asked.id
        LIMIT 1
      ) AS one
      JOIN session_now AS other
        ON other.org_id = ${org} AND other.till_id = one.till_id
        AND other.session_id <> one.session_id
        AND (other.until_at IS NULL OR other.until_at > one.since_at)
        AND other.since_at < one.until_at
      WHERE least(coalesce(other.until_at, 'infinity'), one.until_at)
        > greatest(other.since_at, one.since_at) + ${overlapMs} * interval '1 ms'
    ), found AS (
      SELECT one || '/' || other || '/two_sessions_on_drawer' AS id, * FROM pair
    ), gone AS (
      DELETE FROM exception
      WHERE org_id = ${org} AND kind = 'two_sessions_on_drawer' AND keys && ${keys}::text[]
        AND id NOT IN (SELECT id FROM found)
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, id, shop_id, 'two_sessions_on_drawer',
      ARRAY['session:' || one, 'session:' || other],
      jsonb_build_object('tillId', till_id, 'sessionIds', jsonb_build_array(one, other))
    FROM found
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}

/**
 * Raises `late_in_session` for closed sessions to which something was added that their close did not know:
 * a sale of a till that was cut off, say. It stays in its own session; the close keeps its variance, and the
 * exception says what the drawer should have held. What was only on its way is taken back when it comes.
 */
export async function raiseLateInSession(
  tx: Tx,
  org: OrgId,
  sessionIds: readonly string[],
): Promise<void> {
  const ids = sessionIds.map((id) => `${id}/late_in_session`)
  await tx`
    WITH late AS (
      SELECT asked.id AS session_id, closed.*, session.currency, now_due.minor AS now_minor,
        total.sales, total.refunds
      FROM unnest(${sessionIds}::uuid[]) AS asked (id)
      CROSS JOIN LATERAL (
        SELECT id AS close_id, shop_id, expected_minor, variance_minor, knew
        FROM till_close
        WHERE org_id = ${org} AND till_close.session_id = asked.id
        ORDER BY till_close.id
        LIMIT 1
      ) AS closed
      CROSS JOIN LATERAL (
        SELECT float_minor, currency
        FROM till_session
        WHERE org_id = ${org} AND till_session.id = asked.id
        LIMIT 1
      ) AS session
      CROSS JOIN LATERAL (
        SELECT sales, refunds, cash_in_minor - cash_out_minor - dropped_minor + topped_up_minor AS minor
        FROM session_total
        WHERE org_id = ${org} AND session_total.session_id = asked.id
        LIMIT 1
      ) AS total
      CROSS JOIN LATERAL (SELECT session.float_minor + total.minor AS minor) AS now_due
      WHERE now_due.minor <> closed.expected_minor
        OR (closed.knew IS NOT NULL AND ((closed.knew->>'sales')::integer <> total.sales
          OR (closed.knew->>'refunds')::integer <> total.refunds))
    ), gone AS (
      DELETE FROM exception
      WHERE org_id = ${org} AND id = ANY(${ids}::text[])
        AND id NOT IN (SELECT session_id || '/late_in_session' FROM late)
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, session_id || '/late_in_session', shop_id, 'late_in_session',
      ARRAY['session:' || session_id],
      jsonb_build_object('sessionId', session_id, 'closeId', close_id, 'currency', currency,
        'expectedMinor', expected_minor, 'nowMinor', now_minor, 'varianceMinor', variance_minor,
        'knew', knew, 'sales', sales, 'refunds', refunds)
    FROM late
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}
