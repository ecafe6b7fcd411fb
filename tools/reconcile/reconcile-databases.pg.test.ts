import { randomUUID } from 'node:crypto'
import { makeAuthor } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { markAcked } from '@tillkeeper/projections/journal/cursor-sql.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcileDatabases } from './reconcile-databases.ts'

const org = randomUUID() as OrgId
const author = makeAuthor(org, `s-${randomUUID()}`)
const opened: { db: Db; drop: () => Promise<void> }[] = []
let databases: { name: string; db: Db }[] = []
beforeAll(async () => {
  author.seal(
    Array.from({ length: 1_500 }, () => ({
      ...{ id: randomUUID(), type: 'probe.noted', v: 1, scope: 'org', actor: 'node:s-1' },
      ...{ occurredAt: '2026-11-20T05:00:00.000Z', businessDate: '2026-11-20' },
      ...{ keys: [], refs: [], body: {} },
    })),
  )
  databases = [await openDatabase('cloud'), await openDatabase('store_1')]
})
afterAll(async () => {
  for (const { drop } of opened) await drop()
})

async function openDatabase(name: string) {
  const database = await createSharedDatabase()
  const db = connect(database.url, { max: 2 })
  await migrate(db)
  // What the cloud's own migrations leave.
  if (name === 'cloud') await db`CREATE TABLE cloud_schema_version (version integer)`
  const { stream, facts } = author
  const prevHash = genesisHash(sha256, stream)
  const recordedAt = new Date().toISOString()
  await db.begin((tx) => receiveFacts(tx, { org, stream, from: 1, prevHash, facts, recordedAt }))
  const acks = [{ stream, seq: facts.length }]
  if (name !== 'cloud') await markAcked(db, org, { peer: 'cloud', acks })
  opened.push({
    db,
    drop: async () => {
      await db.end()
      await database.drop()
    },
  })
  return { name, db }
}

const run = () => reconcileDatabases(databases, { now: () => new Date(), onReport: () => {} })

test('a chain that is whole has nothing to mend', async () => {
  expect(await run()).toEqual({
    ...{ streams: 2, buckets: 4, differences: 0, repaired: 0, unresolved: 0 },
  })
})

test.for(['cloud', 'store_1'])(
  'a fact that was bent in the %s is mended from the other',
  async (name) => {
    const db = databases.find((one) => one.name === name)?.db
    if (db === undefined) throw new Error('there is a database')
    await db`UPDATE journal SET bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 2) WHERE seq = 1200`
    expect((await verifyJournal(db)).chain).toBe('broken')
    expect(await run()).toMatchObject({ differences: 1, repaired: 1, unresolved: 0 })
    expect((await verifyJournal(db)).chain).toBe('ok')
    expect(await run()).toMatchObject({ differences: 0 })
  },
)

test('a cloud that nobody is there to mend says what waits', async () => {
  const [cloud] = databases
  if (cloud === undefined) throw new Error('there is a cloud')
  await cloud.db`UPDATE journal SET bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 2) WHERE seq = 7`
  const alone = await reconcileDatabases([cloud], { now: () => new Date(), onReport: () => {} })
  expect(alone).toMatchObject({ differences: 1, repaired: 0 })
  expect(await run()).toMatchObject({ differences: 1, repaired: 1 })
})
