import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type {
  RecyclerDifferedBody,
  RecyclerSettledBody,
  RecyclerStartedBody,
  RecyclerStock,
  RecyclerWork,
} from '@tillkeeper/facts/catalogue/recycler.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import type { ShopScope } from '../page/shop-scope.ts'

/** One attempt of a machine's past: its intent, its end, and a person's word on it, as far as they have come. */
export type AttemptRow = {
  readonly attemptId: string
  readonly recyclerId: string
  readonly shopId: ShopId
  readonly seqNo: string | null
  readonly currency: Currency
  readonly work: RecyclerWork
  readonly staffId: StaffId
  readonly staffName: string
  readonly tillId: TillId | null
  readonly sessionId: SessionId | null
  readonly links: RecyclerStartedBody['links'] | null
  readonly startedAt: Instant | null
  readonly endedAt: Instant | null
  readonly businessDate: Day
  /** A person's word on an unresolved one counts; null before it ended. */
  readonly ending: 'done' | 'not_done' | 'unresolved' | null
  readonly in: CashAmount | null
  readonly out: CashAmount | null
  readonly code: string | null
  readonly certain: boolean
  readonly because: RecyclerSettledBody['because'] | null
  readonly resolved: {
    readonly staffName: string
    readonly reason: string
    readonly at: Instant
  } | null
  readonly before: RecyclerStock | null
  readonly after: RecyclerStock | null
}

/** The attempts of a machine, the newest first. */
export async function listAttempts(
  sql: Reader,
  org: OrgId,
  {
    recyclerId,
    from,
    to,
    after,
    limit,
  }: {
    readonly recyclerId: string
    /** Days of business, both included. */
    readonly from?: Day | undefined
    readonly to?: Day | undefined
    readonly after?: readonly [at: string, attemptId: string] | undefined
    readonly limit: number
  },
): Promise<Page<AttemptRow>> {
  const within = sql`
    org_id = ${org} AND recycler_id = ${recyclerId}
      AND ${from === undefined ? sql`TRUE` : sql`business_date >= ${from}`}
      AND ${to === undefined ? sql`TRUE` : sql`business_date <= ${to}`}
      AND ${after === undefined ? sql`TRUE` : sql`(occurred_at, attempt_id) < (${after[0]}, ${after[1]})`}
  `
  const rows = await sql<(AttemptRow & { readonly at: Instant })[]>`
    WITH asked AS (
      SELECT attempt_id, occurred_at FROM recycler_attempt
      WHERE ${within}
      ORDER BY occurred_at DESC, attempt_id DESC
      LIMIT ${limit + 1}
    ), lone AS (
      -- Ends whose intent has not come: they stand where they ended, and only those of this page are looked at.
      SELECT attempt_id, occurred_at FROM recycler_settlement AS settled
      WHERE ${within}
        AND occurred_at >= coalesce(
          (SELECT min(occurred_at) FROM asked HAVING count(*) > ${limit}), '-infinity')
        AND NOT EXISTS (
          SELECT FROM recycler_attempt AS asked
          WHERE asked.org_id = settled.org_id AND asked.attempt_id = settled.attempt_id
        )
      ORDER BY occurred_at DESC, attempt_id DESC
      LIMIT ${limit + 1}
    ), listed AS (
      SELECT attempt_id, max(occurred_at) AS at
      FROM (
        SELECT attempt_id, occurred_at FROM asked
        UNION ALL SELECT attempt_id, occurred_at FROM lone
      ) AS either
      GROUP BY attempt_id
      ORDER BY at DESC, attempt_id DESC
      LIMIT ${limit + 1}
    )
    SELECT ${columns(sql)}, listed.at
    FROM listed ${parts(sql, org)}
    ORDER BY listed.at DESC, listed.attempt_id DESC
  `
  const { items, next } = toPage(rows, limit, ({ at, attemptId }) => [at, attemptId])
  return { items: items.map(({ at: _, ...row }) => row), next }
}

/** One attempt; `undefined` where neither its intent nor its end is known to the shops that are asked about. */
export async function findAttempt(
  sql: Reader,
  org: OrgId,
  { attemptId, shops }: { readonly attemptId: string; readonly shops: ShopScope },
): Promise<AttemptRow | undefined> {
  const [row] = await sql<AttemptRow[]>`
    SELECT ${columns(sql)}
    FROM (SELECT ${attemptId}::uuid AS attempt_id) AS listed ${parts(sql, org)}
    WHERE coalesce(asked.attempt_id, settled.attempt_id) IS NOT NULL
  `
  return row === undefined || (shops !== 'all' && !shops.has(row.shopId)) ? undefined : row
}

/** Where a machine held other cash than an attempt makes of what it held before. */
export async function listAttemptDifferences(
  sql: Reader,
  org: OrgId,
  { recyclerId, attemptId }: { readonly recyclerId: string; readonly attemptId: string },
): Promise<RecyclerDifferedBody['differences']> {
  const rows = await sql<{ differences: RecyclerDifferedBody['differences'] }[]>`
    SELECT differences FROM recycler_difference
    WHERE org_id = ${org} AND recycler_id = ${recyclerId} AND attempt_id = ${attemptId}
    ORDER BY id
    LIMIT 1
  `
  return rows.flatMap(({ differences }) => differences)
}

// Of facts that say the same twice the first has the word; an end that is known goes before one that is not.
const parts = (sql: Reader, org: OrgId) => sql`
  LEFT JOIN LATERAL (
    SELECT attempt_id, shop_id, recycler_id, seq_no, staff_id, till_id, session_id, currency, work,
      before, links, business_date, occurred_at
    FROM recycler_attempt
    WHERE org_id = ${org} AND attempt_id = listed.attempt_id ORDER BY id LIMIT 1
  ) AS asked ON TRUE
  LEFT JOIN LATERAL (
    SELECT attempt_id, shop_id, recycler_id, staff_id, work, ending, cash_in, cash_out, certain,
      because, code, after, business_date, occurred_at
    FROM recycler_settlement
    WHERE org_id = ${org} AND attempt_id = listed.attempt_id
    ORDER BY ending = 'unresolved', id LIMIT 1
  ) AS settled ON TRUE
  LEFT JOIN LATERAL (
    SELECT id, staff_id, ending, cash_in, cash_out, reason, occurred_at FROM recycler_resolution
    WHERE org_id = ${org} AND attempt_id = listed.attempt_id ORDER BY id LIMIT 1
  ) AS said ON TRUE
  LEFT JOIN employee AS asker
    ON asker.org_id = ${org} AND asker.id = coalesce(asked.staff_id, settled.staff_id)
  LEFT JOIN employee AS resolver ON resolver.org_id = ${org} AND resolver.id = said.staff_id
`

const columns = (sql: Reader) => sql`
  listed.attempt_id AS "attemptId", coalesce(asked.recycler_id, settled.recycler_id) AS "recyclerId",
  coalesce(asked.shop_id, settled.shop_id) AS "shopId", asked.seq_no AS "seqNo",
  coalesce(asked.currency, settled.cash_in ->> 'currency') AS currency,
  coalesce(asked.work, settled.work) AS work, coalesce(asked.staff_id, settled.staff_id) AS "staffId",
  coalesce(asker.name, '') AS "staffName", asked.till_id AS "tillId",
  asked.session_id AS "sessionId", asked.links, asked.occurred_at AS "startedAt",
  settled.occurred_at AS "endedAt",
  coalesce(asked.business_date, settled.business_date) AS "businessDate",
  CASE settled.ending WHEN 'unresolved' THEN coalesce(said.ending, 'unresolved')
    ELSE settled.ending END AS ending,
  CASE settled.ending WHEN 'unresolved' THEN coalesce(said.cash_in, settled.cash_in)
    ELSE settled.cash_in END AS "in",
  CASE settled.ending WHEN 'unresolved' THEN coalesce(said.cash_out, settled.cash_out)
    ELSE settled.cash_out END AS "out",
  settled.code, coalesce(settled.certain, false) AS certain, settled.because,
  CASE WHEN said.id IS NULL THEN NULL ELSE jsonb_build_object(
    'staffName', coalesce(resolver.name, ''), 'reason', said.reason,
    'at', to_char(said.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ) END AS resolved,
  asked.before, settled.after
`
