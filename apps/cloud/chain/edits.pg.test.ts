import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { hlcMs } from '@tillkeeper/facts/seal/hlc.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { readNodeClock } from '@tillkeeper/projections/journal/node-clock-sql.ts'
import { retryParked } from '@tillkeeper/projections/parking/retry-parked.ts'
import { rebuildProjections } from '@tillkeeper/projections/rebuild/rebuild-projections.ts'
import { noteContact } from '@tillkeeper/projections/registers/child-contact-sql.ts'
import { relayId } from '@tillkeeper/projections/registers/relay-id.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  newId,
  type OpenedCloud,
  openCloud,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'
import { draftSale, enrolChild, makeAuthor, push } from '../testing/raw-child.gen.ts'
import { endTombstones } from './end-tombstones.ts'
import { relayEdits } from './relay-edits.ts'

// What shops say of the chain's settings, as the cloud takes it, and what an owner does about it.

const dayMs = 86_400_000
let cloud: OpenedCloud
let chain: SeededChain
let token = ''
let author = ''
let epoch = 0
beforeAll(async () => {
  cloud = await openCloud()
})
beforeEach(async () => {
  cloud.clock.aheadMs = 0
  chain = await seedChain(cloud)
  token = await enrolChild(cloud, chain, chain.shops[0])
  author = `s-${chain.shops[0]}`
})
afterAll(() => cloud.close())

const edit = (kind: string, entityId: string, said: object, id = newId()): FactDraft => ({
  ...{ id, type: `${kind}.changed`, v: 2, scope: `shop:${chain.shops[0]}`, actor: 'staff:x' },
  ...{ occurredAt: '2026-11-20T05:00:00.000Z', businessDate: '2026-11-20' },
  ...{ keys: [`${kind}:${entityId}`], refs: [], body: { entityId, fields: {}, ...said } },
})
const sale = () =>
  draftSale(chain, { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() })

/** Brings drafts as a new stream of the shop's server, sealed at `nowMs`, and waits for the tables. */
async function bring(drafts: readonly FactDraft[], nowMs = Date.now()) {
  epoch += 1
  const made = makeAuthor(chain.org, author, `1.${epoch}`)
  made.seal(drafts, nowMs)
  const answer = await push(cloud, token, { batch: made.batch(1) })
  await cloud.parts().projector.settled()
  return { made, answer }
}

const productOf = async (id: string) => {
  const [row] = await cloud.db`
    SELECT name, price_minor AS price, note, barcodes, active, deleted FROM product
    WHERE org_id = ${chain.org} AND id = ${id}
  `
  return row
}
const parked = async () =>
  cloud.db<{ factId: string; reason: string; detail: string }[]>`
    SELECT fact_id AS "factId", reason, detail FROM parked WHERE org_id = ${chain.org} ORDER BY seq
  `
const relaysOf = async (factId: string) => {
  const rows = await cloud.db<{ id: string; body: Record<string, unknown> }[]>`
    SELECT id, convert_from(bytes, 'UTF8')::jsonb -> 'body' AS body FROM journal
    WHERE org_id = ${chain.org} AND stream = 'feed/org@1'
      AND convert_from(bytes, 'UTF8')::jsonb #>> '{body,origin,factId}' = ${factId}
  `
  return rows
}

test('a shop’s note is in the feed once, with the stamp of the original', async () => {
  const [coffee] = chain.products
  const said = edit('product', coffee, { fields: { note: 'top shelf' } })
  const { made } = await bring([said, sale()])
  expect(await productOf(coffee)).toMatchObject({ note: 'top shelf', name: 'Coffee' })
  const fact = JSON.parse(Buffer.from(made.facts[0] ?? new Uint8Array()).toString())
  const { hlc } = fact
  const origin = { factId: said.id, hlc, author }
  expect(await relaysOf(said.id)).toMatchObject([{ id: relayId(said.id), body: { origin } }])
  const [register] = await cloud.db`
    SELECT fact_id AS "factId", hlc FROM register
    WHERE org_id = ${chain.org} AND entity_id = ${coffee} AND field = 'note'
  `
  expect(register, 'the relay changed nothing').toEqual({ factId: said.id, hlc })
  // The same act once more, on another way, and a restart: nothing more is said.
  await bring([said])
  await cloud.fall()
  await cloud.rise()
  await cloud.parts().projector.settled()
  // A cloud that came back from a backup projects the original again, and has its relay from the shops.
  const applied = { fact, recordedAt: new Date().toISOString() }
  const when = { at: new Date(), feedEpoch: 1 }
  await cloud.db.begin((tx) => relayEdits(tx, chain.org as OrgId, [applied], when))
  expect(await relaysOf(said.id)).toHaveLength(1)
  expect(await parked()).toEqual([])
})

test('of people, roles and keys a shop may say nothing; of a price it is kept and counts nothing', async () => {
  const role = edit('role', chain.roles.cashier, { fields: { permissions: ['chain.manage'] } })
  expect((await bring([role])).answer.body.code).toBe('fact_refused')
  const [coffee] = chain.products
  const before = await productOf(coffee)
  const cheap = edit('product', coffee, { fields: { price: { currency: 'THB', minor: 1 } } })
  const other = edit('shop', chain.shops[1], { fields: { receiptFooter: 'hacked' } })
  const raised = edit('product', coffee, { rep: 1, fields: { note: 'mine for ever' } })
  const honest = edit('product', coffee, { fields: { note: 'still heard' } })
  const { made, answer } = await bring([cheap, other, raised, honest, sale()])
  expect(answer.body.seq).toBe(made.facts.length)
  expect(await parked()).toEqual([
    { factId: cheap.id, reason: 'not_authorised', detail: 'product.changed price' },
    { factId: other.id, reason: 'not_authorised', detail: 'shop.changed entityId' },
    { factId: raised.id, reason: 'not_authorised', detail: 'product.changed rep' },
  ])
  expect(await productOf(coffee)).toEqual({ ...before, note: 'still heard' })
  expect(await relaysOf(cheap.id)).toEqual([])
  const [sold] = await cloud.db`SELECT count(*) AS sales FROM sale WHERE org_id = ${chain.org}`
  expect(sold).toEqual({ sales: 1 })
})

test('a clock two years ahead: its sale counts and is flagged, its edit waits, nobody’s clock moves', async () => {
  const [coffee] = chain.products
  const aheadMs = 730 * dayMs
  const said = edit('product', coffee, { fields: { note: 'from the future' } })
  const sold = sale()
  await bring([said, sold], Date.now() + aheadMs)
  expect(await parked()).toMatchObject([{ factId: said.id, reason: 'future_clock' }])
  expect(await productOf(coffee)).toMatchObject({ note: '' })
  const flagged = await cloud.db`
    SELECT kind, detail ->> 'factId' AS "factId" FROM exception WHERE org_id = ${chain.org}
  `
  expect([...flagged]).toEqual([{ kind: 'clock_suspect', factId: sold.id }])
  const clock = hlcMs(await readNodeClock(cloud.db, chain.org as OrgId))
  expect(clock).toBeLessThan(Date.now() + 300_000)
  // Others go on editing the same field, and are heard.
  await bring([edit('product', coffee, { fields: { note: 'today' } })])
  expect(await productOf(coffee)).toMatchObject({ note: 'today' })
  // Its time comes: it is applied, and said to all.
  cloud.clock.aheadMs = aheadMs
  await cloud.parts().projector.wakeAll()
  expect(await parked()).toEqual([])
  expect(await productOf(coffee)).toMatchObject({ note: 'from the future' })
  expect(await relaysOf(said.id)).toHaveLength(1)
  const rebuilt = await rebuildProjections(cloud.db, { org: chain.org as OrgId })
  expect(rebuilt.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
})

test('a reseal takes a field back from a clock that was far ahead, and it can be edited again', async () => {
  const [coffee] = chain.products
  const poison = 'ffff00000000ffff'
  await cloud.db`
    INSERT INTO register (org_id, kind, entity_id, field, value, hlc, fact_id)
    VALUES (${chain.org}, 'product', ${coffee}, 'note', '"poison"', ${poison}, ${newId()})
  `
  await bring([edit('product', coffee, { fields: { note: 'not heard' } })])
  const ask = (body: object) => cloud.ask('/v1/reseals', { orgId: chain.org, ...body })
  const reseal = { kind: 'product', id: coffee }
  expect((await ask({ ...reseal, fields: { note: 5 } })).body.code).toBe('body_invalid')
  expect((await ask({ ...reseal, fields: { deleted: true } })).body.code).toBe('body_invalid')
  expect((await ask({ ...reseal, id: newId(), fields: { note: 'x' } })).status).toBe(404)
  expect((await ask({ ...reseal, fields: { note: 'clean' } })).body).toMatchObject({
    changed: true,
  })
  expect(await productOf(coffee)).toMatchObject({ note: 'clean' })
  // A shop that has heard of it says the rep that it sees, and is heard.
  await bring([edit('product', coffee, { rep: 1, fields: { note: 'shelf 3' } })])
  expect(await productOf(coffee)).toMatchObject({ note: 'shelf 3' })
  // And the owner’s own next edit counts, without saying so.
  const put = { orgId: chain.org, id: coffee, note: 'shelf 4' }
  expect((await cloud.ask('/v1/products', [put])).status).toBe(200)
  expect(await productOf(coffee)).toMatchObject({ note: 'shelf 4' })
})

test('what is deleted is there again when somebody says something of it, and asking twice does it once', async () => {
  const [coffee] = chain.products
  const remove = () => cloud.ask(`/v1/products/${coffee}/delete`, { orgId: chain.org })
  expect((await remove()).body).toEqual({ id: coffee, changed: true })
  expect((await remove()).body).toEqual({ id: coffee, changed: false })
  expect(await productOf(coffee)).toMatchObject({ active: false, deleted: true })
  // The same name as before is news: who says it wants it back.
  const put = [{ orgId: chain.org, id: coffee, name: 'Coffee' }]
  expect((await cloud.ask('/v1/products', put)).body.items).toEqual([{ id: coffee, changed: true }])
  expect((await cloud.ask('/v1/products', put)).body.items).toEqual([
    { id: coffee, changed: false },
  ])
  expect(await productOf(coffee)).toMatchObject({ active: true, deleted: false, price: 65_00 })
  expect((await remove()).body).toEqual({ id: coffee, changed: true })
})

test('two offline shops edit one field and one set: the later and both', async () => {
  const [coffee] = chain.products
  const add = (code: string) => ({ sets: { barcodes: { add: [code] } } })
  const early = edit('product', coffee, { fields: { note: 'early' }, ...add('111') })
  const late = edit('product', coffee, { fields: { note: 'late' }, ...add('222') })
  const now = Date.now()
  await bring([late], now + 60_000)
  await bring([early], now + 1_000)
  expect(await productOf(coffee)).toMatchObject({ note: 'late' })
  expect((await productOf(coffee))?.barcodes).toEqual(expect.arrayContaining(['111', '222']))
})

test('a shop that was silent for 91 days: its sales count, its old edits wait for a person', async () => {
  const [coffee] = chain.products
  const org = chain.org as OrgId
  const heard = (days: number) =>
    noteContact(cloud.db, org, {
      ...{ author, at: new Date(Date.now() - days * dayMs).toISOString(), feeds: {} },
    })
  await heard(91)
  await heard(0)
  const old = edit('product', coffee, { fields: { note: 'of three months ago' } })
  await bring([old, sale()], Date.now() - 80 * dayMs)
  expect(await parked()).toMatchObject([{ factId: old.id, reason: 'expired_author' }])
  const [sold] = await cloud.db`SELECT count(*) AS sales FROM sale WHERE org_id = ${chain.org}`
  expect(sold).toEqual({ sales: 1 })
  // What it says after it came back is heard, and what a person looked at is too.
  await bring([edit('product', coffee, { sets: { barcodes: { add: ['9'] } } })], Date.now() + 1_000)
  expect((await productOf(coffee))?.barcodes).toContain('9')
  await retryParked(cloud.db, org)
  expect(await parked()).toHaveLength(1)
  await retryParked(cloud.db, org, { of: { kind: 'fact', factId: old.id }, reviewed: true })
  expect(await productOf(coffee)).toMatchObject({ note: 'of three months ago' })
})

test('a shop that was heard within 90 days is no stranger', async () => {
  const org = chain.org as OrgId
  for (const days of [89, 0]) {
    const at = new Date(Date.now() - days * dayMs).toISOString()
    await noteContact(cloud.db, org, { author, at, feeds: {} })
  }
  await bring([edit('product', chain.products[0], { fields: { note: 'x' } })], Date.now() - dayMs)
  expect(await parked()).toEqual([])
})

test('a tombstone ends when it is old and every shop has heard of it, and not before', async () => {
  const [coffee] = chain.products
  const org = chain.org as OrgId
  const deps = {
    ...{ db: cloud.db, hub: cloud.parts().pokes },
    now: () => new Date(Date.now() + cloud.clock.aheadMs),
    feedEpochOf: () => 1,
  }
  await cloud.ask(`/v1/products/${coffee}/delete`, { orgId: chain.org })
  const [head] = await cloud.db<{ seq: number }[]>`
    SELECT head_seq AS seq FROM stream WHERE org_id = ${chain.org} AND stream = 'feed/org@1'
  `
  const seq = head?.seq ?? 0
  const holds = (position: number) =>
    noteContact(cloud.db, org, {
      ...{ author, at: new Date().toISOString(), feeds: { 'feed/org@1': position } },
    })
  cloud.clock.aheadMs = 181 * dayMs
  expect(await endTombstones(deps, org), 'the shop was never heard').toBe(0)
  await holds(seq - 1)
  expect(await endTombstones(deps, org), 'it has not come so far').toBe(0)
  await holds(seq)
  cloud.clock.aheadMs = 179 * dayMs
  expect(await endTombstones(deps, org), 'it is not old').toBe(0)
  cloud.clock.aheadMs = 181 * dayMs
  expect(await endTombstones(deps, org)).toBe(1)
  expect(await endTombstones(deps, org), 'once').toBe(0)
  expect(await productOf(coffee)).toBeUndefined()
  // A zombie: nothing comes of it, and nobody is told.
  cloud.clock.aheadMs = 0
  const zombie = edit('product', coffee, { fields: { note: 'boo' } })
  await bring([zombie], Date.now() - dayMs)
  expect(await productOf(coffee)).toBeUndefined()
  expect(await relaysOf(zombie.id)).toEqual([])
  const rebuilt = await rebuildProjections(cloud.db, { org })
  expect(rebuilt.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
})
