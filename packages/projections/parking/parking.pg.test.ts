import type { FactResolved } from '@tillkeeper/core/parking/resolve-fact.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { createFactReader } from '@tillkeeper/facts/read-fact.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { expect, test } from 'vitest'
import type { Db } from '../db.ts'
import { countParked, listParked } from '../journal/parked-sql.ts'
import { feedAuthor, nodeAuthor } from '../journal/record-facts.ts'
import { projectPending } from '../project.ts'
import { digestTables } from '../rebuild/digest-tables.ts'
import { rebuildProjections } from '../rebuild/rebuild-projections.ts'
import { deliver, projectAll, type SealedStream, sealStream } from '../testing/fill-database.ts'
import { checkCash } from '../testing/replicas.ts'
import { chanceFrom, generateChain, generateTrade } from '../testing/trade.gen.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { retryParked } from './retry-parked.ts'

// The first of some seeds whose days have what is parked below: a movement of cash, and a sale as the third act.
const { org, trade } = tradeWithMovements(77)
const [here, there] = trade.map(({ drafts }) => drafts) as [FactDraft[], FactDraft[]]
const [shopHere, shopThere] = trade.map(({ shopId }) => shopId)
const badAt = here.findIndex(({ type }, index) => index > 2 && type === 'sale.completed')
const bad = here[badAt] as FactDraft

type Day = Pick<ReturnType<typeof generateChain>, 'org'> & {
  readonly trade: ReturnType<typeof generateTrade>
}

function tradeWithMovements(seed: number): Day {
  const chance = chanceFrom(seed)
  const chain = generateChain(chance, { shops: 2, tills: 1 })
  const trade = generateTrade(chance, chain, { days: 1, salesPerSession: 30 })
  const has =
    trade[0]?.drafts.some(({ type }) => type === 'cash.moved') &&
    trade[1]?.drafts[2]?.type === 'sale.completed'
  return has ? { org: chain.org, trade } : tradeWithMovements(seed + 1)
}

/** The first till's day with one sale whose total the database refuses. */
const broken = here.map((draft, index) =>
  index === badAt ? { ...draft, body: { ...(draft.body as object), totalMinor: -1 } } : draft,
)
const brokenStream = () => sealStream(nodeAuthor(org, 't-here', '1.0'), broken)

const draftOf = (
  author: string,
  body: Partial<FactResolved> = {},
  id = '01990000-0000-7000-8000-0000000000e1',
): FactDraft => {
  const factId = body.factId ?? bad.id
  return {
    id,
    type: 'fact.resolved',
    v: 1,
    scope: author === 'cloud' ? 'org' : `shop:${shopHere}`,
    actor: 'staff:01990000-0000-7000-8000-0000000000e2',
    occurredAt: '2026-03-09T10:00:00.000Z',
    businessDate: '2026-03-09',
    keys: [`fact:${factId}`],
    refs: [factId],
    body: { factId, how: 'skipped', note: 'Paid back by hand', ...body },
  }
}
const resolution = (author: string, ...about: [Partial<FactResolved>?, string?]): SealedStream => {
  const by = author === 'cloud' ? feedAuthor(org, 'org') : nodeAuthor(org, author, '1.0')
  return sealStream(by, [draftOf(author, ...about)])
}

async function take(db: Db, ...streams: readonly SealedStream[]): Promise<void> {
  for (const stream of streams) {
    await deliver(db, stream, { from: 1, count: stream.sealed.length })
    await projectAll(db, org)
  }
}

const reasons = async (db: Db) =>
  (await listParked(db, org, 100)).map(({ seq, reason }) => [seq, reason])
const behindBad = here.slice(badAt + 1).map((_, index) => [badAt + 2 + index, 'behind'])

test.for([
  ['its store server', `s-${shopHere}`],
  ['the cloud', 'cloud'],
] as const)('a fact that %s settles counts nothing, and what waited goes on', ([_, author]) =>
  withTestDatabase(async (db) => {
    await take(db, brokenStream())
    expect(await reasons(db)).toEqual([[badAt + 1, 'bad_body'], ...behindBad])
    expect((await listParked(db, org, 1))[0]?.shopId).toBe(shopHere)
    await take(db, resolution(author))
    expect(await countParked(db, org)).toBe(0)
    const [row] = await db<{ closes: number; sales: number; bad: number }[]>`
      SELECT (SELECT count(*) FROM till_close) AS closes, (SELECT count(*) FROM sale) AS sales,
        (SELECT count(*) FROM sale WHERE id = ${bad.id}) AS bad
    `
    const sales = here.filter(({ type }) => type === 'sale.completed').length
    expect(row).toEqual({ closes: 1, sales: sales - 1, bad: 0 })
    // The fact is where it was, to the byte.
    const [kept] = await db<{ bytes: Uint8Array }[]>`
      SELECT bytes FROM journal WHERE id = ${bad.id}
    `
    expect(kept?.bytes).toEqual(Buffer.from(brokenStream().sealed[badAt]?.bytes ?? []))
    const tables = await rebuildProjections(db)
    expect(tables.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
  }),
)

test('whether the resolution or the fact comes first, or both together, the tables are the same', () =>
  withTestDatabase(async (db) =>
    withTestDatabase(async (other) =>
      withTestDatabase(async (third) => {
        const settled = resolution(`s-${shopHere}`)
        await take(db, brokenStream(), settled)
        await take(other, settled, brokenStream())
        for (const stream of [brokenStream(), settled]) {
          await deliver(third, stream, { from: 1, count: stream.sealed.length })
        }
        await projectAll(third, org)
        for (const one of [db, other, third]) expect(await countParked(one, org)).toBe(0)
        expect(await digestTables(other)).toEqual(await digestTables(db))
        expect(await digestTables(third)).toEqual(await digestTables(db))
      }),
    ),
  ))

test('tables are built again without what its own author settled later', () =>
  withTestDatabase(async (db) => {
    const server = `s-${shopHere}`
    await take(db, sealStream(nodeAuthor(org, server, '1.0'), [...broken, draftOf(server)]))
    expect(await countParked(db, org)).toBe(0)
    const tables = await rebuildProjections(db)
    expect(tables.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
  }))

test('nobody settles the facts of another shop, and a till settles none', () =>
  withTestDatabase(async (db) => {
    await take(db, brokenStream(), resolution(`s-${shopThere}`))
    expect((await reasons(db))[0]).toEqual([badAt + 1, 'bad_body'])
    await take(db, resolution('t-here2', {}, '01990000-0000-7000-8000-0000000000e3'))
    expect((await reasons(db)).filter(([, reason]) => reason === 'not_authorised')).toEqual([
      [1, 'not_authorised'],
    ])
    expect((await reasons(db)).filter(([, reason]) => reason === 'bad_body')).toHaveLength(1)
  }))

/** Acts of which one row each is counted below. */
const tradeTypes = new Set([
  'sale.completed',
  'sale.refunded',
  'sale.voided',
  'cash.moved',
  'till.opened',
  'till.closed',
])

test('a sound fact that was settled before it came counts nothing either, on every node', () =>
  withTestDatabase(async (db) => {
    await take(db, resolution('cloud', { factId: there[2]?.id as string }))
    await take(db, sealStream(nodeAuthor(org, 't-there', '1.0'), there))
    const before = await digestTables(db)
    expect(await countParked(db, org)).toBe(0)
    const [row] = await db<{ acts: number }[]>`
      SELECT (SELECT count(*) FROM sale) + (SELECT count(*) FROM cash_transfer
        WHERE type IN ('pay_in', 'pay_out', 'drop', 'top_up')) + (SELECT count(*) FROM refund)
        + (SELECT count(*) FROM till_session) + (SELECT count(*) FROM till_close) AS acts
    `
    const trade = there.filter(({ type }) => tradeTypes.has(type))
    expect(trade).toContain(there[2])
    expect(row?.acts).toBe(trade.length - 1)
    await rebuildProjections(db)
    expect(await digestTables(db)).toEqual(before)
  }))

test('a retry in small parts goes through the whole list, in order', () =>
  withTestDatabase(async (db) => {
    const close = here.find(({ type }) => type === 'till.closed') as FactDraft
    const wrong = { ...(close.body as object), varianceMinor: 77_777 }
    const moved = [here[0] as FactDraft, { ...close, body: wrong }]
    const waiting = here.slice(1).filter(({ type }) => type !== 'till.closed')
    await take(db, sealStream(nodeAuthor(org, 't-here', '1.0'), [...moved, ...waiting]))
    expect(await reasons(db)).toHaveLength(waiting.length + 1)
    expect(await retryParked(db, org, { batchMax: 3 })).toMatchObject({
      applied: 0,
      parked: waiting.length + 1,
    })
    await db`ALTER TABLE till_close DROP CONSTRAINT till_close_check`
    // The ones behind stay where they are while what they wait for is not tried.
    expect(
      await retryParked(db, org, { of: { kind: 'reason', reason: 'behind' }, batchMax: 4 }),
    ).toMatchObject({ applied: 0, parked: waiting.length })
    const done = await retryParked(db, org, { of: { kind: 'fact', factId: close.id } })
    expect(done).toMatchObject({ applied: waiting.length + 1, parked: 0 })
    expect(done.events.map(({ factId }) => factId)).toEqual([close, ...waiting].map(({ id }) => id))
    expect(await countParked(db, org)).toBe(0)
  }))

// Two programs: the older one was built before cash movements.
const { 'cash.moved': _, ...olderCatalogue } = catalogue
const { readFact: readAsOlder } = createFactReader(olderCatalogue)

test('an older program keeps what it cannot read to the byte; a newer one projects it', () =>
  withTestDatabase(async (db) =>
    withTestDatabase(async (newer) => {
      const day = sealStream(nodeAuthor(org, 't-here', '1.0'), here)
      await take(newer, day)
      const movements = here.filter(({ type }) => type === 'cash.moved').length
      expect(movements).toBeGreaterThan(0)

      await deliver(db, day, { from: 1, count: here.length })
      const done = await projectPending(db, org, { read: readAsOlder })
      expect(done).toMatchObject({ applied: here.length - movements, parked: movements })
      const bytes = await db<{ bytes: Uint8Array }[]>`SELECT bytes FROM journal ORDER BY seq`
      expect(bytes.map((row) => row.bytes)).toEqual(
        day.sealed.map((sealed) => Buffer.from(sealed.bytes)),
      )
      const parked = await retryParked(db, org, { read: readAsOlder })
      expect(parked).toMatchObject({ applied: 0, parked: movements })

      // The upgrade.
      expect(await retryParked(db, org)).toMatchObject({ applied: movements, parked: 0 })
      expect(await digestTables(db)).toEqual(await digestTables(newer))
      await checkCash(db, org)

      // Back to the older program: nothing that was written is touched, and nothing is tried again.
      const before = await digestTables(db)
      expect(await projectPending(db, org, { read: readAsOlder })).toMatchObject({ applied: 0 })
      expect(await retryParked(db, org, { read: readAsOlder })).toMatchObject({ parked: 0 })
      expect(await digestTables(db)).toEqual(before)
    }),
  ))
