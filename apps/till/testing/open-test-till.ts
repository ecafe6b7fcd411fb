import 'fake-indexeddb/auto'
import type { ProductId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { indexProducts } from '@tillkeeper/core/catalogue/search-products.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { defaultLimits, defaultRoles } from '@tillkeeper/core/permission/permission.ts'
import { createStore } from 'zustand/vanilla'
import { hashBytes, makeId, type TillNode } from '../app/node.ts'
import type { TillState } from '../app/till-state.ts'
import { emptyDirectory, type Person, type Shop } from '../catalogue/directory.ts'
import { openTillDb } from '../journal/database.ts'
import { openJournal } from '../journal/journal.ts'
import { type Device, emptyBook } from '../journal/kept.ts'
import { openOutbox } from '../journal/outbox.ts'
import { takeTurns } from '../journal/take-turns.ts'
import { noMachines } from '../machine/live-machines.ts'
import { addProduct, emptyCart } from '../sale/cart.ts'
import { completeSale, type MadeSale } from '../sale/complete-sale.ts'
import { openTill } from '../till/open-till.ts'

const idOf = <T extends string>(last: number) =>
  `01940000-0000-7000-8000-${String(last).padStart(12, '0')}` as T
export const thb = 'THB' as Currency

const shop: Shop = {
  ...{ id: idOf<ShopId>(1), code: 'T1', name: 'Corner Bakery', address: '', taxNumber: '' },
  ...{ timeZone: 'Asia/Bangkok', currency: thb, receiptFooter: '', blindClose: true },
  ...{ drawerLimitMinor: minor(0), toleranceMinor: minor(0), investigateMinor: minor(0) },
  ...{ floatMinor: minor(0), expenseDayMinor: minor(0) },
}
const place = { id: idOf<TillId>(2), shopId: shop.id, number: 1, name: 'Front', active: true }
const person = (last: number, name: string, role: 'cashier' | 'manager'): Person => ({
  ...{ id: idOf<StaffId>(last), name, number: String(last), language: 'en', active: true },
  ...{ shops: [shop.id], permissions: new Set(defaultRoles[role]), limits: defaultLimits[role] },
})
export const cashier = person(3, 'Nok', 'cashier')
export const manager = person(4, 'Somchai', 'manager')
export const coffee: CatalogueProduct = {
  ...{ id: idOf<ProductId>(5), code: 'COF', name: 'Coffee', category: '', barcodes: [] },
  ...{ currency: thb, priceMinor: minor(45_00), vatBasisPoints: 700, active: true },
}
const device: Device = {
  ...{ org: idOf(6), shopId: shop.id, tillId: place.id, author: `t-${place.id}` },
  ...{ epoch: '1.0', token: '', enrolledAt: '2026-11-20T00:00:00.000Z' },
}

export type TestTill = TillNode & {
  /** Moves the till's clock. */
  readonly clock: { nowMs: number }
  readonly newId: () => string
}

/** A till without a line, with its database in memory and nobody's session; the cashier works at it. */
export async function openTestTill(name: string): Promise<TestTill> {
  const clock = { nowMs: Date.parse('2026-11-20T05:00:00.000Z') }
  const nowMs = () => clock.nowMs
  const db = await openTillDb(name, () => undefined)
  const start = { mark: undefined, suspect: false, chance: 0 }
  const journal = await openJournal({ db, device, sha256: hashBytes, nowMs, start })
  const outbox = await openOutbox({ db, journal, sha256: hashBytes })
  const state = createStore<TillState>(() => ({
    directory: {
      ...emptyDirectory,
      products: indexProducts([coffee]),
      listed: [coffee],
      byId: new Map([[coffee.id, coffee]]),
      people: new Map([cashier, manager].map((each) => [each.id, each])),
      shops: new Map([[shop.id, shop]]),
      tills: new Map([[place.id, place]]),
    },
    ...{ ready: true, feedHeld: 0, feedHead: 0, person: cashier, book: emptyBook },
    ...{ machines: noMachines, attempts: [] },
    ...{ cart: emptyCart, held: [], line: { is: 'connecting' }, sent: outbox.sent() },
    ...{ problems: [], lost: [], receipts: new Map(), storage: 'unknown', update: 'none' },
    clock: { aheadMs: 0, jumped: false },
  }))
  const link = { state: () => ({ at: 'offline' }), start: () => undefined, wake: () => undefined }
  const node = { db, device, journal, outbox, turns: takeTurns(), state, nowMs, link }
  return { ...(node as unknown as TillNode), clock, newId: () => makeId(nowMs()) }
}

/** Opens a session on a float of ten notes of 100. */
export async function openSession(till: TestTill): Promise<SessionId> {
  const pieces = [{ faceMinor: minor(100_00), pieces: 10 }]
  const opened = await openTill(till, { id: till.newId(), floatMinor: minor(1_000_00), pieces })
  if (!opened.ok) throw new Error(opened.refusal.code)
  return opened.value.session.id
}

/** Sells one coffee for exact cash. */
export async function sellCoffee(till: TestTill): Promise<MadeSale> {
  till.state.setState(({ cart }) => ({ cart: addProduct(cart, coffee.id, 1_000) }))
  const totalMinor = coffee.priceMinor
  const tenders = [{ method: 'cash' as const, givenMinor: totalMinor }]
  const sold = await completeSale(till, { id: till.newId(), totalMinor, tenders })
  if (!sold.ok) throw new Error(sold.refusal.code)
  return sold.value
}

/** The types of the facts that this till has sealed, in their order. */
export async function sealedTypes({ db }: TestTill): Promise<readonly string[]> {
  return (await db.getAll('fact')).map(({ type }) => type)
}
