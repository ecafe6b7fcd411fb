import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { type FaceUse, suggestWeeks } from '@tillkeeper/core/safe/suggest-change.ts'
import { insideKinds, safe } from '../cash/location.ts'
import type { Reader } from '../db.ts'

const dayMs = 86_400_000

/** Where change works: what goes there is used, and what comes from there was not. Bags and the bank are no use. */
const workplaces = `^(${insideKinds.filter((kind) => kind !== 'safe' && kind !== 'bag').join('|')}):`

export type SafeUse = {
  readonly uses: readonly FaceUse[]
  /** What went out of the safe by amount alone, by currency: no face is told of it. */
  readonly unsaid: readonly { readonly currency: Currency; readonly amountMinor: Minor }[]
}

/** The first day of the weeks that end with a day. */
export function firstDayOf(to: Day): Day {
  return new Date(Date.parse(to) - (suggestWeeks * 7 - 1) * dayMs).toISOString().slice(0, 10)
}

/** What went from a shop's safe into its drawers and hands in the weeks that end with a day, less what came back. */
export async function readSafeUse(
  sql: Reader,
  org: OrgId,
  { shopId, to }: { readonly shopId: ShopId; readonly to: Day },
): Promise<SafeUse> {
  const from = firstDayOf(to)
  // Days lie within these instants in every time zone: the index is by place and time.
  const [first, last] = [
    new Date(Date.parse(from) - dayMs).toISOString(),
    new Date(Date.parse(to) + 3 * dayMs).toISOString(),
  ]
  const side = (
    here: 'from_location' | 'to_location',
    there: 'from_location' | 'to_location',
  ) => sql`
    SELECT ${here === 'from_location' ? 1 : -1}::int AS sign, currency, amount_minor,
      coalesce(pieces, '[]') AS pieces, (${to}::date - business_date) / 7 AS week
    FROM cash_transfer
    WHERE org_id = ${org} AND ${sql(here)} = ${safe(shopId)} AND ${sql(there)} ~ ${workplaces}
      AND occurred_at BETWEEN ${first} AND ${last} AND business_date BETWEEN ${from} AND ${to}
  `
  const rows = await sql<FaceUse[]>`
    SELECT moved.currency, face.face AS "faceMinor", moved.week,
      sum(moved.sign * face.pieces)::bigint AS pieces
    FROM (
      ${side('from_location', 'to_location')} UNION ALL ${side('to_location', 'from_location')}
    ) AS moved
    CROSS JOIN LATERAL (
      SELECT "faceMinor" AS face, pieces
      FROM jsonb_to_recordset(moved.pieces) AS said ("faceMinor" bigint, pieces bigint)
      UNION ALL
      -- Face 0 is what is loose, of what went out.
      SELECT 0, moved.amount_minor - coalesce(sum("faceMinor" * pieces), 0)::bigint
      FROM jsonb_to_recordset(moved.pieces) AS said ("faceMinor" bigint, pieces bigint)
      WHERE moved.sign = 1
      HAVING moved.sign = 1
    ) AS face
    GROUP BY moved.currency, face.face, moved.week
    ORDER BY moved.currency, face.face DESC, moved.week
  `
  const unsaid = new Map<Currency, Minor>()
  for (const { currency, faceMinor, pieces } of rows) {
    if (faceMinor !== 0) continue
    unsaid.set(currency, minor((unsaid.get(currency) ?? 0) + pieces))
  }
  return {
    uses: rows.filter(({ faceMinor }) => faceMinor !== 0),
    unsaid: [...unsaid]
      .filter(([, amountMinor]) => amountMinor !== 0)
      .map(([currency, amountMinor]) => ({ currency, amountMinor })),
  }
}
