import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import type { Db } from '../db.ts'
import { digestTables } from '../rebuild/digest-tables.ts'
import { nowMs, projectAll, recordedAt } from '../testing/fill-database.ts'
import { checkCash } from '../testing/replicas.ts'
import { chanceFrom, generateChain, generateTrade } from '../testing/trade.gen.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { verifyJournal } from '../verify/verify-journal.ts'
import { listLiveEvents, liveEventsKept, readLiveSeq } from './live-sql.ts'
import { receiveFacts } from './receive-facts.ts'
import { type Author, feedAuthor, nodeAuthor, recordFacts } from './record-facts.ts'
import { sha256 } from './sha256.ts'
import { findHead, lockHead, readStream } from './stream-sql.ts'

const chance = chanceFrom(21)
const chain = generateChain(chance, { shops: 1, tills: 1 })
const { org } = chain
const [session] = generateTrade(chance, chain, { days: 1, salesPerSession: 40 })
const drafts = session?.drafts ?? []
const author = nodeAuthor(org, `s-${chain.shops[0]?.id}`, '1.0')
const options = { nowMs, recordedAt }

const record = (db: Db, by: Author, from: number, to: number) =>
  db.begin((tx) => recordFacts(tx, by, drafts.slice(from, to), options))

test('acts in batches of any size make one chain, rows, and events', () =>
  withTestDatabase(async (db) => {
    const sizes = [1, 1, 5, 16, drafts.length]
    let done = 0
    for (const size of sizes) {
      const to = Math.min(done + size, drafts.length)
      const { sealed, head, events } = await record(db, author, done, to)
      expect(sealed.map(({ fact }) => fact.seq)).toEqual(
        Array.from({ length: to - done }, (_, index) => done + index + 1),
      )
      expect(events.map(({ liveSeq, factId }) => [liveSeq, factId])).toEqual(
        sealed.map(({ fact }) => [fact.seq, fact.id]),
      )
      expect(await findHead(db, org, author.stream)).toMatchObject({
        seq: head.seq,
        hash: head.hash,
        projectedSeq: head.seq,
        hlc: sealed.at(-1)?.fact.hlc,
      })
      done = to
    }
    expect(await verifyJournal(db)).toMatchObject({ chain: 'ok', facts: drafts.length })
    await checkCash(db, org)
  }))

test('whoever receives the acts has the same tables as their author', () =>
  withTestDatabase((db) =>
    withTestDatabase(async (cloud) => {
      await record(db, author, 0, drafts.length)
      const { stream } = author
      const part = await readStream(db, org, {
        stream,
        after: 0,
        factsMax: 1_000,
        bytesMax: 10_000_000,
      })
      await cloud.begin((tx) =>
        receiveFacts(tx, {
          ...{ org, stream, from: 1, facts: part?.facts ?? [], recordedAt },
          prevHash: genesisHash(sha256, stream),
        }),
      )
      await projectAll(cloud, org)
      expect(await digestTables(cloud, { org })).toEqual(await digestTables(db, { org }))
    }),
  ))

test('an id that was recorded is never recorded again, and nothing of the batch is', () =>
  withTestDatabase(async (db) => {
    await record(db, author, 0, 3)
    await expect(record(db, author, 2, 5)).rejects.toThrow(/fact_id|journal|duplicate/)
    expect(await findHead(db, org, author.stream)).toMatchObject({ seq: 3 })
    await record(db, author, 3, 5)
    expect(await verifyJournal(db)).toMatchObject({ chain: 'ok', facts: 5 })
  }))

test('a body that is not what its type promises is a bug, and is not sealed', () =>
  withTestDatabase(async (db) => {
    const [draft] = drafts
    const bad = [{ ...draft, body: { floatMinor: -1 } }] as typeof drafts
    await expect(db.begin((tx) => recordFacts(tx, author, bad, options))).rejects.toThrow(
      /till\.opened/,
    )
  }))

test('the request that led to an act is known by its hash', () =>
  withTestDatabase(async (db) => {
    const [first, second] = drafts as [(typeof drafts)[number], (typeof drafts)[number]]
    const print = sha256(new TextEncoder().encode('request'))
    await db.begin((tx) =>
      recordFacts(tx, author, [first, second], {
        ...options,
        fingerprints: new Map([[second.id, print]]),
      }),
    )
    const found = await db`SELECT id, stream, seq, fingerprint FROM fact_id ORDER BY seq`
    expect([...found]).toEqual([
      { id: first.id, stream: author.stream, seq: 1, fingerprint: null },
      { id: second.id, stream: author.stream, seq: 2, fingerprint: Buffer.from(print) },
    ])
  }))

test('of ten who record at once, each has its place in the chain', () =>
  withTestDatabase(async (db) => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => record(db, author, index * 3, index * 3 + 3)),
    )
    const verified = await verifyJournal(db)
    expect(verified).toMatchObject({ chain: 'ok', facts: 30 })
    expect(await readLiveSeq(db, org)).toBe(30)
  }))

test('an edit in one feed is later than any before it in another feed', () =>
  withTestDatabase(async (db) => {
    const shopId = chain.shops[0]?.id as string
    const edit = (scope: string, pinHash: string, nth: number) => ({
      ...(drafts[0] as (typeof drafts)[number]),
      id: `019cac0f-2680-7000-8000-00000000000${nth}`,
      type: 'credential.changed',
      scope,
      body: { entityId: org, fields: { pinHash } },
    })
    const say = (scope: string, pinHash: string, nth: number, ms: number) =>
      db.begin((tx) =>
        recordFacts(tx, feedAuthor(org, scope), [edit(scope, pinHash, nth)], {
          nowMs: ms,
          recordedAt,
        }),
      )
    await say(`credentials:${shopId}`, 'old', 1, nowMs)
    // The clock was set back an hour in between.
    await say('credentials:019cac0f-2680-7000-8000-000000000000', 'new', 2, nowMs - 3_600_000)
    const rows = await db`SELECT pin_hash FROM credential WHERE org_id = ${org}`
    expect(rows.map((row) => row.pin_hash)).toEqual(['new'])
  }))

test('live events have no gap, are read from where one left off, and are pruned to the newest', () =>
  withTestDatabase(async (db) => {
    await record(db, author, 0, 10)
    const read = (after: number) => listLiveEvents(db, org, { after, limit: 4, shops: 'all' })
    expect(await read(0)).toMatchObject({ kind: 'events', events: [1, 2, 3, 4].map(liveSeq) })
    expect(await read(8)).toMatchObject({ kind: 'events', events: [9, 10].map(liveSeq) })
    expect(await read(10)).toEqual({ kind: 'events', events: [] })
    expect(await read(11)).toEqual({ kind: 'reset', liveSeq: 10 })
    const other = new Set([org as string as ShopId])
    expect(await listLiveEvents(db, org, { after: 0, limit: 4, shops: other })).toEqual({
      kind: 'events',
      events: [],
    })
    await fillEvents(db, org)
    const [full] = await db`SELECT count(*) AS kept FROM live_event`
    expect(full?.kept).toBeLessThanOrEqual(liveEventsKept + 256)
    expect(full?.kept).toBeGreaterThanOrEqual(liveEventsKept)
    expect(await read(5)).toMatchObject({ kind: 'reset' })
  }))

const liveSeq = (seq: number) => expect.objectContaining({ liveSeq: seq })

/** Writes as many old events as make the next record prune them. */
async function fillEvents(db: Db, id: OrgId): Promise<void> {
  const head = await readLiveSeq(db, id)
  await db`DELETE FROM live_event`
  await db`
    INSERT INTO live_event (org_id, live_seq, fact_id, type, recorded_at, summary)
    SELECT ${id}::uuid, seq, ${id}::uuid, 'sale.completed', now(), '{}'
    FROM generate_series(${head + 1}::bigint, ${head + 2 * liveEventsKept}::bigint) AS seq
  `
  await db`UPDATE live_head SET live_seq = ${head + 2 * liveEventsKept}`
  const till = generateTrade(chanceFrom(77), chain, { days: 1, salesPerSession: 300 })
  const by = nodeAuthor(id, 't-more', '1.0')
  await db.begin((tx) => recordFacts(tx, by, till[0]?.drafts ?? [], options))
}

test('what the journal has is what was sealed, in the newest shape', () =>
  withTestDatabase(async (db) => {
    const { sealed } = await record(db, author, 0, 2)
    const read = sealed.map(({ bytes }) => readFact(bytes))
    expect(read.map(({ kind }) => kind)).toEqual(['known', 'known'])
    const head = await db.begin((tx) => lockHead(tx, org, author.stream))
    expect(head).toMatchObject({ seq: 2, kind: 'author', sealed: false, trust: 'ok' })
  }))
