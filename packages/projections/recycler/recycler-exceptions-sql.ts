import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Touched } from '../apply/effects.ts'
import type { Tx } from '../db.ts'

// What of a machine's money asks for a person. As in exception-sql.ts: each says the whole state of what it is
// about, so it ends the same in whatever order the facts came.

/** Looks again at all attempts and machines that a batch touched. */
export async function raiseRecyclerExceptions(tx: Tx, org: OrgId, touched: Touched): Promise<void> {
  const [attempts, recyclers] = [[...touched.attempts], [...touched.recyclers]]
  if (attempts.length > 0) await weighAttempts(tx, org, attempts)
  if (recyclers.length > 0) await weighDifferences(tx, org, recyclers)
}

/**
 * `recycler_unresolved`: nobody knows how work of a machine ended; it goes when somebody does.
 * `recycler_booked_twice`: it was booked more than once.
 */
async function weighAttempts(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  const kinds = ['recycler_unresolved', 'recycler_booked_twice']
  const names = ids.flatMap((id) => kinds.map((kind) => `${id}/${kind}`))
  await tx`
    DELETE FROM exception WHERE org_id = ${org} AND id = ANY(${names}::text[])
  `.execute()
  await tx`
    WITH said AS (
      SELECT attempt_id, id, shop_id, recycler_id, ending, cash_in, cash_out
      FROM recycler_settlement
      WHERE org_id = ${org} AND attempt_id = ANY(${ids}::uuid[])
      UNION ALL
      SELECT attempt_id, id, shop_id, recycler_id, ending, cash_in, cash_out
      FROM recycler_resolution
      WHERE org_id = ${org} AND attempt_id = ANY(${ids}::uuid[])
    ), attempt AS (
      SELECT attempt_id, (array_agg(shop_id ORDER BY id))[1] AS shop_id,
        (array_agg(recycler_id ORDER BY id))[1] AS recycler_id,
        count(*) FILTER (WHERE ending <> 'unresolved') AS booked,
        jsonb_agg(jsonb_build_object('id', id, 'ending', ending, 'in', cash_in, 'out', cash_out)
          ORDER BY id) AS ends
      FROM said GROUP BY attempt_id
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, attempt_id || '/' || kind, shop_id, kind,
      ARRAY['recycler:' || recycler_id, 'attempt:' || attempt_id],
      jsonb_build_object('recyclerId', recycler_id, 'attemptId', attempt_id, 'ends', ends)
    FROM attempt
    CROSS JOIN LATERAL (
      SELECT CASE WHEN booked = 0 THEN 'recycler_unresolved' ELSE 'recycler_booked_twice' END AS kind
    ) AS named
    WHERE booked <> 1
  `.execute()
}

/**
 * `recycler_differs`: a machine held other cash than it should, and nobody counted it later than that. Of its cash box
 * alone it goes too when somebody books later that they emptied it: the key comes before the word.
 */
async function weighDifferences(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    DELETE FROM exception
    WHERE org_id = ${org} AND id = ANY(${ids.map((id) => `${id}/recycler_differs`)}::text[])
  `.execute()
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT DISTINCT ON (told.recycler_id) ${org}::uuid, told.recycler_id || '/recycler_differs',
      told.shop_id, 'recycler_differs', ARRAY['recycler:' || told.recycler_id],
      jsonb_build_object('recyclerId', told.recycler_id, 'attemptId', told.attempt_id,
        'differences', told.differences)
    FROM recycler_difference AS told
    WHERE told.org_id = ${org} AND told.recycler_id = ANY(${ids}::uuid[])
      AND NOT EXISTS (
        SELECT FROM recycler_resolution AS looked
        WHERE looked.org_id = told.org_id AND looked.recycler_id = told.recycler_id
          AND looked.counted IS NOT NULL
          AND looked.occurred_at > told.occurred_at
      )
      AND NOT (
        NOT jsonb_path_exists(told.differences, '$[*] ? (@.unit != "cash_box")')
        AND EXISTS (
          SELECT FROM recycler_emptying AS emptied
          WHERE emptied.org_id = told.org_id AND emptied.recycler_id = told.recycler_id
            AND emptied.occurred_at > told.occurred_at
        )
      )
    ORDER BY told.recycler_id, told.occurred_at DESC, told.id DESC
  `.execute()
}
