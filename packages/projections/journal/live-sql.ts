import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { copyRows, copyRowsMin } from '../copy-rows.ts'
import { jsonParameter, type Reader, type Tx } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What a dashboard shows as it happens; a reader resumes after the `liveSeq` it saw last. */
export type LiveEvent = {
  readonly liveSeq: number
  readonly type: string
  readonly factId: string
  readonly shopId: string | null
  readonly recordedAt: string
  readonly summary: Readonly<Record<string, unknown>>
}

/** As many events are kept for each organisation; who is further behind reads everything again. */
export const liveEventsKept = 10_000
/**
 * Of a batch that is larger only the newest are written: it is a backlog that arrives, and whoever
 * listens is told to read everything again, which is less than all of them one by one.
 */
export const liveEventsAtOnceMax = 1_000
/**
 * Of a batch behind which as many facts wait again, only the last is written: a backlog arrives, and that
 * there is news is all that whoever listens can use.
 */
const liveEventsMidway = 1
// Old events are removed a step at a time, so that a sale seldom waits for it.
const liveEventsStep = 256

/**
 * Writes events of acts that were just applied, numbered without a gap. The caller holds the
 * organisation (`lockOrg`), so the order of numbers is the order of commits.
 */
export async function appendLiveEvents(
  tx: Tx,
  org: OrgId,
  applied: readonly AppliedFact[],
): Promise<readonly LiveEvent[]> {
  if (applied.length === 0) return []
  return insertEvents(tx, org, { applied, rows: eventRows(applied, liveEventsAtOnceMax) })
}

/**
 * As `appendLiveEvents`, for acts behind which `left` more facts wait. Nothing else is sent meanwhile.
 */
export async function appendBacklogEvents(
  tx: Tx,
  org: OrgId,
  { applied, left }: { readonly applied: readonly AppliedFact[]; readonly left: number },
): Promise<readonly LiveEvent[]> {
  if (applied.length === 0) return []
  const most = left >= liveEventsAtOnceMax ? liveEventsMidway : liveEventsAtOnceMax
  const rows = eventRows(applied, most)
  const write = rows.length >= copyRowsMin ? copyEvents : insertEvents
  return write(tx, org, { applied, rows })
}

/** Acts, and the rows of those of them that get an event. */
type Told = {
  readonly applied: readonly AppliedFact[]
  readonly rows: ReturnType<typeof eventRows>
}

async function insertEvents(
  tx: Tx,
  org: OrgId,
  { applied, rows }: Told,
): Promise<readonly LiveEvent[]> {
  const events = await tx<LiveEvent[]>`
    WITH head AS (
      INSERT INTO live_head (org_id, live_seq)
      VALUES (${org}, ${applied.length})
      ON CONFLICT (org_id) DO UPDATE SET live_seq = live_head.live_seq + excluded.live_seq
      RETURNING live_seq - ${applied.length}::bigint AS before
    ), written AS (
      INSERT INTO live_event (org_id, live_seq, shop_id, fact_id, type, recorded_at, summary)
      SELECT ${org}::uuid, head.before + nth, shop_id, fact_id, type, recorded_at,
        summary || jsonb_build_object('staffName', coalesce((
          SELECT employee.name FROM employee
          WHERE employee.org_id = ${org} AND employee.id = asked.staff_id
        ), ''))
      FROM head
      CROSS JOIN jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
        (nth bigint, shop_id uuid, staff_id uuid, fact_id uuid, type text, recorded_at timestamptz,
         summary jsonb)
      RETURNING live_seq, shop_id, fact_id, type, recorded_at, summary
    )
    SELECT live_seq AS "liveSeq", type, fact_id AS "factId", shop_id AS "shopId",
      recorded_at AS "recordedAt", summary
    FROM written
    ORDER BY live_seq
  `
  const last = events.at(-1)?.liveSeq ?? 0
  await removeOld(tx, org, { last, written: events.length, applied: applied.length })
  return events
}

const eventColumns = {
  org_id: 'uuid',
  live_seq: 'int8',
  shop_id: 'uuid',
  fact_id: 'uuid',
  type: 'text',
  recorded_at: 'timestamptz',
  summary: 'jsonb',
} as const

async function copyEvents(
  tx: Tx,
  org: OrgId,
  { applied, rows }: Told,
): Promise<readonly LiveEvent[]> {
  const [head] = await tx<{ last: number }[]>`
    INSERT INTO live_head (org_id, live_seq)
    VALUES (${org}, ${applied.length})
    ON CONFLICT (org_id) DO UPDATE SET live_seq = live_head.live_seq + excluded.live_seq
    RETURNING live_seq AS last
  `
  assert(head !== undefined, 'a head is there once it was raised')
  const { last } = head
  const staff = new Set(rows.flatMap(({ staff_id }) => staff_id ?? []))
  const named = await tx<{ id: string; name: string }[]>`
    SELECT id, name FROM employee WHERE org_id = ${org} AND id = ANY(${[...staff]}::uuid[])
  `
  const names = new Map(named.map(({ id, name }) => [id, name]))
  const events = rows.map(
    ({ nth, type, fact_id, shop_id, staff_id, recorded_at, summary }): LiveEvent => ({
      liveSeq: last - applied.length + nth,
      type,
      factId: fact_id,
      shopId: shop_id ?? null,
      recordedAt: recorded_at,
      summary: { ...summary, staffName: names.get(staff_id ?? '') ?? '' },
    }),
  )
  const written = events.map(({ liveSeq, type, factId, shopId, recordedAt, summary }) => ({
    ...{ live_seq: liveSeq, shop_id: shopId, fact_id: factId, type },
    ...{ recorded_at: recordedAt, summary },
  }))
  await copyRows(tx, 'live_event', eventColumns, written, { org_id: org })
  await removeOld(tx, org, { last, written: events.length, applied: applied.length })
  return events
}

/** What is written of acts: of a great many only the newest. */
const eventRows = (applied: readonly AppliedFact[], most: number) => {
  const leftOut = Math.max(0, applied.length - most)
  return applied.slice(leftOut).map(({ fact, recordedAt }, index) => ({
    nth: leftOut + index + 1,
    type: fact.type,
    fact_id: fact.id,
    shop_id: 'shopId' in fact.body ? fact.body.shopId : undefined,
    staff_id: 'staffId' in fact.body ? fact.body.staffId : undefined,
    recorded_at: recordedAt,
    summary: summarise(fact),
  }))
}

async function removeOld(
  tx: Tx,
  org: OrgId,
  {
    last,
    written,
    applied,
  }: { readonly last: number; readonly written: number; readonly applied: number },
): Promise<void> {
  const before = last - applied
  if (written < applied) {
    // What is kept has no gap: older events stand before those that were left out.
    await tx`DELETE FROM live_event WHERE org_id = ${org} AND live_seq <= ${last - written}`
  } else if (Math.floor(before / liveEventsStep) !== Math.floor(last / liveEventsStep)) {
    await tx`
      DELETE FROM live_event WHERE org_id = ${org} AND live_seq <= ${last - liveEventsKept}
    `
  }
}

/** A few fields to show at once, by the type of the act. Nothing personal but the staff's id. */
function summarise(fact: KnownFact): Readonly<Record<string, unknown>> {
  const { occurredAt, businessDate } = fact
  switch (fact.type) {
    case 'sale.completed':
    case 'sale.voided':
    case 'sale.refunded': {
      const { receiptNumber, totalMinor, currency, staffId, tillId, sessionId, tenders } = fact.body
      const methods = [...new Set(tenders.map(({ method }) => method))]
      return {
        receiptNumber,
        totalMinor,
        currency,
        staffId,
        tillId,
        sessionId,
        methods,
        lineCount: fact.body.lines.length,
        occurredAt,
        businessDate,
      }
    }
    case 'till.opened': {
      const { staffId, tillId, currency, floatMinor } = fact.body
      const sessionId = fact.id
      return { staffId, tillId, sessionId, currency, floatMinor, occurredAt, businessDate }
    }
    case 'cash.moved': {
      const { staffId, tillId, sessionId, currency, kind, amountMinor } = fact.body
      return { staffId, tillId, sessionId, currency, kind, amountMinor, occurredAt, businessDate }
    }
    case 'till.closed': {
      const { staffId, tillId, sessionId, currency, countedMinor, varianceMinor } = fact.body
      return {
        staffId,
        tillId,
        sessionId,
        currency,
        countedMinor,
        varianceMinor,
        occurredAt,
        businessDate,
      }
    }
    case 'till.explained': {
      const { staffId, sessionId, currency, reason } = fact.body
      return { staffId, sessionId, currency, reason, occurredAt, businessDate }
    }
    case 'till.verified': {
      const { staffId, sessionId } = fact.body
      return { staffId, sessionId, occurredAt, businessDate }
    }
    case 'expense.requested':
    case 'expense.paid': {
      const { staffId, currency, amountMinor } = fact.body
      return { staffId, currency, amountMinor, occurredAt, businessDate }
    }
    case 'expense.approved': {
      const { approverId: staffId, currency, amountMinor } = fact.body
      return { staffId, currency, amountMinor, occurredAt, businessDate }
    }
    case 'expense.declined':
      return { staffId: fact.body.approverId, occurredAt, businessDate }
    case 'expense.settled': {
      const { staffId, currency, spentMinor, varianceMinor } = fact.body
      return { staffId, currency, spentMinor, varianceMinor, occurredAt, businessDate }
    }
    default:
      return {}
  }
}

export type LiveEvents =
  | { readonly kind: 'events'; readonly events: readonly LiveEvent[] }
  /** What came after `after` is not kept any more, or never was: read everything, then go on from here. */
  | { readonly kind: 'reset'; readonly liveSeq: number }

/** Where the live feed stands: 0 before the first event. */
export async function readLiveSeq(sql: Reader, org: OrgId): Promise<number> {
  const [row] = await sql<{ liveSeq: number }[]>`
    SELECT live_seq AS "liveSeq" FROM live_head WHERE org_id = ${org}
  `
  return row?.liveSeq ?? 0
}

/** Reads the events after one, of these shops, oldest first, at most `limit`. */
export async function listLiveEvents(
  sql: Reader,
  org: OrgId,
  {
    after,
    limit,
    shops,
  }: {
    readonly after: number
    readonly limit: number
    readonly shops: ShopScope
  },
): Promise<LiveEvents> {
  const head = await readLiveSeq(sql, org)
  const [oldest] = await sql<{ liveSeq: number | null }[]>`
    SELECT min(live_seq) AS "liveSeq" FROM live_event WHERE org_id = ${org}
  `
  const kept = oldest?.liveSeq ?? head + 1
  if (after > head || after + 1 < kept) return { kind: 'reset', liveSeq: head }
  const events = await sql<LiveEvent[]>`
    SELECT live_seq AS "liveSeq", type, fact_id AS "factId", shop_id AS "shopId",
      recorded_at AS "recordedAt", summary
    FROM live_event
    WHERE org_id = ${org} AND live_seq > ${after}
      AND ${inScope(sql, 'shop_id', shops)}
    ORDER BY live_seq
    LIMIT ${limit}
  `
  return { kind: 'events', events }
}
