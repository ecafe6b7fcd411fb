import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { HeldCash } from '@tillkeeper/core/cash/held-cash.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'

/** The session that a drawer is known by. */
type Anchor = {
  readonly sessionId: string
  readonly currency: Currency
  readonly floatPieces: Pieces | null
  readonly others: readonly Counted[] | null
  readonly leftCash: readonly Counted[] | null
  readonly isOpen: boolean
}

/**
 * What a place holds, currency by currency, as far as it is known by piece. A drawer is known by its float and
 * by what moved since in its session, or by what its last close left. Every other place is known by
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

/**
 * The float as it was counted, and what moved since in the session, wherever its drawer stood. Between
 * sessions: what the last close left there. What brought the float in is in it.
 */
async function readDrawer(sql: Reader, org: OrgId, location: string): Promise<readonly FaceRow[]> {
  const [session] = await sql<Anchor[]>`
    SELECT session.id AS "sessionId", session.currency, session.float_pieces AS "floatPieces",
      session.others, closed.left_cash AS "leftCash",
      now.state IN ('open', 'reconciling') AND NOT now.suspended AS "isOpen"
    FROM session_now AS now
    JOIN till_session AS session ON session.org_id = now.org_id AND session.id = now.session_id
    LEFT JOIN LATERAL (
      SELECT left_cash FROM till_close
      WHERE till_close.org_id = now.org_id AND till_close.session_id = now.session_id
      ORDER BY till_close.id
      LIMIT 1
    ) AS closed ON TRUE
    WHERE now.org_id = ${org} AND now.till_id = split_part(${location}, ':', 2)::uuid
    ORDER BY "isOpen" DESC, session.opened_at DESC, session.id DESC
    LIMIT 1
  `
  if (session === undefined) return []
  const { sessionId, currency, floatPieces, others, leftCash, isOpen } = session
  if (!isOpen) return addFaces((leftCash ?? []).flatMap(facesOf))
  const moved = await sql<FaceRow[]>`
    SELECT moved.currency, face."faceMinor", sum(face.pieces
      * (CASE WHEN moved.to_location LIKE 'drawer:%' THEN 1 ELSE 0 END
        - CASE WHEN moved.from_location LIKE 'drawer:%' THEN 1 ELSE 0 END))::bigint AS pieces
    FROM cash_transfer AS moved
    CROSS JOIN LATERAL jsonb_to_recordset(moved.pieces) AS face ("faceMinor" bigint, pieces bigint)
    WHERE moved.org_id = ${org} AND moved.session_id = ${sessionId} AND moved.pieces IS NOT NULL
      AND moved.fact_id <> ${sessionId}
    GROUP BY moved.currency, face."faceMinor"
  `
  const float = [{ currency, pieces: floatPieces }, ...(others ?? [])]
  return addFaces([...float.flatMap(facesOf), ...moved])
}

type Counted = { readonly currency: Currency; readonly pieces?: Pieces | null }

const facesOf = ({ currency, pieces }: Counted): FaceRow[] =>
  (pieces ?? []).map((face) => ({ currency, faceMinor: face.faceMinor, pieces: face.pieces }))

/** Each face of each currency once, high to low. */
function addFaces(rows: readonly FaceRow[]): readonly FaceRow[] {
  const faces = new Map<string, FaceRow>()
  for (const row of rows) {
    const name = `${row.currency}/${row.faceMinor}`
    faces.set(name, { ...row, pieces: row.pieces + (faces.get(name)?.pieces ?? 0) })
  }
  return [...faces.values()].sort((a, b) => b.faceMinor - a.faceMinor)
}
