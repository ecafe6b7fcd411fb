import { setTimeout as wait } from 'node:timers/promises'
import type { Reconciliation } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import {
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { draftSale, makeAuthor } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import { genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listIncidents } from '@tillkeeper/projections/journal/incident-sql.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { digestTables } from '@tillkeeper/projections/rebuild/digest-tables.ts'
import { listExceptions } from '@tillkeeper/projections/summary/exceptions-sql.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OpenedShop, openShop, openTill } from '../sync/testing/open-shop.ts'

// A shop and its cloud that hold the same, until somebody lays hands on it.

let cloud: OpenedCloud
let chain: SeededChain
let shop: OpenedShop
let manager = ''
let stream: StreamId
const sales = 1_100
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
  // The till's history is longer than a bucket; the shop's own has a session in it.
  const till = makeAuthor(chain.org, `t-${chain.tills[0]}`, '1.0')
  stream = till.stream
  const at = { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }
  till.seal(Array.from({ length: sales }, () => draftSale(chain, at)))
  const recordedAt = new Date().toISOString()
  const prevHash = genesisHash(sha256, stream)
  const org = chain.org as never
  await shop.db.begin((tx) =>
    receiveFacts(tx, { org, stream, from: 1, prevHash, facts: till.facts, recordedAt }),
  )
  shop.store().projector.wake(org)
  const cashier = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  await cashier.sell(chain.products[0], 100_00)
  const login = await shop.ask('/v1/auth/pin', '', { number: '100', pin: pins.owner })
  manager = String(login.body.accessToken)
  shop.link().wake()
  await settle()
  expect(await tablesOf(shop.db)).toEqual(await tablesOf(cloud.db))
}, 60_000)
afterAll(async () => {
  await shop.close()
  await cloud.close()
})
beforeEach(async () => {
  await shop.db`DELETE FROM bucket_repair`
  await cloud.db`DELETE FROM bucket_repair`
})

const settle = async () => {
  for (;;) {
    const { body } = await shop.ask('/v1/sync/status', manager)
    if (body.unacknowledged === 0) break
    await wait(20)
  }
  await shop.store().projector.settled()
  await cloud.parts().projector.settled()
}
const tablesOf = async (db: Db) => {
  const digests = await digestTables(db, { org: chain.org as never, without: ['recorded_at'] })
  return digests.filter(({ table }) => !['register', 'credential', 'apikey'].includes(table))
}
async function reconcile(): Promise<Reconciliation> {
  const { status, body } = await shop.ask('/v1/sync/reconcile', manager, {})
  expect(status).toBe(200)
  return body as Reconciliation
}
const short = ({ findings }: Reconciliation) =>
  findings.map(({ level, what, outcome }) => `${level} ${what} ${outcome}`)
const openIncidents = async (db: Db) =>
  (await listIncidents(db, chain.org as never, { openOnly: true })).map(({ kind }) => kind)
const isWhole = async (db: Db) => (await verifyJournal(db)).faults

test('a shop and its cloud that hold the same say so, and list the report', async () => {
  const report = await reconcile()
  expect(short(report)).toEqual([])
  expect(report).toMatchObject({ differences: 0, repaired: 0, unresolved: 0, kind: 'asked' })
  expect(report.streams).toBe(4)
  expect(report.buckets).toBe(5)
  const { body } = await shop.ask('/v1/sync/reconciliations', manager)
  expect((body.items as Reconciliation[])[0]).toEqual(report)
})

const flip = (db: Db, seq: number) => db`
  UPDATE journal SET bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1)
  WHERE stream = ${stream} AND seq = ${seq}
`
const harm: readonly {
  readonly what: string
  readonly how: (db: Db) => Promise<unknown>
}[] = [
  { what: 'a byte of a fact was flipped', how: (db) => flip(db, 700) },
  { what: 'the last fact of a bucket was bent', how: (db) => flip(db, 1_024) },
  { what: 'the last fact of all was bent', how: (db) => flip(db, sales) },
  {
    what: 'facts in two buckets were bent',
    how: async (db) => {
      await flip(db, 5)
      await flip(db, 1_030)
    },
  },
  {
    what: 'a fact was deleted',
    how: (db) => db`DELETE FROM journal WHERE stream = ${stream} AND seq = 900`,
  },
  {
    what: 'the first fact of a bucket was deleted with its id',
    how: async (db) => {
      await db`DELETE FROM fact_id WHERE stream = ${stream} AND seq = 1025`
      await db`DELETE FROM journal WHERE stream = ${stream} AND seq = 1025`
    },
  },
  {
    what: 'a hash was bent',
    how: (db) => db`
      UPDATE journal SET hash = set_byte(hash, 3, get_byte(hash, 3) # 4)
      WHERE stream = ${stream} AND seq = 1024
    `,
  },
]
test.for(harm.flatMap((one) => (['shop', 'cloud'] as const).map((where) => ({ ...one, where }))))(
  'where $what in the $where, it is found and mended',
  async ({ how, where }) => {
    const db = where === 'shop' ? shop.db : cloud.db
    await how(db)
    expect(await isWhole(db), 'it is harm').not.toEqual([])
    const report = await reconcile()
    expect(report.differences).toBeGreaterThan(0)
    expect(report.unresolved).toBe(0)
    expect(new Set(short(report))).toEqual(new Set(['L1 bytes_differ repaired']))
    expect(await isWhole(db)).toEqual([])
    expect((await reconcile()).differences).toBe(0)
    expect(await openIncidents(shop.db)).toEqual([])
  },
)

test('damage on both sides, of other facts of one bucket, is mended from what is sound on each', async () => {
  await flip(shop.db, 300)
  await flip(cloud.db, 301)
  const report = await reconcile()
  expect(short(report)).toEqual(['L1 bytes_differ repaired'])
  expect([await isWhole(shop.db), await isWhole(cloud.db)]).toEqual([[], []])
})

test('a fact that is lost on both sides is left to a person, and nothing is written or deleted', async () => {
  const read = (db: Db) => db`SELECT bytes FROM journal WHERE stream = ${stream} ORDER BY seq`
  await flip(shop.db, 400)
  await flip(cloud.db, 400)
  const before = [await read(shop.db), await read(cloud.db)]
  const report = await reconcile()
  expect(short(report)).toContain('L1 bytes_differ unresolved')
  expect(await openIncidents(shop.db)).toContain('digest_mismatch')
  expect([await read(shop.db), await read(cloud.db)]).toEqual(before)
  await flip(shop.db, 400)
  await flip(cloud.db, 400)
  expect((await reconcile()).unresolved).toBe(0)
  expect(await openIncidents(shop.db)).toEqual([])
})

test.for(['shop', 'cloud'] as const)(
  'a bucket of the %s that breaks for the fourth time in a day is left to a person',
  async (where) => {
    const { db } = where === 'shop' ? shop : cloud
    for (let nth = 0; nth < 3; nth += 1) {
      await flip(db, 50)
      expect(short(await reconcile())).toEqual(['L1 bytes_differ repaired'])
    }
    await flip(db, 50)
    expect(short(await reconcile())).toContain('L1 bytes_differ unresolved')
    await shop.db`DELETE FROM bucket_repair`
    expect(short(await reconcile())).toEqual(['L1 bytes_differ repaired'])
  },
)

test('two whole histories of one stream are never mended into one', async () => {
  const twist = async (db: Db, seq: number) => {
    // Another fact of the same id at the end of the chain, sealed properly: both chains hold.
    const [row] = await db<{ bytes: Buffer; prev: Buffer }[]>`
      SELECT journal.bytes, before.hash AS prev
      FROM journal JOIN journal AS before
        ON before.stream = journal.stream AND before.seq = journal.seq - 1
      WHERE journal.stream = ${stream} AND journal.seq = ${seq}
    `
    const bytes = Buffer.from(
      String(row?.bytes).replace('"totalMinor":6500,', '"totalMinor":6400,'),
    )
    const hash = sha256(Buffer.concat([row?.prev ?? bytes, bytes]))
    await db`
      UPDATE journal SET bytes = ${bytes}, hash = ${hash} WHERE stream = ${stream} AND seq = ${seq}
    `
    await db`UPDATE stream SET head_hash = ${hash} WHERE stream = ${stream}`
    return { bytes: row?.bytes ?? bytes, hash }
  }
  const [kept] = await cloud.db<{ bytes: Buffer; hash: Buffer }[]>`
    SELECT bytes, hash FROM journal WHERE stream = ${stream} AND seq = ${sales}
  `
  await twist(cloud.db, sales)
  const theirs = () =>
    cloud.db`SELECT bytes FROM journal WHERE stream = ${stream} AND seq = ${sales}`
  const twisted = await theirs()
  const report = await reconcile()
  expect(short(report)).toContain('L1 bytes_differ unresolved')
  expect(await theirs()).toEqual(twisted)
  expect(await isWhole(shop.db)).toEqual([])
  await cloud.db`
    UPDATE journal SET bytes = ${kept?.bytes ?? ''}, hash = ${kept?.hash ?? ''}
    WHERE stream = ${stream} AND seq = ${sales}
  `
  await cloud.db`UPDATE stream SET head_hash = ${kept?.hash ?? ''} WHERE stream = ${stream}`
})

test('a balance that somebody edited is built again from the facts', async () => {
  // As a disk would: the guard of the shop's cash lets no hand do it.
  await shop.db.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`
    await tx`UPDATE cash_balance SET balance_minor = balance_minor + 1 WHERE location LIKE 'drawer:%'`
  })
  const report = await reconcile()
  // The balance itself, its pieces, and all places together.
  const wrong = 'L3 money_differs repaired'
  expect(short(report)).toEqual([wrong, wrong, wrong])
  const { items } = await listExceptions(shop.db, shop.identity().org, { shops: 'all', limit: 50 })
  const drift = items.filter(({ kind }) => kind === 'totals_drift')
  expect(drift.map(({ detail }) => detail.place)).toContainEqual(
    expect.stringMatching(/^cash in drawer:/),
  )
  expect(drift.map(({ shopId }) => shopId)).toContain(shop.identity().shopId)
  expect(await tablesOf(shop.db)).toEqual(await tablesOf(cloud.db))
})

const money: readonly { readonly what: string; readonly how: (db: Db) => Promise<unknown> }[] = [
  {
    what: 'the total of a sale',
    how: (db) => db`
      UPDATE sale SET total_minor = total_minor + 100
      WHERE ctid = (SELECT min(ctid::text)::tid FROM sale)
    `,
  },
  {
    what: 'a row of a sale',
    how: (db) => db`DELETE FROM sale WHERE id = (SELECT min(id::text)::uuid FROM sale)`,
  },
  {
    what: 'a line of a sale',
    how: (db) => db`
      DELETE FROM sale_line WHERE sale_id = (SELECT min(sale_id::text)::uuid FROM sale_line)
    `,
  },
  {
    what: 'the total of a session',
    how: (db) => db`UPDATE session_total SET cash_in_minor = cash_in_minor - 5`,
  },
  {
    what: 'the total of a day',
    how: (db) => db`UPDATE daily_summary SET sales_minor = sales_minor + 5`,
  },
]
test.for(money)('$what is made right from the journal', async ({ how }) => {
  await how(shop.db)
  const report = await reconcile()
  expect(report.findings.map(({ level }) => level)).toContain('L3')
  expect(report).toMatchObject({ unresolved: 0, repaired: report.differences })
  expect(await tablesOf(shop.db)).toEqual(await tablesOf(cloud.db))
  expect((await reconcile()).differences).toBe(0)
})

test.for(['shop', 'cloud'] as const)(
  'a product row or a register that somebody edited in the %s is made again from its edits',
  async (where) => {
    const db = where === 'shop' ? shop.db : cloud.db
    await db`UPDATE product SET price_minor = 1 WHERE id = ${chain.products[0]}`
    await db`
      UPDATE register SET value = '"Coffee for nothing"'
      WHERE entity_id = ${chain.products[1]} AND field = 'name'
    `
    await db`DELETE FROM role WHERE id = ${chain.roles.manager}`
    const report = await reconcile()
    expect(short(report)).toEqual(['L2 registers_differ repaired'])
    expect(await tablesOf(shop.db)).toEqual(await tablesOf(cloud.db))
    expect((await reconcile()).differences).toBe(0)
  },
)

test('a close that said another amount is a task for a person', async () => {
  const [session] = await shop.db<{ id: string }[]>`SELECT id FROM till_session LIMIT 1`
  const fact = newId()
  await shop.db`
    INSERT INTO till_close (org_id, session_id, id, shop_id, till_id, staff_id, currency,
      counted_minor, expected_minor, variance_minor, business_date, closed_at)
    VALUES (${chain.org}, ${session?.id ?? ''}, ${fact}, ${chain.shops[0]}, ${chain.tills[0]},
      ${chain.nok}, 'THB', 5, 5, 0, '2026-11-20', now())
  `
  const report = await reconcile()
  expect(short(report)).toEqual(['L3 claim_differs unresolved'])
  expect(await openIncidents(shop.db)).toContain('money_differs')
  await shop.db`DELETE FROM till_close WHERE id = ${fact}`
  expect((await reconcile()).differences).toBe(0)
  expect(await openIncidents(shop.db)).toEqual([])
})

test('a receipt that nobody has is told of', async () => {
  await shop.db`
    UPDATE sale SET receipt_number = 'RCP-261120-010003'
    WHERE id = (SELECT max(id::text)::uuid FROM sale WHERE receipt_number = 'RCP-261120-010001')
  `
  const report = await reconcile()
  expect(short(report)).toEqual(['L3 receipts_missing unresolved'])
  await shop.db`
    UPDATE sale SET receipt_number = 'RCP-261120-010001' WHERE receipt_number = 'RCP-261120-010003'
  `
})

test('who may not settle things may not begin a comparison', async () => {
  const login = await shop.ask('/v1/auth/pin', '', { number: '101', pin: pins.nok })
  const asked = await shop.ask('/v1/sync/reconcile', String(login.body.accessToken), {})
  expect(asked.status).toBe(403)
})

test('two facts of one id that say different things are both kept, and a person looks', async () => {
  const org = chain.org as never
  const at = { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }
  const [first] = await shop.db<{ id: string; bytes: Buffer }[]>`
    SELECT id, bytes FROM journal WHERE stream = ${stream} AND seq = 1
  `
  const again = makeAuthor(chain.org, `t-${chain.tills[0]}`, '1.1')
  const { scope, actor, occurredAt, businessDate, keys, refs, type, v, body } = JSON.parse(
    String(first?.bytes),
  )
  const same = { id: first?.id ?? '', type, v, scope, actor, occurredAt, businessDate, keys, refs }
  // Sealed again, it is the same act; with another amount it is not.
  const [, second] = await shop.db<{ id: string }[]>`
    SELECT id FROM journal WHERE stream = ${stream} AND seq <= 2 ORDER BY seq
  `
  again.seal([{ ...same, body }, draftSale(chain, { ...at, id: second?.id ?? '' })])
  const prevHash = genesisHash(sha256, again.stream)
  const recordedAt = new Date().toISOString()
  const part = { org, stream: again.stream, from: 1, prevHash, facts: again.facts, recordedAt }
  await shop.db.begin((tx) => receiveFacts(tx, part))
  shop.store().projector.wake(org)
  shop.link().wake()
  await settle()
  const report = await reconcile()
  expect(report.findings).toMatchObject([
    { what: 'id_twice', outcome: 'unresolved', place: `${again.stream} 2` },
  ])
  const kept = await shop.db`SELECT seq FROM journal WHERE stream = ${again.stream}`
  expect(kept).toHaveLength(2)
  expect(await openIncidents(shop.db)).toEqual(['digest_mismatch'])
})
