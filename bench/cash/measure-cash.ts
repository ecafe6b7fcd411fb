import type { Rewind } from '@tillkeeper/client/api/rewind-shapes.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  listEveningMovements,
  listEveningSessions,
} from '@tillkeeper/projections/verification/evening-sql.ts'
import { pickFrom } from '../catch-up/make-trade.ts'
import { quantile } from '../measure/figures.ts'

/** Milliseconds, ascending. */
export type Times = readonly number[]

export const p50 = (times: Times): number => quantile(times, 0.5)
export const p95 = (times: Times): number => quantile(times, 0.95)

const asked = 200

/** Runs something so many times, one after the other; how long each took, ascending. */
export async function timeEach(times: number, work: (nth: number) => Promise<unknown>) {
  const took: number[] = []
  for (let nth = 0; nth < times; nth += 1) {
    const startMs = performance.now()
    await work(nth)
    took.push(performance.now() - startMs)
  }
  return took.sort((a, b) => a - b)
}

export type Shop = { readonly url: string; readonly apiKey: string }

const clientOf = ({ url, apiKey }: Shop) =>
  createClient({ baseUrl: url, credentials: { kind: 'key', key: apiKey } })

/**
 * Closes sessions with few and with many sales over REST, one of these and one of those, so that both meet the same
 * moments of the machine. The first of each is not measured.
 */
export async function measureCloses(
  shop: Shop,
  { few, many }: { readonly few: readonly string[]; readonly many: readonly string[] },
): Promise<{ readonly few: Times; readonly many: Times }> {
  const client = clientOf(shop)
  const close = async (session: string | undefined) => {
    const answer = await client.post<Session>(`/v1/till-sessions/${session}/close`, {
      ...{ id: makeId(), countedMinor: 200_000 },
    })
    if (!answer.ok) throw new Error(`a close is refused: ${JSON.stringify(answer.failure)}`)
  }
  await close(few[0])
  await close(many[0])
  const took = { few: [] as number[], many: [] as number[] }
  for (let nth = 1; nth < few.length; nth += 1) {
    // Each kind is the first every other time: the second finds the server warmer.
    const [one, other] = nth % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)
    for (const kind of [one, other]) {
      const session = kind === 'few' ? few[nth] : many[nth]
      took[kind].push(...(await timeEach(1, () => close(session))))
    }
  }
  return { few: took.few.sort((a, b) => a - b), many: took.many.sort((a, b) => a - b) }
}

/** What a drawer should hold, read over REST. */
export async function measureExpected(shop: Shop, session: string): Promise<Times> {
  const client = clientOf(shop)
  const read = async () => {
    const answer = await client.get<Session>(`/v1/till-sessions/${session}`)
    if (!answer.ok || answer.reply.expectedMinor === null) throw new Error('it cannot be read')
  }
  await timeEach(20, read)
  return timeEach(asked, read)
}

/** The same rows by hand: the least that a close writes and flushes, and that a read looks up. */
export async function measureBare(
  db: Db,
  { org, session }: { readonly org: OrgId; readonly session: string },
): Promise<{ readonly close: Times; readonly expected: Times }> {
  await db`CREATE TABLE bench_close (LIKE till_close INCLUDING DEFAULTS)`
  await db`CREATE TABLE bench_transfer (LIKE cash_transfer INCLUDING DEFAULTS)`
  const close = await timeEach(asked, () =>
    db.begin(async (tx) => {
      await tx`SELECT FROM session_total WHERE org_id = ${org} AND session_id = ${session}`
      await tx`
        INSERT INTO bench_close (org_id, session_id, id, shop_id, till_id, staff_id, currency, counted_minor, expected_minor,
          variance_minor, business_date, closed_at)
        SELECT org_id, session_id, id, shop_id, till_id, staff_id, currency, counted_minor, expected_minor,
          variance_minor, business_date, closed_at
        FROM till_close LIMIT 1
      `
      await tx`
        INSERT INTO bench_transfer (org_id, id, fact_id, shop_id, session_id, staff_id, type, from_location, to_location, currency,
          amount_minor, business_date, occurred_at)
        SELECT org_id, id, fact_id, shop_id, session_id, staff_id, type, from_location, to_location, currency,
          amount_minor, business_date, occurred_at
        FROM cash_transfer LIMIT 2
      `
    }),
  )
  const expected = await timeEach(
    asked,
    () => db`
      SELECT session.id, session.float_minor, total.cash_in_minor, total.cash_out_minor,
        total.dropped_minor, total.topped_up_minor
      FROM till_session AS session
      JOIN session_total AS total
        ON total.org_id = session.org_id AND total.session_id = session.id
      WHERE session.org_id = ${org} AND session.id = ${session}
    `,
  )
  return { close, expected }
}

/** The queue of a chain's evening: its sessions and movements, as the office asks for them. */
export async function measureQueue(
  db: Db,
  { org, date }: { readonly org: OrgId; readonly date: string },
): Promise<{ readonly ours: Times; readonly bare: Times; readonly sessions: number }> {
  const evening = { shops: 'all', date, staffId: undefined } as const
  const ask = () =>
    Promise.all([listEveningSessions(db, org, evening), listEveningMovements(db, org, evening)])
  const [sessions] = await ask()
  const ours = await timeEach(asked, ask)
  const bare = await timeEach(
    asked,
    () => db`
      SELECT session.id, session.float_minor, total.cash_in_minor, total.cash_out_minor,
        total.dropped_minor, total.topped_up_minor
      FROM till_session AS session
      JOIN session_total AS total
        ON total.org_id = session.org_id AND total.session_id = session.id
      WHERE session.org_id = ${org} AND session.business_date = ${date}
    `,
  )
  return { ours, bare, sessions: sessions.length }
}

/** Of the instants that are looked at these are not measured, to warm up. */
const rewindsWarm = 20

/**
 * A till's drawer at instants all over its days, in no order, over REST; and the least that must be read for it by
 * hand: the session that the drawer was in, its act, and what was in it.
 */
export async function measureRewind(
  shop: Shop,
  db: Db,
  {
    org,
    tillId,
    firstDayMs,
    days,
  }: {
    readonly org: OrgId
    readonly tillId: string
    readonly firstDayMs: number
    readonly days: number
  },
): Promise<{ readonly ours: Times; readonly bare: Times }> {
  const client = clientOf(shop)
  const pick = pickFrom(1)
  const instants = Array.from({ length: rewindsWarm + asked }, () =>
    new Date(firstDayMs + 1_000 * pick(days * 86_400)).toISOString(),
  )
  const at = (nth: number) => instants[nth] ?? ''
  const ask = async (instant: string) => {
    const answer = await client.get<Rewind>(`/v1/tills/${tillId}/rewind?at=${instant}`)
    if (!answer.ok) throw new Error(`it cannot be rewound: ${JSON.stringify(answer.failure)}`)
    // A figure of a look that finds nothing, or something else, would mean nothing.
    if (answer.reply.act.at > instant || answer.reply.after.length === 0) {
      throw new Error(`rewound to ${instant}, and there is ${JSON.stringify(answer.reply.act)}`)
    }
  }
  await timeEach(rewindsWarm, (nth) => ask(at(asked + nth)))
  const ours = await timeEach(asked, (nth) => ask(at(nth)))
  const byHand = (instant: string) => db`
    SELECT session.id, session.staff_id, last.fact_id, held.currency, held.minor
    FROM (
      SELECT id, staff_id, float_minor FROM till_session
      WHERE org_id = ${org} AND till_id = ${tillId} AND opened_at <= ${instant}::timestamptz
      ORDER BY opened_at DESC LIMIT 1
    ) AS session
    CROSS JOIN LATERAL (
      SELECT fact_id FROM cash_transfer
      WHERE org_id = ${org} AND session_id = session.id AND occurred_at <= ${instant}::timestamptz
      ORDER BY occurred_at DESC LIMIT 1
    ) AS last
    CROSS JOIN LATERAL (
      SELECT currency, sum(CASE WHEN to_location LIKE 'drawer:%' THEN amount_minor ELSE -amount_minor END) AS minor
      FROM cash_transfer
      WHERE org_id = ${org} AND session_id = session.id AND occurred_at <= ${instant}::timestamptz
      GROUP BY currency
    ) AS held
  `
  await timeEach(rewindsWarm, (nth) => byHand(at(asked + nth)))
  return { ours, bare: await timeEach(asked, (nth) => byHand(at(nth))) }
}
