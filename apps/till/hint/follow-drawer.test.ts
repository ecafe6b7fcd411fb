import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { piecesOf } from '@tillkeeper/core/hint/drawer-stock.ts'
import { expect, test } from 'vitest'
import { beginHere } from '../journal/book-session.ts'
import { type Book, emptyBook, type OpenSession } from '../journal/kept.ts'
import { type FollowedFact, followDrawer } from './follow-drawer.ts'

const at = '2026-03-02T02:00:00.000Z' as Instant
const pieces = (counts: Readonly<Record<number, number>>) =>
  Object.entries(counts)
    .map(([face, count]) => ({ faceMinor: Number(face) * 100, pieces: count }))
    .toReversed()
const session = { id: 's', currency: 'THB' } as OpenSession
const begun = beginHere(emptyBook, session)
const act = (type: string, body: object) =>
  ({
    id: 's',
    type,
    occurredAt: at,
    body: { sessionId: 's', currency: 'THB', ...body },
  }) as FollowedFact
const opened = act('till.opened', { pieces: pieces({ 100: 3, 20: 10, 10: 4 }) })
const known = (book: Book) => book.session?.stock && piecesOf(book.session.stock)
const after = (...facts: readonly FollowedFact[]) => known(facts.reduce(followDrawer, begun))

test.each([
  ['a float', [], { 100: 3, 20: 10, 10: 4 }],
  [
    'a sale with its change',
    [
      act('sale.completed', {
        tenders: [
          { method: 'cash', givenMinor: 100_00 },
          { method: 'card', givenMinor: 50_00 },
          { method: 'cash', givenMinor: 300_00, foreign: { currency: 'USD', givenMinor: 10_00 } },
        ],
        ...{ changeMinor: 30_00, changePieces: pieces({ 20: 1, 10: 1 }) },
      }),
    ],
    { 100: 4, 20: 9, 10: 3 },
  ],
  [
    'a refund, and a void',
    [
      act('sale.refunded', { tenders: [{ method: 'cash', givenMinor: 20_00 }] }),
      act('sale.voided', { tenders: [{ method: 'cash', givenMinor: 20_00 }] }),
    ],
    { 100: 3, 20: 8, 10: 4 },
  ],
  [
    'cash in and out, and dollars that are not of it',
    [
      act('cash.moved', { kind: 'drop', amountMinor: 200_00, pieces: pieces({ 100: 2 }) }),
      act('cash.moved', { kind: 'top_up', amountMinor: 50_00 }),
      act('cash.moved', { kind: 'drop', currency: 'USD', amountMinor: 100_00 }),
    ],
    { 100: 1, 50: 1, 20: 10, 10: 4 },
  ],
  [
    'notes that were swapped',
    [
      act('cash.swapped', {
        ...{ amountMinor: 100_00, given: pieces({ 20: 5 }), taken: pieces({ 100: 1 }) },
      }),
    ],
    { 100: 4, 20: 5, 10: 4 },
  ],
  [
    'what was given to another drawer, and what came and was declined',
    [
      act('cash.given', { amountMinor: 100_00, pieces: pieces({ 100: 1 }) }),
      act('cash.received', { answer: 'declined', countedMinor: 100_00 }),
      act('cash.received', { answer: 'accepted', countedMinor: 40_00 }),
    ],
    { 100: 2, 20: 12, 10: 4 },
  ],
  [
    'an advance and what came back of it',
    [
      act('expense.paid', { amountMinor: 100_00 }),
      act('expense.settled', { returnedMinor: 10_00 }),
    ],
    { 100: 2, 20: 10, 10: 5 },
  ],
  [
    'a count of one face',
    [act('till.counted', { kind: 'cycle', faces: pieces({ 20: 7 }) })],
    { 100: 3, 20: 7, 10: 4 },
  ],
  [
    'a count of all, and a hand-over',
    [
      act('till.counted', { kind: 'snap', faces: pieces({ 20: 7 }) }),
      act('till.handed_over', { counted: [{ currency: 'THB', pieces: pieces({ 100: 1 }) }] }),
    ],
    { 100: 1 },
  ],
])('the drawer is followed by piece through %s', (_, facts, expected) => {
  expect(after(opened, ...facts)).toEqual(pieces(expected))
})

test('a drawer whose float was not counted by piece is known once it is counted', () => {
  const unknown = act('till.opened', { floatMinor: 100_00 })
  const paid = act('cash.moved', { kind: 'top_up', amountMinor: 50_00 })
  expect(after(unknown, paid)).toBeUndefined()
  expect(after(unknown, paid, act('till.counted', { kind: 'cycle', faces: [] }))).toBeUndefined()
  const all = act('till.counted', { kind: 'snap', faces: pieces({ 50: 3 }) })
  expect(after(unknown, all, paid)).toEqual(pieces({ 50: 4 }))
})
