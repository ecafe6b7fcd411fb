import { Document } from '@tillkeeper/client/api/document-shapes.ts'
import { type SessionOfTill, SessionsOfTill } from '@tillkeeper/client/api/session-shapes.ts'
import { Page, Shop, Till, TillEnrolment } from '@tillkeeper/client/api/shapes.ts'
import type { OrgId, ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { receiptNumber } from '@tillkeeper/core/sale/receipt-number.ts'
import type { Static } from 'typebox'
import type { TillDb } from '../journal/database.ts'
import { storeNames, writeStrictly } from '../journal/database.ts'
import { type Book, type Device, emptyBook, readKept } from '../journal/kept.ts'
import { askPin, type StoreLogin } from '../staff/sign-in.ts'
import { type AskFault, askStore } from '../store/ask-store.ts'
import { readTold } from '../till/shop-sessions.ts'
import { type DeviceKey, makeDeviceKey } from './device-key.ts'

/** A till of the shop, as somebody chooses which one this device is. */
export type TillChoice = {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly shopId: string
  readonly shopName: string
  readonly timeZone: string
}

export type EnrolRefusal =
  | { readonly code: 'wrong' }
  | { readonly code: 'locked' }
  | { readonly code: 'unreachable' }
  | { readonly code: 'forbidden' }
  | { readonly code: 'not_saved' }

const tills = Page(Till)
const shops = Page(Shop)
const papers = Page(Document)
/** The latest papers are looked through for the highest number: acts of one instant have no order. */
const lastPapers = 20

export type Manager = { readonly login: StoreLogin; readonly tills: readonly TillChoice[] }

/** Lets a manager in and lists the tills of this shop. */
export async function openSetUp(
  typed: { readonly number: string; readonly pin: string },
  nowMs: number,
): Promise<Outcome<Manager, EnrolRefusal>> {
  const answer = await askPin(typed, nowMs)
  if (answer.is === 'wrong') return refused({ code: 'wrong' })
  if (answer.is === 'locked') return refused({ code: 'locked' })
  if (answer.is !== 'in') return refused({ code: 'unreachable' })
  const token = answer.login.accessToken
  const [list, places] = await Promise.all([
    askStore<Static<typeof tills>>(tills, { path: '/v1/tills?limit=200', token }),
    askStore<Static<typeof shops>>(shops, { path: '/v1/shops?limit=200', token }),
  ])
  if (!list.ok) return refused({ code: readFault(list.refusal) })
  if (!places.ok) return refused({ code: readFault(places.refusal) })
  const byId = new Map(places.value.items.map((shop) => [shop.id, shop]))
  const choices = list.value.items.flatMap(({ id, number, name, active, shopId }) => {
    const shop = byId.get(shopId)
    if (!active || shop === undefined) return []
    return [{ id, number, name, shopId, shopName: shop.name, timeZone: shop.timeZone }]
  })
  return accepted({
    login: answer.login,
    tills: choices.sort((a, b) =>
      a.shopId === b.shopId ? a.number - b.number : a.shopName < b.shopName ? -1 : 1,
    ),
  })
}

/**
 * Makes this browser that till. What the store server knows of the till goes on here: its sessions, and today's
 * receipt counter, so that a till whose browser was lost repeats no number.
 */
export async function enrolTill(
  db: TillDb,
  { login }: Pick<Manager, 'login'>,
  ask: { readonly till: TillChoice; readonly now: Date },
): Promise<Outcome<Device, EnrolRefusal>> {
  const token = login.accessToken
  const key = await makeDeviceKey(crypto.subtle)
  const answer = await askStore<Static<typeof TillEnrolment>>(TillEnrolment, {
    method: 'POST',
    path: `/v1/tills/${ask.till.id}/enrol`,
    body: key === undefined ? {} : { publicKey: key.publicKey },
    token,
  })
  if (!answer.ok) return refused({ code: readFault(answer.refusal) })
  const { till, org, author, epoch } = answer.value
  const device: Device = {
    org: org as OrgId,
    shopId: till.shopId as ShopId,
    tillId: till.id as TillId,
    ...{ author, epoch, token: answer.value.token },
    enrolledAt: ask.now.toISOString(),
  }
  const book = await findBook({ token, deviceToken: device.token }, ask)
  if (book === undefined) return refused({ code: 'unreachable' })
  try {
    await keepDevice(db, { device, key, book })
  } catch {
    return refused({ code: 'not_saved' })
  }
  return accepted(device)
}

type Enrolled = {
  readonly device: Device
  /** Not there where the browser has no Ed25519. */
  readonly key: DeviceKey | undefined
  readonly book: Book
}

// The same till again goes on with all that it holds, unsent facts too, in an epoch of its own. Another
// till begins with nothing of the one that this browser was.
async function keepDevice(db: TillDb, { device, key, book }: Enrolled): Promise<void> {
  const [was, held] = await Promise.all([readKept(db, 'device'), readKept(db, 'book')])
  const same = was?.org === device.org && was.tillId === device.tillId
  const kept = same && held !== undefined ? { ...held, counters: laterCounters(held, book) } : book
  await writeStrictly(db, same ? ['kept'] : storeNames, (tx) => [
    ...(same ? [] : storeNames.map((name) => tx.objectStore(name).clear())),
    tx.objectStore('kept').put(device, 'device'),
    tx.objectStore('kept').put(kept, 'book'),
    // A request to renew was of the device before.
    tx.objectStore('kept').delete('renewal'),
    key === undefined
      ? tx.objectStore('kept').delete('deviceKey')
      : tx.objectStore('kept').put(key, 'deviceKey'),
  ])
}

function laterCounters(ours: Book, theirs: Book): Book['counters'] {
  const days = Object.keys({ ...ours.counters, ...theirs.counters })
  return Object.fromEntries(
    days.map((day) => [day, Math.max(ours.counters[day] ?? 0, theirs.counters[day] ?? 0)]),
  )
}

// Sessions are asked for as the device: what its drawers should hold is for the till, and for nobody who sets it up.
async function findBook(
  { token, deviceToken }: { readonly token: string; readonly deviceToken: string },
  { till, now }: { readonly till: TillChoice; readonly now: Date },
): Promise<Book | undefined> {
  const today = businessDateOf(now.toISOString(), till.timeZone)
  // All receipts and papers of this till and day begin alike, and the latest comes first.
  const prefix = receiptNumber(till.number, today, 1).slice(0, -4)
  const last = new URLSearchParams({
    ...{ number: prefix, shopId: till.shopId, from: today, to: today, limit: String(lastPapers) },
  })
  const [held, receipts] = await Promise.all([
    askStore<Static<typeof SessionsOfTill>>(SessionsOfTill, {
      ...{ method: 'POST', path: '/sync/v1/sessions', body: { ids: [] }, token: deviceToken },
    }),
    askStore<Static<typeof papers>>(papers, { path: `/v1/receipts?${last}`, token }),
  ])
  if (!held.ok || !receipts.ok) return undefined
  const numbers = receipts.value.items.map(({ number }) => Number(number?.slice(prefix.length)))
  const counter = Math.max(0, ...numbers)
  return {
    ...bookOf(held.value.items, till.id),
    counters: counter > 0 ? { [today]: counter } : {},
  }
}

/** A book with the sessions that stand at a till: the one that people work in, and those that wait. */
export function bookOf(told: readonly SessionOfTill[], tillId: string): Book {
  const here = told.filter((session) => session.tillId === tillId)
  // Of two that are open, after a till that was copied, the later one is worked in; the other can be taken up.
  const session = here.findLast(({ state, suspended }) => state === 'open' && !suspended)
  const waiting = here.filter(({ state, suspended }) => state === 'reconciling' || suspended)
  return {
    ...emptyBook,
    ...(session !== undefined && { session: readTold(session) }),
    ...(waiting.length > 0 && { waiting: waiting.map(readTold) }),
  }
}

function readFault(fault: AskFault): 'unreachable' | 'forbidden' {
  return fault.code === 'refused' && fault.why === 'forbidden' ? 'forbidden' : 'unreachable'
}
