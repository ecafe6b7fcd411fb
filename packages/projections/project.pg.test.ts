import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { expect, test } from 'vitest'
import type { Db, Tx } from './db.ts'
import { countParked, listParked } from './journal/parked-sql.ts'
import { nodeAuthor } from './journal/record-facts.ts'
import { findHead, markTrust } from './journal/stream-sql.ts'
import { retryParked } from './parking/retry-parked.ts'
import { projectPending } from './project.ts'
import { rebuildProjections } from './rebuild/rebuild-projections.ts'
import { deliver, openDatabase, projectAll, sealStream } from './testing/fill-database.ts'
import { checkCash } from './testing/replicas.ts'
import { chanceFrom, generateChain, generateTrade } from './testing/trade.gen.ts'
import { withTestDatabase } from './testing/with-database.ts'

const chance = chanceFrom(31)
const chain = generateChain(chance, { shops: 1, tills: 2 })
const { org } = chain
const trade = generateTrade(chance, chain, { days: 1, salesPerSession: 12 })
const [here, there] = trade.map(({ drafts }) => drafts) as [FactDraft[], FactDraft[]]
const sessionKey = here[0]?.keys[0] as string

/** Journals drafts as the stream of a till, and projects them. */
async function take(db: Db, till: string, drafts: readonly FactDraft[]) {
  const stream = sealStream(nodeAuthor(org, `t-${till}`, '1.0'), drafts)
  await deliver(db, stream, { from: 1, count: drafts.length })
  await projectAll(db, org)
  return stream
}

const replaced = (drafts: readonly FactDraft[], at: number, changes: object): FactDraft[] =>
  drafts.map((draft, index) => (index === at ? { ...draft, ...changes } : draft))

async function counts(db: Db) {
  const [row] = await db<{ sessions: number; acts: number; closes: number }[]>`
    SELECT (SELECT count(*) FROM till_session) AS sessions,
      (SELECT count(*) FROM session_total WHERE session_id = ${here[0]?.id as string}) AS acts,
      (SELECT count(*) FROM till_close) AS closes
  `
  return row
}

test('a fact that the database refuses is parked with what comes behind it; all else flows', () =>
  withTestDatabase(async (db) => {
    // A close whose variance is not what its count and expectation come to.
    const close = here.findIndex(({ type }) => type === 'till.closed')
    const { body } = here[close] as FactDraft
    const wrong = { ...(body as object), varianceMinor: 77_777 }
    const moved = [...here.slice(0, 1), { ...here[close], body: wrong } as FactDraft]
    const behind = here.slice(1, close)
    const { author } = await take(db, 'here', [...moved, ...behind])
    await take(db, 'there', there)

    const parked = await listParked(db, org, 100)
    expect(parked.map(({ seq, reason, keys }) => ({ seq, reason, keys }))).toEqual([
      { seq: 2, reason: 'apply_failed', keys: [sessionKey] },
      ...behind.map((_, index) => ({ seq: index + 3, reason: 'behind', keys: [sessionKey] })),
    ])
    expect(parked[0]?.detail).toMatch(/^23514 till_close/)
    expect(parked[0]?.detail).not.toContain('77777')
    expect(await findHead(db, org, author.stream)).toMatchObject({
      seq: close + 1,
      projectedSeq: close + 1,
    })
    expect(await counts(db)).toMatchObject({ sessions: 2 })
    await checkCash(db, org)

    // Nothing has changed: a retry ends the same, one try older.
    expect(await retryParked(db, org)).toMatchObject({ applied: 0, parked: parked.length })
    expect((await listParked(db, org, 1))[0]).toMatchObject({ tries: 2, reason: 'apply_failed' })

    // A newer program can take it: here, one without the rule that it broke.
    await db`ALTER TABLE till_close DROP CONSTRAINT till_close_check`
    const retried = await retryParked(db, org)
    expect(retried).toMatchObject({ applied: parked.length, parked: 0 })
    expect(retried.events).toHaveLength(parked.length)
    expect(await countParked(db, org)).toBe(0)
  }))

test('facts that cannot be read are parked, and only a body that is wrong holds others back', () =>
  withTestDatabase(async (db) => {
    const unknown = { type: 'robot.danced', body: { steps: 3 } }
    const newer = { v: 9 }
    const odd = replaced(replaced(here, 1, unknown), 2, newer)
    await take(db, 'here', odd)
    expect((await listParked(db, org, 10)).map(({ seq, reason }) => [seq, reason])).toEqual([
      [2, 'unknown_type'],
      [3, 'unknown_type'],
    ])
    await take(db, 'there', replaced(there, 4, { body: { kind: 'nonsense' } }))
    const parked = (await listParked(db, org, 100)).filter(
      ({ reason }) => reason !== 'unknown_type',
    )
    expect(parked.map(({ seq, reason }) => [seq, reason])).toEqual([
      [5, 'bad_body'],
      ...there.slice(5).map((_, index) => [index + 6, 'behind']),
    ])
  }))

test('what is parked is not built again, and the tables stay the same', () =>
  withTestDatabase(async (db) => {
    await take(db, 'here', replaced(here, 3, { body: {} }))
    const parked = await countParked(db, org)
    expect(parked).toBe(here.length - 3)
    const tables = await rebuildProjections(db)
    expect(tables.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
    expect(await countParked(db, org)).toBe(parked)
    // A hand that wrote to the tables is seen, and mended.
    await db`UPDATE cash_balance SET balance_minor = balance_minor + 1 WHERE location LIKE 'safe:%'`
    const differ = (await rebuildProjections(db)).filter(
      ({ before, after }) => before.digest !== after.digest,
    )
    expect(differ.map(({ table }) => table)).toEqual(['cash_balance'])
    await checkCash(db, org)
  }))

test('a quarantined stream is kept and not projected', () =>
  withTestDatabase(async (db) => {
    const stream = sealStream(nodeAuthor(org, 't-here', '1.0'), here)
    await deliver(db, stream, { from: 1, count: here.length })
    const { stream: name } = stream.author
    await db.begin((tx) => markTrust(tx, org, { stream: name, trust: 'quarantined' }))
    expect(await projectPending(db, org)).toMatchObject({ applied: 0, parked: 0, more: false })
    await db.begin((tx) => markTrust(tx, org, { stream: name, trust: 'ok' }))
    expect(await projectPending(db, org)).toMatchObject({ applied: here.length, more: false })
  }))

test('many projectors at once apply each fact once', () =>
  withTestDatabase(async (db, url) => {
    const stream = sealStream(nodeAuthor(org, 't-here', '1.0'), here)
    await deliver(db, stream, { from: 1, count: here.length })
    const others = await Promise.all([openDatabase(url), openDatabase(url)])
    const done = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        projectPending(others[index % 2] as Db, org, { batchMax: 3 }),
      ),
    )
    await Promise.all(others.map((other) => other.end()))
    expect(done.reduce((all, { applied }) => all + applied, 0)).toBe(Math.min(36, here.length))
    expect(
      done.flatMap(({ events }) => events.map(({ liveSeq }) => liveSeq)).sort(byNumber),
    ).toEqual(here.map((_, index) => index + 1))
    await checkCash(db, org)
  }))

const byNumber = (a: number, b: number) => a - b

// Other tests wait for locks of their own on the same server.
const waiting = (tx: Tx) => tx<{ pid: number }[]>`
  SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'
`

test.for(['pg_cancel_backend', 'pg_terminate_backend'])(
  'a server that stops us (%s) is no fault of a fact',
  (end) =>
    withTestDatabase(async (db, url) => {
      const stream = sealStream(nodeAuthor(org, 't-here', '1.0'), here)
      await deliver(db, stream, { from: 1, count: here.length })
      const other = await openDatabase(url)
      await other.begin(async (tx) => {
        await tx`LOCK TABLE till_session IN ACCESS EXCLUSIVE MODE`
        const stuck = expect(projectPending(db, org)).rejects.toThrow()
        await expect.poll(async () => (await waiting(tx)).length).toBe(1)
        const [{ pid } = { pid: 0 }] = await waiting(tx)
        await tx`SELECT ${tx(end)}(${pid}::integer)`
        await stuck
      })
      await other.end()
      expect(await countParked(db, org)).toBe(0)
      await projectAll(db, org)
      expect(await countParked(db, org)).toBe(0)
      expect(await counts(db)).toMatchObject({ sessions: 1 })
    }),
)
