import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { HeldCash } from '@tillkeeper/core/cash/held-cash.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'

/** A place's cash, with its pieces, once somebody counted it; see `readHeldCash`. */
type Anchor = {
  readonly sessionId: string
  readonly currency: Currency
  readonly floatPieces: Pieces | null
}

/**
 * What a place holds, currency by currency, as far as it is known by piece. A drawer is known by its float and
 * by what moved since in its session; between sessions nothing in it is. Every other place is known by
 * all that ever moved there. A face that more went out of than came in was among the unknown.
 */
export async function readHeldCash(
  sql: Reader,
  org: OrgId,
  location: string,
): Promise<readonly HeldCash[]> {
  const [balances, pieces] = await Promise.all([
    sql<{ currency: Currency; balanceMinor: number }[]>`
      SELECT currency, balance_minor AS "balanceMinor" FROM cash_balance
      WHERE org_id = ${org} AND location = ${location}
      ORDER BY currency
    `,
    location.startsWith('drawer:')
      ? readDrawer(sql, org, location)
      : readInventory(sql, org, location),
  ])
  return balances.map(({ currency, balanceMinor }) => {
    const known = pieces.filter((row) => row.currency === currency && row.pieces > 0)
    const worth = known.reduce((all, row) => all + row.faceMinor * row.pieces, 0)
    return {
      currency,
      balanceMinor: minor(balanceMinor),
      pieces: known.map((row) => ({ faceMinor: minor(row.faceMinor), pieces: row.pieces })),
      unknownMinor: minor(balanceMinor - worth),
    }
  })
}

type FaceRow = {
  readonly currency: Currency
  readonly faceMinor: number
  readonly pieces: number
}

function readInventory(sql: Reader, org: OrgId, location: string): PromiseLike<readonly FaceRow[]> {
  return sql<FaceRow[]>`
    SELECT currency, face_minor AS "faceMinor", pieces
    FROM cash_inventory
    WHERE org_id = ${org} AND location = ${location} AND face_minor <> 0
    ORDER BY currency, face_minor DESC
  `
}

/** The float as it was counted, and what moved since. Cash that brought the float in is in it. */
async function readDrawer(sql: Reader, org: OrgId, location: string): Promise<readonly FaceRow[]> {
  const [session] = await sql<Anchor[]>`
    SELECT session.id AS "sessionId", session.currency,
      session.float_pieces AS "floatPieces"
    FROM till_session AS session
    WHERE session.org_id = ${org} AND session.till_id = split_part(${location}, ':', 2)::uuid
      AND NOT EXISTS (
        SELECT FROM till_close
        WHERE till_close.org_id = session.org_id AND till_close.session_id = session.id
      )
    ORDER BY session.opened_at DESC, session.id DESC
    LIMIT 1
  `
  if (session === undefined) return []
  return sql<FaceRow[]>`
    SELECT currency, face_minor AS "faceMinor", sum(pieces)::bigint AS pieces
    FROM (
      SELECT ${session.currency}::text AS currency, face."faceMinor" AS face_minor, face.pieces
      FROM jsonb_to_recordset(${sql.json((session.floatPieces ?? []) as never)}::jsonb)
        AS face ("faceMinor" bigint, pieces bigint)
      UNION ALL
      SELECT moved.currency, face."faceMinor",
        CASE moved.to_location WHEN ${location} THEN face.pieces ELSE -face.pieces END
      FROM cash_transfer AS moved
      CROSS JOIN LATERAL jsonb_to_recordset(moved.pieces)
        AS face ("faceMinor" bigint, pieces bigint)
      WHERE moved.org_id = ${org} AND moved.session_id = ${session.sessionId}
        AND moved.pieces IS NOT NULL
        AND (moved.from_location = ${location} OR moved.to_location = ${location})
        AND (moved.fact_id <> ${session.sessionId} OR moved.currency <> ${session.currency})
    ) AS part
    GROUP BY currency, face_minor
    ORDER BY currency, face_minor DESC
  `
}
