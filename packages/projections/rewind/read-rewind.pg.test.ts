import type { OrgId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Db } from '../db.ts'
import { nodeAuthor } from '../journal/record-facts.ts'
import { deliver, openDatabase, projectAll, sealStream } from '../testing/fill-database.ts'
import { createSharedDatabase } from '../testing/shared-database.gen.ts'
import { chanceFrom } from '../testing/trade.gen.ts'
import { type Rewind, readRewind } from './read-rewind.ts'
import { findActStep } from './rewind-sql.ts'

// One morning at two tills whose sessions are handed over, rest and move; and in the same tables, at one of
// them, the months before it.

const chance = chanceFrom(7)
const id = <T extends string>() => uuidv7(Date.UTC(2026, 2, 2), chance.bytes(10)) as T
const org = id<OrgId>()
const shopId = id<ShopId>()
const [one, two] = [id<TillId>(), id<TillId>()]
const [nok, ploy, bo] = [id<StaffId>(), id<StaffId>(), id<StaffId>()]
const hundreds = (count: number) => [{ faceMinor: minor(100_00), pieces: count }]
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 3, minute)).toISOString() as Instant
const end = '2027-01-01T00:00:00.000Z' as Instant

type Act = { readonly minute: number; readonly type: FactType; readonly body: object }
const ids = new Map<string, string>()
const idOf = (name: string) => {
  const known = ids.get(name) ?? id<string>()
  ids.set(name, known)
  return known
}
const place = { shopId, currency: 'THB' }
const opened = (minute: number, name: string, tillId: TillId, staffId: StaffId, float: number) => ({
  ...{ minute, name, type: 'till.opened' as const },
  body: {
    ...{ ...place, tillId, staffId, floatMinor: float, pieces: hundreds(float / 100_00) },
    ...{ leftMinor: 0, loanMinor: float, varianceMinor: 0 },
  },
})
const inSession = (name: string, tillId: TillId, staffId: StaffId) => ({
  ...{ shopId, tillId, staffId, sessionId: idOf(name) },
})
const moved = (minute: number, here: object, kind: string, amountMinor: number, known = true) => ({
  ...{ minute, type: 'cash.moved' as const },
  body: {
    ...{ ...here, currency: 'THB', kind, amountMinor, note: 'as agreed' },
    ...(known && { pieces: hundreds(amountMinor / 100_00) }),
  },
})
const step = (minute: number, type: FactType, body: object) => ({ minute, type, body })
const carried = (amount: number) => [{ currency: 'THB', minor: amount }]
const closed = (minute: number, here: object, counted: number, left: number) => ({
  ...{ minute, type: 'till.closed' as const },
  body: {
    ...{ ...here, currency: 'THB', countedMinor: counted, expectedMinor: counted },
    ...{ varianceMinor: 0, left: carried(left).filter(({ minor: amount }) => amount > 0) },
  },
})

const morning: readonly (Act & { readonly name?: string })[] = [
  // Two opens and closes first, and leaves something in its drawer.
  opened(0, 'early', two, bo, 500_00),
  closed(5, inSession('early', two, bo), 500_00, 200_00),
  // A session of One is handed over, rests, and goes on at Two; another has One in between.
  opened(10, 'long', one, nok, 1_000_00),
  moved(11, inSession('long', one, nok), 'pay_in', 200_00),
  moved(12, inSession('long', one, nok), 'drop', 300_00),
  step(13, 'till.handed_over', {
    ...{ shopId, tillId: one, sessionId: idOf('long'), fromStaffId: nok, toStaffId: ploy },
    counted: [{ currency: 'THB', countedMinor: 900_00, expectedMinor: 900_00, varianceMinor: 0 }],
  }),
  step(14, 'till.suspended', inSession('long', one, ploy)),
  opened(15, 'between', one, bo, 300_00),
  closed(16, inSession('between', one, bo), 300_00, 0),
  step(17, 'drawer.opened', { shopId, tillId: one, staffId: bo, reason: 'looked for a pen' }),
  step(20, 'till.resumed', {
    ...{ ...inSession('long', two, ploy), fromTillId: one, carried: carried(900_00) },
  }),
  moved(21, inSession('long', two, ploy), 'pay_out', 100_00),
  step(22, 'drawer.opened', { ...inSession('long', two, ploy), reason: 'changed a note' }),
  closed(25, inSession('long', two, ploy), 800_00, 0),
  // A session of One goes to Two and comes back, and nobody has One in between.
  opened(30, 'there and back', one, nok, 400_00),
  step(31, 'till.resumed', {
    ...{ ...inSession('there and back', two, nok), fromTillId: one, carried: carried(400_00) },
  }),
  moved(32, inSession('there and back', two, nok), 'pay_in', 100_00, false),
  step(33, 'till.resumed', {
    ...{ ...inSession('there and back', one, nok), fromTillId: two, carried: carried(500_00) },
  }),
  moved(34, inSession('there and back', one, nok), 'pay_in', 100_00),
]

const drafts: readonly FactDraft[] = morning.map(({ name, minute, type, body }) => ({
  ...{ id: name === undefined ? id<string>() : idOf(name), type, v: catalogue[type].v },
  ...{ scope: `shop:${shopId}`, actor: `staff:${nok}`, occurredAt: at(minute) },
  ...{ businessDate: '2026-03-02', keys: [`session:${id()}`], refs: [], body },
}))

let db: Db
let url: string
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await createSharedDatabase()
  ;({ url, drop } = database)
  db = await openDatabase(url)
  const stream = sealStream(nodeAuthor(org, `s-${shopId}`, '1.0'), drafts)
  await deliver(db, stream, { from: 1, count: drafts.length })
  await projectAll(db, org)
})
afterAll(async () => {
  await db.end()
  await drop()
})

const rewind = async (tillId: TillId, instant: Instant, actId?: string): Promise<Rewind> => {
  const found = await readRewind(db, org, { tillId, at: instant, actId })
  if (found === undefined) throw new Error('there is nothing')
  return found
}
const hold = (cash: Rewind['after']) => cash.map(({ balanceMinor }) => balanceMinor)

/** Steps from the last act of a till back to its first. */
async function walk(tillId: TillId): Promise<readonly Rewind[]> {
  const seen: Rewind[] = []
  for (let now: Rewind | undefined = await rewind(tillId, end); now !== undefined; ) {
    seen.unshift(now)
    const { previous }: Rewind = now
    now = previous === null ? undefined : await rewind(tillId, previous.at, previous.id)
  }
  return seen
}
const told = (seen: readonly Rewind[]) =>
  seen.map(({ act, session, before, after }) => [
    (Date.parse(act.at) - Date.parse(at(0))) / 60_000,
    act.kind,
    { [nok]: 'Nok', [ploy]: 'Ploy', [bo]: 'Bo' }[session.staffId],
    ...hold(before).map((amount) => amount / 100_00),
    '→',
    ...hold(after).map((amount) => amount / 100_00),
  ])

test('a till shows what touched its drawer there, and whose it was at each second', async () => {
  const atOne = await walk(one)
  expect(told(atOne)).toEqual([
    [10, 'opened', 'Nok', '→', 10],
    [11, 'pay_in', 'Nok', 10, '→', 12],
    [12, 'drop', 'Nok', 12, '→', 9],
    [13, 'handed_over', 'Ploy', 9, '→', 9],
    [14, 'suspended', 'Ploy', 9, '→', 9],
    [15, 'opened', 'Bo', '→', 3],
    [16, 'closed', 'Bo', 3, '→', 0],
    [17, 'no_sale', 'Bo', 0, '→', 0],
    [30, 'opened', 'Nok', '→', 4],
    [31, 'moved_away', 'Nok', 4, '→', 0],
    [33, 'moved_here', 'Nok', 0, '→', 5],
    [34, 'pay_in', 'Nok', 5, '→', 6],
  ])
  const atTwo = await walk(two)
  expect(told(atTwo)).toEqual([
    [0, 'opened', 'Bo', '→', 5],
    [5, 'closed', 'Bo', 5, '→', 2],
    // What the drawer before left is beside what came.
    [20, 'moved_here', 'Ploy', 2, '→', 9],
    [21, 'pay_out', 'Ploy', 9, '→', 8],
    [22, 'no_sale', 'Ploy', 8, '→', 8],
    [25, 'closed', 'Ploy', 8, '→', 0],
    [31, 'moved_here', 'Nok', 0, '→', 4],
    [32, 'pay_in', 'Nok', 4, '→', 5],
    [33, 'moved_away', 'Nok', 5, '→', 0],
  ])
  // Forwards it is the same way.
  for (const seen of [atOne, atTwo]) {
    expect(seen.map(({ next }) => next?.id)).toEqual([
      ...seen.slice(1).map(({ act }) => act.id),
      undefined,
    ])
  }
})

test('the notes of a drawer go with it, and what nobody said by piece is said to be unknown', async () => {
  const [there] = (await rewind(two, at(21))).after
  expect(there).toEqual({
    ...{ currency: 'THB', balanceMinor: 800_00, pieces: hundreds(8), unknownMinor: 0 },
  })
  const [back] = (await rewind(one, end)).after
  expect(back).toEqual({
    ...{ currency: 'THB', balanceMinor: 600_00, pieces: hundreds(5), unknownMinor: 100_00 },
  })
})

test('between two acts a drawer is as the earlier left it, and its person who had it then', async () => {
  const before = await rewind(one, '2026-03-02T03:12:59.999Z' as Instant)
  expect(told([before])).toEqual([[12, 'drop', 'Nok', 12, '→', 9]])
  const after = await rewind(one, '2026-03-02T03:13:00.500Z' as Instant)
  expect(told([after])).toEqual([[13, 'handed_over', 'Ploy', 9, '→', 9]])
  expect(await readRewind(db, org, { tillId: one, at: at(9) })).toBeUndefined()
})

test('a step says between which tills it was', async () => {
  const { session, act } = await rewind(two, at(20))
  expect(await findActStep(db, org, { sessionId: session.id, id: act.id })).toMatchObject({
    ...{ fromTillNumber: null, toTillNumber: 0, toStaffName: null },
  })
})

const tables: readonly string[] = [
  ...['cash_transfer', 'sale', 'refund', 'till_session', 'till_close', 'session_step'],
  ...['till_count', 'drawer_opening'],
]
const [daysOfYears, salesOfDay, tillsOfYears] = [1_500, 6, 20]

/** The years before: a session a day at each of many tills in turn, with all that can be in one. */
async function fillYears(): Promise<void> {
  const day = `'2021-10-01T02:00:00Z'::timestamptz + day * interval '1 day'`
  const who = `'${org}'::uuid, gen_random_uuid(), '${shopId}'::uuid, till, session`
  const tills = [one, ...Array.from({ length: tillsOfYears - 1 }, () => id<TillId>())]
  await db.begin(async (tx) => {
    await tx.unsafe(`
      CREATE TEMP TABLE worked ON COMMIT DROP AS
      SELECT day, gen_random_uuid() AS session,
        ('{${tills}}'::uuid[])[1 + day % ${tillsOfYears}] AS till
      FROM generate_series(1, ${daysOfYears}) AS day;
      CREATE TEMP TABLE sold ON COMMIT DROP AS
      SELECT session, till, gen_random_uuid() AS id, ${day} + nth * interval '1 minute' AS at
      FROM worked CROSS JOIN generate_series(1, ${salesOfDay}) AS nth;
      INSERT INTO till_session (org_id, id, shop_id, till_id, staff_id, currency, float_minor,
        business_date, opened_at)
      SELECT '${org}', session, '${shopId}', till, '${nok}', 'THB', 100000, (${day})::date, ${day}
      FROM worked;
      INSERT INTO till_close (org_id, id, shop_id, till_id, session_id, staff_id, currency,
        counted_minor, expected_minor, variance_minor, business_date, closed_at)
      SELECT ${who}, '${nok}', 'THB', 0, 0, 0, (${day})::date, ${day} + interval '12 hours' FROM worked;
      INSERT INTO session_step (org_id, id, shop_id, till_id, session_id, kind, staff_id, business_date,
        occurred_at)
      SELECT ${who}, 'ended', '${nok}', (${day})::date, ${day} + interval '11 hours' FROM worked;
      INSERT INTO session_step (org_id, id, shop_id, till_id, session_id, kind, staff_id, to_staff_id,
        business_date, occurred_at)
      SELECT ${who}, 'handed_over', '${nok}', '${nok}', (${day})::date, ${day} + interval '10 hours'
      FROM worked;
      INSERT INTO till_count (org_id, id, shop_id, till_id, session_id, staff_id, kind, currency,
        counted_minor, business_date, occurred_at)
      SELECT ${who}, '${nok}', 'cycle', 'THB', 1, (${day})::date, ${day} + interval '2 hours' FROM worked;
      INSERT INTO drawer_opening (org_id, id, shop_id, till_id, session_id, staff_id, reason,
        business_date, opened_at)
      SELECT ${who}, '${nok}', 'change', (${day})::date, ${day} + interval '3 hours' FROM worked;
      INSERT INTO sale (org_id, id, shop_id, till_id, session_id, staff_id, receipt_number, currency,
        total_minor, tax_minor, change_minor, taxes, tenders, line_count, business_date, occurred_at,
        recorded_at)
      SELECT '${org}', id, '${shopId}', till, session, '${nok}', id::text, 'THB', 100, 0, 0, '[]', '[]',
        1, at::date, at, at
      FROM sold;
      INSERT INTO refund (org_id, id, shop_id, till_id, session_id, staff_id, receipt_number, currency,
        total_minor, tax_minor, taxes, tenders, reason, line_count, business_date, occurred_at,
        recorded_at)
      SELECT ${who}, '${nok}', session::text, 'THB', 100, 0, '[]', '[]', 'broken', 1, (${day})::date,
        ${day} + interval '4 hours', ${day}
      FROM worked;
      INSERT INTO cash_transfer (org_id, id, fact_id, shop_id, session_id, staff_id, type,
        from_location, to_location, currency, amount_minor, business_date, occurred_at)
      SELECT '${org}', id || '/sale', id, '${shopId}', session, '${nok}', 'sale',
        'customer:${shopId}', 'drawer:' || till, 'THB', 100, at::date, at
      FROM sold
    `)
  })
  await db`ANALYZE`
}

/** A node of a plan, as the server prints it. */
type Plan = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Plan[]
}
const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

test('a look reads one session by its indexes, and no table whole, however long the till has worked', async () => {
  await fillYears()
  const alone = connect(url, { max: 1 })
  // Neighbours are asked for as well, where an act is the first or the last of its session.
  const some = Date.UTC(2021, 9, 1 + 58 * tillsOfYears, 2)
  const look = (minute: number) =>
    readRewind(alone, org, {
      ...{ tillId: one, at: new Date(some + 60_000 * minute).toISOString() as Instant },
    })
  const found = await look(0)
  expect(found).toMatchObject({ act: { kind: 'opened' }, previous: { kind: 'closed' } })
  expect((await look(3))?.around).toHaveLength(7)
  // What the driver asked, word for word; a plan without the values is the one for any of them.
  const asked = await alone<{ statement: string }[]>`SELECT statement FROM pg_prepared_statements`
  const plans: Plan[] = []
  for (const { statement } of asked) {
    if (!tables.some((table) => new RegExp(`\\b${table}\\b`).test(statement))) continue
    const [row] = await alone.unsafe<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }[]>(
      `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${statement}`,
    )
    plans.push(...(row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => nodesOf(Plan)))
  }
  await alone.end()
  const scans = plans.filter((node) => tables.includes(node['Relation Name'] ?? ''))
  expect(scans.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([])
  // Each goes by the session, the till or the act; openings of drawers by their shop and time.
  const wide = scans.filter((node) => {
    const by = node['Index Cond'] ?? ''
    return !/\b(session_id|till_id|fact_id|id) = |shop_id = .*opened_at >= .*opened_at </.test(by)
  })
  expect(wide).toEqual([])
  expect(new Set(scans.map((node) => node['Relation Name']))).toEqual(new Set(tables))
})
