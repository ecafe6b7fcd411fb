import type { SessionOfTill } from '@tillkeeper/client/api/session-shapes.ts'
import type { TillId } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { noTotals } from '@tillkeeper/core/till/session-totals.ts'
import { expect, test } from 'vitest'
import { bookOf } from '../device/enrol-till.ts'
import { beginHere, endHere, leftHere, restHere, resumeHere } from '../journal/book-session.ts'
import { type Book, emptyBook } from '../journal/kept.ts'
import { listWaiting, mergeTold, readTold } from './shop-sessions.ts'

const here = 'till-1' as TillId
const there = 'till-2' as TillId
const told = (id: string, more: Partial<SessionOfTill> = {}): SessionOfTill => ({
  ...{ id, shopId: 'shop', tillId: here, tillNumber: 1, staffId: 'nok', staffName: 'Nok' },
  ...{ state: 'open', suspended: false, currency: 'THB' as Currency, businessDate: '2026-11-21' },
  ...{ openedAt: '2026-11-21T01:00:00.000Z', floatMinor: minor(1_000_00), floatPieces: null },
  ...{ openingVarianceMinor: minor(0), recounts: 0 },
  totals: { ...noTotals, sales: 2, cashInMinor: minor(90_00) },
  ...more,
})
const session = readTold(told('a'))
const open: Book = { ...emptyBook, session }
const rests = restHere(open, 'a')

test('a session that rests leaves its till free, and goes on with all that happened in it', () => {
  expect(rests.session).toBeUndefined()
  expect(rests.waiting).toMatchObject([{ id: 'a', suspended: true, totals: { sales: 2 } }])
  const [resting] = rests.waiting ?? []
  expect(resting && resumeHere(rests, resting, here)).toEqual(open)
})

test('a session that was ended waits for its count, whether it rested or not', () => {
  for (const book of [open, rests]) {
    const { session: none, waiting } = endHere(book, 'a')
    expect(none).toBeUndefined()
    expect(waiting).toHaveLength(1)
    expect(waiting?.[0]).toMatchObject({ state: 'reconciling', totals: { cashInMinor: 90_00 } })
    expect(waiting?.[0]?.suspended).toBeUndefined()
  }
})

test('no session takes the place of one that people work in', () => {
  const other = readTold(told('b', { tillId: there, suspended: true }))
  expect(resumeHere(open, other, here)).toBe(open)
  expect(resumeHere(rests, other, here)).toMatchObject({
    session: { id: 'b', tillId: here },
    waiting: [{ id: 'a' }],
  })
})

test('what the last close left is the float of one session only', () => {
  const close = { id: 'c', left: [{ currency: 'THB' as Currency, minor: minor(500_00) }] }
  const closed = { ...emptyBook, lastClosed: { ...session, close } } as unknown as Book
  expect(leftHere(closed)).toEqual(close.left)
  expect(leftHere(restHere(beginHere(closed, session), 'a'))).toBeUndefined()
})

test.for([
  ['ended in the office', open, { state: 'reconciling' }, undefined, ['reconciling']],
  ['ended while it rested', rests, { state: 'reconciling' }, undefined, ['reconciling']],
  ['closed elsewhere', open, { state: 'closed' }, undefined, undefined],
  ['gone to another till', rests, { tillId: there }, undefined, undefined],
  // What this till did last may not have arrived there: it knows better.
  ['not known to rest yet', rests, {}, undefined, ['open']],
  ['not known to go on yet', open, { suspended: true }, 'a', undefined],
] as const)('a session is %s', ([, book, more, now, waiting]) => {
  const merged = mergeTold(book, [told('a', more), told('x')], here)
  expect(merged.session?.id).toBe(now)
  expect(merged.waiting?.map(({ state }) => state)).toEqual(waiting)
  if (now !== undefined || waiting?.[0] === 'open') expect(merged).toBe(book)
})

test('what waits in the shop is seen from each till, and what people work in is not', () => {
  const all = [
    told('a', { suspended: true }),
    told('b', { tillId: there, suspended: true }),
    told('c', { tillId: there }),
    told('d', { tillId: there, state: 'reconciling' }),
    told('e'),
    told('f', { state: 'closed' }),
  ]
  const list = (settled: boolean, book = rests) =>
    listWaiting(book, all, { tillId: here, settled }).map(({ id, is, told: by }) => [
      ...[id, is, by === undefined ? 'own' : 'told'],
    ])
  const known = [
    ['a', 'rests', 'own'],
    ['b', 'rests', 'told'],
    ['d', 'to_count', 'told'],
  ]
  // One that stands here and is in no book of ours: its browser was lost.
  expect(list(true)).toEqual([...known, ['e', 'rests', 'told']])
  // Closed here, and not told yet.
  expect(list(false)).toEqual(known)
})

test('a browser that becomes a till goes on with what stands there, and works in none that rests', () => {
  const all = [
    told('a', { suspended: true }),
    told('b'),
    told('c', { state: 'reconciling' }),
    told('d', { tillId: there, suspended: true }),
    told('e', { state: 'closed' }),
  ]
  const book = bookOf(all, here)
  expect(book.session).toMatchObject({ id: 'b', totals: { sales: 2 }, told: true })
  expect(book.waiting).toMatchObject([
    { id: 'a', suspended: true },
    { id: 'c', state: 'reconciling' },
  ])
  expect(bookOf(all.slice(0, 1), here).session).toBeUndefined()
})
