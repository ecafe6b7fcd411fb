import { Page, SaleRow, Session, Shop, Till } from '@tillkeeper/client/api/shapes.ts'
import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import Type, { type Static } from 'typebox'
import type { TillDb } from '../journal/database.ts'
import { writeStrictly } from '../journal/database.ts'
import { type Book, type Device, emptyBook, type OpenSession } from '../journal/kept.ts'
import { askPin, type StoreLogin } from '../staff/sign-in.ts'
import { type AskFault, askStore } from '../store/ask-store.ts'

/** A till of the shop, as somebody chooses which one this device is. */
export type TillChoice = {
  readonly id: string
  readonly number: number
  readonly name: string
}

export type EnrolRefusal =
  | { readonly code: 'wrong' }
  | { readonly code: 'locked' }
  | { readonly code: 'unreachable' }
  | { readonly code: 'forbidden' }
  | { readonly code: 'not_saved' }

const tills = Page(Till)
const shops = Page(Shop)
const sessions = Page(Session)
const sales = Page(SaleRow)
const Enrolled = Type.Object({
  token: Type.String(),
  author: Type.String(),
  epoch: Type.String(),
  org: Type.String(),
  till: Type.Object({ id: Type.String(), shopId: Type.String() }),
})

export type Manager = {
  readonly login: StoreLogin
  readonly shopName: string
  readonly tills: readonly TillChoice[]
}

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
    askStore<Static<typeof tills>>(tills, { path: '/v1/tills?limit=100', token }),
    askStore<Static<typeof shops>>(shops, { path: '/v1/shops?limit=10', token }),
  ])
  if (!list.ok) return refused({ code: readFault(list.refusal) })
  const choices = list.value.items
    .filter(({ active }) => active)
    .map(({ id, number, name }) => ({ id, number, name }))
    .sort((a, b) => a.number - b.number)
  const shopName = places.ok ? (places.value.items[0]?.name ?? '') : ''
  return accepted({ login: answer.login, shopName, tills: choices })
}

/**
 * Makes this browser that till. What the store server knows of the till goes on here: an open session
 * and today's receipt counter, so that a till whose browser was lost repeats no number.
 */
export async function enrolTill(
  db: TillDb,
  { login }: Pick<Manager, 'login'>,
  ask: { readonly tillId: string; readonly now: Date },
): Promise<Outcome<Device, EnrolRefusal>> {
  const token = login.accessToken
  const answer = await askStore<Static<typeof Enrolled>>(Enrolled, {
    method: 'POST',
    path: `/v1/tills/${ask.tillId}/enrol`,
    body: {},
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
  const book = await findBook(token, till.id)
  if (book === undefined) return refused({ code: 'unreachable' })
  try {
    await writeStrictly(db, ['kept'], (tx) => [
      tx.objectStore('kept').put(device, 'device'),
      tx.objectStore('kept').put(book, 'book'),
    ])
  } catch {
    return refused({ code: 'not_saved' })
  }
  return accepted(device)
}

/** Receipts looked at for the last counters: the latest come first, and one day has no more. */
const receiptsMax = 100

async function findBook(token: string, tillId: string): Promise<Book | undefined> {
  const open = new URLSearchParams({ tillId, state: 'open', limit: '1' })
  const late = new URLSearchParams({ tillId, limit: String(receiptsMax) })
  const [session, receipts] = await Promise.all([
    askStore<Static<typeof sessions>>(sessions, { path: `/v1/till-sessions?${open}`, token }),
    askStore<Static<typeof sales>>(sales, { path: `/v1/sales?${late}`, token }),
  ])
  if (!session.ok || !receipts.ok) return undefined
  const counters: Record<string, number> = {}
  for (const row of receipts.value.items.filter((each) => each.tillId === tillId)) {
    const counter = Number(/-[0-9]{2}([0-9]{4,})$/.exec(row.receiptNumber)?.[1] ?? 0)
    counters[row.businessDate] = Math.max(counters[row.businessDate] ?? 0, counter)
  }
  const [held] = session.value.items
  return {
    ...emptyBook,
    counters,
    ...(held !== undefined && { session: readSession(held) }),
  }
}

// The schema says what ids are; core's brands say what they are of.
function readSession(session: Static<typeof Session>): OpenSession {
  return {
    id: session.id as SessionId,
    shopId: session.shopId as ShopId,
    tillId: session.tillId as TillId,
    staffId: session.staffId as StaffId,
    currency: session.currency,
    floatMinor: session.floatMinor,
    state: 'open',
    openedAt: session.openedAt,
    businessDate: session.businessDate,
    floatPieces: session.floatPieces ?? undefined,
    totals: session.totals,
  }
}

function readFault(fault: AskFault): 'unreachable' | 'forbidden' {
  return fault.code === 'refused' && fault.why === 'forbidden' ? 'forbidden' : 'unreachable'
}
