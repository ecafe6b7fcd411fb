import type { Reader } from '../db.ts'

/**
 * What cash machines that are in use last told of themselves and that asks for a person: `recycler_stopped` by a fault,
 * `recycler_offline`, `recycler_near_empty`, `recycler_near_full`. They are read from the last word of each machine,
 * so they go by themselves; one that somebody marked as seen comes again for a new fault, for other faces, or on
 * another day. A face that the machine never held is not missed in it.
 */
export const machineAlerts = (sql: Reader) => sql`
  SELECT machine.org_id, told.fact_id || '/' || state.kind AS id, machine.shop_id, state.kind,
    ARRAY['recycler:' || machine.id] AS keys,
    jsonb_build_object('recyclerId', machine.id, 'name', machine.name, 'at', told.told_at)
      || coalesce(told.condition -> 'fault', '{}') AS detail
  FROM recycler AS machine
  JOIN recycler_condition AS told
    ON told.org_id = machine.org_id AND told.recycler_id = machine.id
  CROSS JOIN LATERAL (
    SELECT CASE told.condition ->> 'is'
      WHEN 'fault' THEN 'recycler_stopped' WHEN 'offline' THEN 'recycler_offline' END AS kind
  ) AS state
  WHERE machine.active AND state.kind IS NOT NULL
  UNION ALL
  SELECT machine.org_id, md5(concat_ws(' ', machine.id, low.faces, seen.told_at::date))::uuid
      || '/' || low.kind, machine.shop_id, low.kind, ARRAY['recycler:' || machine.id],
    jsonb_build_object('recyclerId', machine.id, 'name', machine.name, 'at', seen.told_at,
      'faces', low.faces)
  FROM recycler AS machine
  JOIN recycler_stock AS seen ON seen.org_id = machine.org_id AND seen.recycler_id = machine.id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN line ->> 'level' IN ('near_full', 'full')
        THEN 'recycler_near_full' ELSE 'recycler_near_empty' END AS kind,
      jsonb_agg(jsonb_build_object('unit', line -> 'unit', 'currency', line -> 'currency',
          'faceMinor', line -> 'faceMinor', 'level', line -> 'level')
        ORDER BY line ->> 'unit', line ->> 'currency', (line ->> 'faceMinor')::bigint DESC) AS faces
    FROM jsonb_array_elements(seen.stock) AS line
    WHERE line ->> 'level' IN ('near_full', 'full') OR (
      line ->> 'unit' = 'recycling' AND line ->> 'level' IN ('near_empty', 'empty')
      AND EXISTS (
        SELECT FROM cash_inventory AS held
        WHERE held.org_id = machine.org_id
          AND held.location = 'recycler:' || machine.shop_id || ':' || machine.id
          AND held.currency = line ->> 'currency'
          AND held.face_minor = (line ->> 'faceMinor')::bigint
      )
    )
    GROUP BY 1
  ) AS low
  WHERE machine.active
`
