import { type OrgId, type SessionId, type ShopId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { remainingOf } from '@tillkeeper/core/refund/refund-sale.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCashLocations, listSessionTransfers } from './cash/cash-sql.ts'
import type { Db } from './db.ts'
import { countUnacknowledged, listCursors, markAcked, markCloudHas } from './journal/cursor-sql.ts'
import { readLiveSeq } from './journal/live-sql.ts'
import { listHeads } from './journal/stream-sql.ts'
import { readJournalStatus } from './journal/sync-status-sql.ts'
import { decodeCursor } from './page/cursor.ts'
import { findRefund } from './refund/refund-sql.ts'
import { listEmployees } from './registers/employee-sql.ts'
import { listProducts } from './registers/product-sql.ts'
import { findShop, findTills, listShops, listTills } from './registers/shop-sql.ts'
import { type ListSales, listSales } from './sale/list-sales-sql.ts'
import { findSale } from './sale/sale-sql.ts'
import { listDaySummaries } from './summary/day-summary-sql.ts'
import { listExceptions } from './summary/exceptions-sql.ts'
import { listItemSummaries } from './summary/item-summary-sql.ts'
import { readToday } from './summary/today-sql.ts'
import { fillDatabase, recordedAt, type SealedStream } from './testing/fill-database.ts'
import { createSharedDatabase } from './testing/shared-database.gen.ts'
import { type Chain, chanceFrom, type Product } from './testing/trade.gen.ts'
import { findSession, listSessions } from './till/session-sql.ts'

// Two days of trade in two shops with two tills each, read in every way; and a second organisation in
// the same database, of which nothing is ever read.

let db: Db
let org: OrgId
let chain: Chain
let streams: readonly SealedStream[]
let drop: () => Promise<void>
const shops = 'all' as const
const days = { from: '2026-03-02', to: '2026-03-03' }
const nobody = uuidv7(0, new Uint8Array(10))

beforeAll(async () => {
  const database = await createSharedDatabase()
  drop = database.drop
  ;({ db, org, chain, streams } = await fillDatabase(database.url, chanceFrom(3)))
  const other = await fillDatabase(database.url, chanceFrom(4))
  await other.db.end()
})
afterAll(async () => {
  await db.end()
  await drop()
})

/** The facts of a type, as their authors sealed them: what the tables are compared with. */
const factsOf = (type: string) =>
  new Map(
    streams
      .flatMap(({ sealed }) => sealed)
      .filter(({ fact }) => fact.type === type)
      .map(({ fact }) => [fact.id, fact]),
  )
type Body = {
  readonly shopId: ShopId
  readonly totalMinor: number
  readonly lines: readonly { productId: string; quantity: number; totalMinor: number }[]
}
const first = <T>(items: readonly T[]): T => {
  const [item] = items
  if (item === undefined) throw new Error('there is none')
  return item
}
const shop = () => first(chain.shops)

describe('the catalogue', () => {
  test('is read by name, a page at a time, and every product once', async () => {
    const seen: string[] = []
    let after: readonly [string, string] | undefined
    for (;;) {
      const page = await listProducts(db, org, { limit: 7, ...(after && { after }) })
      seen.push(...page.items.map(({ name }) => name))
      if (page.next === null) break
      after = decodeCursor(page.next, ['text', 'uuid'])
      expect(after).toBeDefined()
    }
    expect(seen).toHaveLength(chain.products.length)
    expect(new Set(seen).size).toBe(chain.products.length)
  })

  test('is searched by every word, a code, a barcode, and by when it was edited', async () => {
    const product = chain.products[11] as Product
    const found = (await listProducts(db, org, { barcode: '8850000000012', limit: 5 })).items
    expect(found.map(({ id }) => id)).toEqual([product.id])
    expect((await listProducts(db, org, { barcode: 'P12', limit: 5 })).items).toEqual(found)
    const { items } = await listProducts(db, org, { q: 'BREAD p12 prod', limit: 50 })
    expect(items.map(({ code }) => code)).toEqual(['P12'])
    for (const q of ['%', '_', "' OR 1", '\\']) {
      expect((await listProducts(db, org, { q, limit: 50 })).items, q).toEqual([])
    }
    const editedMs = Number.parseInt((await listHeads(db, org))[0]?.hlc.slice(0, 12) ?? '', 16)
    const since = (ms: number) => listProducts(db, org, { updatedSinceMs: ms, limit: 100 })
    expect((await since(editedMs)).items).toHaveLength(chain.products.length)
    expect((await since(editedMs + 1)).items).toEqual([])
  })

  test('gives the latest price, whatever feed it came by', async () => {
    const edits = factsOf('product.changed')
    const latest = new Map<string, { hlc: string; id: string; minor: number }>()
    for (const { id, hlc, body } of edits.values()) {
      const { entityId, fields } = body as {
        entityId: string
        fields: { price?: { minor: number } }
      }
      const before = latest.get(entityId)
      if (fields.price === undefined) continue
      if (before === undefined || `${before.hlc}${before.id}` < `${hlc}${id}`) {
        latest.set(entityId, { hlc, id, minor: fields.price.minor })
      }
    }
    const { items } = await listProducts(db, org, { limit: 1_000 })
    expect(items).toHaveLength(latest.size)
    for (const { id, priceMinor } of items) expect(priceMinor).toBe(latest.get(id)?.minor)
  })
})

test('shops, tills and people are read within the shops that a reader may see', async () => {
  const { id, tills } = shop()
  const one = new Set([id])
  expect((await listShops(db, org, { shops })).map(({ code }) => code)).toEqual(['S1', 'S2'])
  expect((await listShops(db, org, { shops: one })).map((found) => found.id)).toEqual([id])
  expect(await listShops(db, org, { shops: new Set() })).toEqual([])
  expect(await findShop(db, org, id)).toMatchObject({ code: 'S1', timeZone: 'Asia/Bangkok' })
  expect(await findShop(db, org, nobody as ShopId)).toBeUndefined()
  expect((await listTills(db, org, { shops: one })).map(({ number }) => number)).toEqual([1, 2])
  expect(await listTills(db, org, { shops, shopId: nobody as ShopId })).toEqual([])
  expect((await findTills(db, org, tills)).size).toBe(2)
  const people = await listEmployees(db, org, { shops: one, shopId: id })
  expect(people.map(({ number }) => number)).toEqual(['101', '102', '103', '104'])
  expect(first(people).permissions).toContain('sale.refund_unlinked')
  expect(first(people).roles[0]).toMatch(/^manager/)
  expect(await listEmployees(db, org, { shops: new Set([nobody as ShopId]) })).toEqual([])
})

describe('sales and refunds', () => {
  const all = (asked: Partial<ListSales> = {}) =>
    listSales(db, org, { shops, limit: 1_000, ...asked }).then(({ items }) => items)

  test('are one list, the newest first, each once, whatever the size of a page', async () => {
    const whole = await all()
    const papers = ['sale.completed', 'sale.refunded', 'sale.voided']
    expect(whole).toHaveLength(papers.reduce((sum, type) => sum + factsOf(type).size, 0))
    const times = whole.map(({ occurredAt, id }) => `${occurredAt} ${id}`)
    expect(times).toEqual([...times].sort().reverse())
    const seen: string[] = []
    let after: readonly [string, string] | undefined
    for (;;) {
      const page = await listSales(db, org, { shops, limit: 9, after })
      seen.push(...page.items.map(({ id }) => id))
      if (page.next === null) break
      after = decodeCursor(page.next, ['instant', 'uuid'])
    }
    expect(seen).toEqual(whole.map(({ id }) => id))
  })

  test('are narrowed by shop, session, person, days and words', async () => {
    const whole = await all()
    const { id, tills } = shop()
    const some = first(whole)
    for (const [asked, keep] of [
      [{ shopId: id }, (row) => row.shopId === id],
      [{ shops: new Set([id]) }, (row) => row.shopId === id],
      [{ sessionId: some.sessionId }, (row) => row.sessionId === some.sessionId],
      [{ staffId: some.staffId }, (row) => row.staffId === some.staffId],
      [{ from: '2026-03-03' }, (row) => row.businessDate >= '2026-03-03'],
      [{ to: '2026-03-02' }, (row) => row.businessDate <= '2026-03-02'],
      [{ q: '-260302-01' }, (row) => row.receiptNumber.startsWith('RCP-260302-01')],
      [{ q: some.receiptNumber.toLowerCase() }, (row) => row.receiptNumber === some.receiptNumber],
      [{ shops: new Set<ShopId>() }, () => false],
    ] as const satisfies readonly [
      Partial<ListSales>,
      (row: (typeof whole)[number]) => boolean,
    ][]) {
      expect(await all(asked), JSON.stringify(asked)).toEqual(whole.filter(keep))
    }
    expect(tills).toHaveLength(2)
    const refund = first(whole.filter(({ kind }) => kind === 'refund'))
    expect(refund.totalMinor).toBeLessThan(0)
    expect(refund).toMatchObject({ methods: ['cash'], lineCount: 1, changePieces: null })
  })

  test('are read whole, as they were sealed, with what came back', async () => {
    const refunds = [...factsOf('sale.refunded').values()]
    const refund = first(refunds)
    const { saleId } = refund.body as { saleId: string }
    const sale = await findSale(db, org, saleId)
    const sealed = factsOf('sale.completed').get(saleId)
    if (sealed === undefined) throw new Error('the sale was sealed')
    const { receiptCounter: _, ...body } = sealed.body as Body & { receiptCounter: number }
    expect(sale).toMatchObject({ ...body, recordedAt, occurredAt: sealed.occurredAt })
    const back = refunds.filter(({ body }) => (body as { saleId: string }).saleId === saleId)
    expect(sale?.refunds.map(({ id }) => id).sort()).toEqual(back.map(({ id }) => id).sort())
    expect(sale?.refundedMinor).toBe(
      back.reduce((sum, { body }) => sum + (body as Body).totalMinor, 0),
    )
    const { receiptCounter: __, ...refundBody } = refund.body as Body & { receiptCounter: number }
    expect(await findRefund(db, org, refund.id)).toMatchObject({ id: refund.id, ...refundBody })
    // It is what a decision about a further refund needs.
    if (sale === undefined) throw new Error('the sale is there')
    for (const { line, remaining, refundedQuantity } of remainingOf(sale)) {
      expect(remaining).toBe(Math.max(0, line.quantity - refundedQuantity))
    }
    expect(await findSale(db, org, nobody)).toBeUndefined()
    expect(await findRefund(db, org, nobody)).toBeUndefined()
  })
})

describe('sessions', () => {
  test('are read with their totals and closes, the newest first', async () => {
    const { items } = await listSessions(db, org, { shops, limit: 50 })
    expect(items).toHaveLength(8)
    for (const session of items) {
      expect(await findSession(db, org, session.id)).toEqual(session)
      const { close } = session
      expect(close?.varianceMinor).toBe((close?.countedMinor ?? 0) - (close?.expectedMinor ?? 0))
      expect(session.expectedMinor).toBe(close?.expectedMinor)
      const closed = close?.varianceMinor === 0 ? 'closed' : 'closed_with_variance'
      expect(session.state).toBe(session.verification === null ? closed : 'verified')
    }
    expect(await findSession(db, org, nobody as SessionId)).toBeUndefined()
    const page = await listSessions(db, org, { shops, limit: 3 })
    const after = decodeCursor(page.next ?? '', ['instant', 'uuid'])
    const next = await listSessions(db, org, { shops, limit: 50, after })
    expect([...page.items, ...next.items]).toEqual(items)
  })

  test('are narrowed by shop, till, state and day', async () => {
    const { items } = await listSessions(db, org, { shops, limit: 50 })
    const { id, tills } = shop()
    const tillId = first(tills)
    const read = (asked: object) =>
      listSessions(db, org, { shops, limit: 50, ...asked }).then((page) => page.items)
    expect(await read({ shopId: id })).toEqual(items.filter((item) => item.shopId === id))
    expect(await read({ shops: new Set([id]) })).toEqual(items.filter((it) => it.shopId === id))
    expect(await read({ tillId })).toEqual(items.filter((item) => item.tillId === tillId))
    expect(await read({ date: '2026-03-03' })).toHaveLength(4)
    expect(await read({ state: 'open' })).toEqual([])
    for (const state of ['closed', 'closed_with_variance', 'verified'] as const) {
      expect(await read({ state })).toEqual(items.filter((item) => item.state === state))
    }
  })

  test('show the cash that moved in them', async () => {
    const { items } = await listSessions(db, org, { shops, limit: 50 })
    const { id, opening } = first(items.filter(({ opening: at }) => at.loanMinor > 0))
    // Where it was opened: its drawer may have been carried to another till since.
    const opened = factsOf('till.opened').get(id)?.body as { readonly tillId: string } | undefined
    const moved = await listSessionTransfers(db, org, { sessionId: id, limit: 500 })
    expect(moved.find(({ type }) => type === 'float')).toMatchObject({
      amountMinor: opening.loanMinor,
      to: `drawer:${opened?.tillId}`,
    })
    const types = ['takings']
    const takings = await listSessionTransfers(db, org, { sessionId: id, types, limit: 500 })
    expect(takings.every(({ type }) => type === 'takings')).toBe(true)
    expect(takings.length).toBeGreaterThan(0)
  })
})

describe('figures', () => {
  test('of days are those of the sales and refunds in them', async () => {
    const summaries = await listDaySummaries(db, org, { shops, ...days })
    // Dollars that were paid in or out have a line of their own, without a sale.
    const [own, foreign] = [
      summaries.filter(({ currency }) => currency === 'THB'),
      summaries.filter(({ currency }) => currency !== 'THB'),
    ]
    expect(own).toHaveLength(4)
    expect(foreign.every(({ sales, closes }) => sales === 0 && closes === 0)).toBe(true)
    for (const { shopId, businessDate, ...day } of own) {
      const asked = { shops, shopId, from: businessDate, to: businessDate, limit: 1_000 }
      const { items } = await listSales(db, org, asked)
      const sold = items.filter(({ kind }) => kind === 'sale')
      const back = items.filter(({ kind }) => kind === 'refund')
      const sum = (rows: typeof items) => rows.reduce((all, { totalMinor }) => all + totalMinor, 0)
      expect(day).toMatchObject({ sales: sold.length, refunds: back.length })
      expect([day.salesMinor, -day.refundsMinor]).toEqual([sum(sold), sum(back)])
      expect(day.staff.reduce((all, { salesMinor }) => all + salesMinor, 0)).toBe(day.salesMinor)
      expect(day.hours.reduce((all, { salesMinor }) => all + salesMinor, 0)).toBe(day.salesMinor)
      expect(day.closes).toBeGreaterThanOrEqual(2)
    }
    expect(await listDaySummaries(db, org, { shops: new Set(), ...days })).toEqual([])
    const one = await listDaySummaries(db, org, { shops, shopId: shop().id, ...days })
    expect(one).toEqual(summaries.filter(({ shopId }) => shopId === shop().id))
  })

  test('of items are those of their lines, less what came back', async () => {
    const totals = new Map<string, { quantity: number; totalMinor: number }>()
    for (const [type, sign] of [
      ['sale.completed', 1],
      ['sale.refunded', -1],
      ['sale.voided', -1],
    ] as const) {
      for (const { body } of factsOf(type).values()) {
        if ((body as Body).shopId !== shop().id) continue
        for (const { productId, quantity, totalMinor } of (body as Body).lines) {
          const before = totals.get(productId) ?? { quantity: 0, totalMinor: 0 }
          totals.set(productId, {
            quantity: before.quantity + sign * quantity,
            totalMinor: before.totalMinor + sign * totalMinor,
          })
        }
      }
    }
    const items = await listItemSummaries(db, org, { shops, shopId: shop().id, ...days })
    expect(items).toHaveLength(totals.size)
    for (const { productId, quantity, totalMinor } of items) {
      expect({ quantity, totalMinor }).toEqual(totals.get(productId))
    }
    const minor = items.map(({ totalMinor }) => totalMinor)
    expect(minor).toEqual([...minor].sort((a, b) => b - a))
    const none = { shops: new Set<ShopId>(), ...days }
    expect(await listItemSummaries(db, org, none)).toEqual([])
  })

  test('of today are each shop’s, beside the week before', async () => {
    const today = await readToday(db, org, { shops, date: '2026-03-03' })
    const summaries = await listDaySummaries(db, org, {
      shops,
      from: '2026-03-03',
      to: '2026-03-03',
    })
    expect(today).toMatchObject({ businessDate: '2026-03-03', liveSeq: await readLiveSeq(db, org) })
    expect(today.shops.map((each) => each.shop.code)).toEqual(['S1', 'S2'])
    const cash = await listCashLocations(db, org, { shops })
    for (const { shop: place, day, ...rest } of today.shops) {
      expect(day).toEqual(summaries.find(({ shopId }) => shopId === place.id))
      const inShop = cash.filter(
        ({ kind, shopId, currency }) =>
          shopId === place.id &&
          currency === 'THB' &&
          ['drawer', 'safe', 'recycler', 'cash_box'].includes(kind),
      )
      expect(rest).toMatchObject({
        openTills: 0,
        lastSeenAt: recordedAt,
        cashInShopMinor: inShop.reduce((all, { balanceMinor }) => all + balanceMinor, 0),
      })
    }
    const week = await readToday(db, org, { shops, date: '2026-03-10' })
    expect(week.shops.map(({ lastWeek }) => lastWeek.salesMinor)).toEqual(
      today.shops.map(({ day }) => day.salesMinor),
    )
    expect(week.shops.map(({ day }) => day.sales)).toEqual([0, 0])
    const { items: exceptions } = await listExceptions(db, org, { shops, limit: 100 })
    for (const { shop: place, exceptions: count } of today.shops) {
      expect(exceptions.filter(({ shopId }) => shopId === place.id)).toHaveLength(count)
    }
  })

  test('of cash add up to zero over all places, and are read within shops', async () => {
    const cash = await listCashLocations(db, org, { shops })
    expect(cash.reduce((all, { balanceMinor }) => all + balanceMinor, 0)).toBe(0)
    const one = await listCashLocations(db, org, { shops: new Set([shop().id]) })
    expect(one).toEqual(cash.filter(({ shopId }) => shopId === shop().id))
    expect(one.map(({ kind }) => kind)).toContain('drawer')
  })
})

test('a cursor moves up only, and what nobody has acknowledged is counted', async () => {
  const [stream, second] = (await listHeads(db, org)).filter(({ kind }) => kind === 'author')
  if (stream === undefined || second === undefined) throw new Error('tills have traded')
  const peer = 'cloud'
  const facts = (await listHeads(db, org))
    .filter(({ kind }) => kind === 'author')
    .reduce((all, { seq }) => all + seq, 0)
  expect(await countUnacknowledged(db, org, peer)).toEqual({ facts, oldestAt: recordedAt })
  const ack = (seq: number) =>
    markAcked(db, org, { peer, acks: [{ stream: stream.stream, seq, hash: stream.hash }] })
  await ack(10)
  await ack(4)
  expect(await countUnacknowledged(db, org, peer)).toEqual({
    facts: facts - 10,
    oldestAt: recordedAt,
  })
  await markCloudHas(db, org, { peer, acks: [{ stream: second.stream, seq: 7 }] })
  await markCloudHas(db, org, { peer, acks: [{ stream: second.stream, seq: 3 }] })
  expect(await listCursors(db, org, peer)).toEqual([
    { stream: stream.stream, ackedSeq: 10, ackedHash: stream.hash, cloudSeq: 0 },
    { stream: second.stream, ackedSeq: 0, ackedHash: null, cloudSeq: 7 },
  ])
  const status = await readJournalStatus(db, org, peer)
  expect(status).toMatchObject({ unacknowledged: facts - 10, parked: 0 })
  const of = (name: string) => status.streams.find((each) => each.stream === name)
  expect(of(stream.stream)).toMatchObject({ cloudSeq: 10, headSeq: stream.seq, trust: 'ok' })
  expect(of(second.stream)).toMatchObject({ cloudSeq: 7 })
  const top = await readJournalStatus(db, org, undefined)
  expect(top).toMatchObject({ unacknowledged: 0, oldestUnacknowledgedAt: null })
  expect(top.streams.every(({ cloudSeq, headSeq }) => cloudSeq === headSeq)).toBe(true)
})
