import { expect, test } from 'vitest'
import { copyRowsMin } from './copy-rows.ts'
import type { Db } from './db.ts'
import {
  type LiveEvent,
  listLiveEvents,
  liveEventsAtOnceMax,
  readLiveSeq,
} from './journal/live-sql.ts'
import { listParked } from './journal/parked-sql.ts'
import { projectPending } from './project.ts'
import { digestTables } from './rebuild/digest-tables.ts'
import { deliver, generateStreams, projectAll, type SealedStream } from './testing/fill-database.ts'
import { checkCash } from './testing/replicas.ts'
import { chanceFrom, generateChain } from './testing/trade.gen.ts'
import { withTestDatabase } from './testing/with-database.ts'

// A backlog is written in another way than a sale that just happened, and ends the same.

const chance = chanceFrom(97)
const chain = generateChain(chance, { shops: 2, tills: 2 })
const { org } = chain
const streams = generateStreams(chance, chain, { days: 3, salesPerSession: 150 })
const acts = streams
  .flatMap(({ sealed }) => sealed)
  .filter(({ fact }) => !fact.type.endsWith('.changed'))

const deliverAll = async (db: Db, all: readonly SealedStream[]) => {
  for (const stream of all) await deliver(db, stream, { from: 1, count: stream.sealed.length })
}

test('the tables are the same in batches of any size, and projecting twice changes nothing', () =>
  withTestDatabase((few) =>
    withTestDatabase(async (many) => {
      await deliverAll(few, streams)
      await projectAll(few, org, copyRowsMin / 2)
      await deliverAll(many, streams)
      await projectAll(many, org, 4_000)
      const digests = await digestTables(many)
      expect(digests).toEqual(await digestTables(few))
      expect(digests.find(({ table }) => table === 'sale')?.rows).toBeGreaterThan(copyRowsMin)
      await checkCash(many, org)

      // As after a restore of the tables' cursors: what is there already is left as it is.
      await many`UPDATE stream SET projected_seq = 0`
      await projectAll(many, org, 4_000)
      expect(await digestTables(many)).toEqual(digests)
    }),
  ))

test('a fact that the database refuses parks alone, also in the middle of a backlog', () =>
  withTestDatabase(async (db) => {
    await deliverAll(db, streams)
    // A rule that one sale of them all breaks.
    const odd = acts.filter(({ fact }) => fact.type === 'sale.completed')[333]
    const id = odd?.fact.id as string
    await db.unsafe(`ALTER TABLE sale ADD CONSTRAINT odd CHECK (id <> '${id}')`)
    await projectAll(db, org, 4_000)
    const parked = await listParked(db, org, 1_000)
    expect(parked.filter(({ reason }) => reason !== 'behind')).toMatchObject([
      { factId: id, reason: 'apply_failed', detail: '23514 sale odd' },
    ])
    await checkCash(db, org)
  }))

const isFeed = ({ author }: SealedStream) => author.stream.startsWith('feed/')
const feeds = streams.filter(isFeed)
const [till] = streams.filter(({ author }) => author.stream.startsWith('t-'))

test('events of many acts are those that they would have had one by one', () =>
  withTestDatabase((few) =>
    withTestDatabase(async (many) => {
      const told: LiveEvent[][] = []
      for (const [db, batchMax] of [
        [few, copyRowsMin / 2],
        [many, liveEventsAtOnceMax],
      ] as const) {
        // An event has the name that its person has by then: so people come first.
        await deliverAll(db, feeds)
        await projectAll(db, org)
        await deliverAll(db, [till as SealedStream])
        const events: LiveEvent[] = []
        for (let more = true; more; ) {
          const done = await projectPending(db, org, { batchMax })
          events.push(...done.events)
          more = done.more
        }
        expect(events.length).toBe(await readLiveSeq(db, org))
        const kept = await listLiveEvents(db, org, { after: 0, limit: 10_000, shops: 'all' })
        expect(kept).toEqual({ kind: 'events', events })
        told.push(events)
      }
      expect(told[0]?.length).toBeGreaterThan(copyRowsMin)
      expect(told[1]).toEqual(told[0])
    }),
  ))

test('of a backlog the newest events are kept, without a gap, and who listened starts anew', () =>
  withTestDatabase(async (db) => {
    await deliverAll(db, streams)
    await projectAll(db, org, 10_000)
    const ids = new Set(acts.map(({ fact }) => fact.id)).size
    expect(ids).toBeGreaterThan(liveEventsAtOnceMax)
    expect(await readLiveSeq(db, org)).toBe(ids)
    const [row] = await db`
      SELECT count(*) AS kept, min(live_seq) AS first, max(live_seq) AS last FROM live_event
    `
    const first = ids - liveEventsAtOnceMax + 1
    expect(row).toEqual({ kept: liveEventsAtOnceMax, first, last: ids })
    const read = (after: number) => listLiveEvents(db, org, { after, limit: 5, shops: 'all' })
    expect(await read(first - 2)).toEqual({ kind: 'reset', liveSeq: ids })
    expect(await read(first - 1)).toMatchObject({ events: [{ liveSeq: first }, {}, {}, {}, {}] })
  }))

test('while a backlog waits, a batch tells that there is news, and no more', () =>
  withTestDatabase(async (db) => {
    await deliverAll(db, feeds)
    await projectAll(db, org)
    await deliverAll(
      db,
      streams.filter((stream) => !isFeed(stream)),
    )
    const read = () => listLiveEvents(db, org, { after: 0, limit: 10_000, shops: 'all' })
    for (const batchMax of [copyRowsMin / 2, copyRowsMin * 2]) {
      const { events, more } = await projectPending(db, org, { batchMax })
      const liveSeq = await readLiveSeq(db, org)
      expect(more).toBe(true)
      expect(events).toMatchObject([{ liveSeq }])
      expect(await read()).toEqual({ kind: 'reset', liveSeq })
      expect([...(await db`SELECT live_seq FROM live_event`)]).toEqual([{ live_seq: liveSeq }])
    }
    await projectAll(db, org, copyRowsMin)
    const [row] = await db`
      SELECT count(*) AS kept, max(live_seq) - min(live_seq) + 1 AS apart, max(live_seq) AS last FROM live_event
    `
    expect(row).toMatchObject({ apart: row?.kept, last: await readLiveSeq(db, org) })
    expect(row?.kept).toBeGreaterThan(copyRowsMin)
  }))
