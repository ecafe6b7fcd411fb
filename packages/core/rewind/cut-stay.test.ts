import { expect, test } from 'vitest'
import type { Instant } from '../base/instant.ts'
import { cutStay, type RewoundAct } from './cut-stay.ts'

const at = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, '0')}:00.000Z` as Instant
/** `opened 0` at minute 0; its id is the same text. */
const acts = (...texts: readonly string[]): RewoundAct[] =>
  texts.map((text) => {
    const [kind = '', minute] = text.split(' ')
    return { id: text, kind, at: at(Number(minute)) }
  })
const cut = (
  list: readonly RewoundAct[],
  { before, after, loose = [] }: { before?: number; after?: number; loose?: RewoundAct[] } = {},
) =>
  cutStay(list, {
    before: before === undefined ? undefined : at(before),
    after: after === undefined ? undefined : at(after),
    loose,
  }).map(({ id }) => id)

test('a session that stayed at its till is one stay', () => {
  const day = acts('opened 0', 'sale 1', 'suspended 2', 'resumed 3', 'closed 9')
  expect(cut(day)).toEqual(day.map(({ id }) => id))
})

test('a session that rested while another had the till has two stays', () => {
  const day = acts('opened 0', 'sale 1', 'suspended 2', 'resumed 6', 'sale 7', 'closed 9')
  expect(cut(day, { after: 4 })).toEqual(['opened 0', 'sale 1', 'suspended 2'])
  expect(cut(day, { before: 4 })).toEqual(['resumed 6', 'sale 7', 'closed 9'])
})

test('a drawer that was away and came back is one stay where nobody came between', () => {
  const day = acts('opened 0', 'moved_away 2', 'moved_here 5', 'closed 9')
  expect(cut(day)).toEqual(['opened 0', 'moved_away 2', 'moved_here 5', 'closed 9'])
  expect(cut(day, { after: 3 })).toEqual(['opened 0', 'moved_away 2'])
  expect(cut(day, { before: 3 })).toEqual(['moved_here 5', 'closed 9'])
})

test('a drawer that leaves a till that is another session’s by then had left it before', () => {
  const day = acts('opened 0', 'suspended 2', 'moved_away 6')
  expect(cut(day, { after: 4 })).toEqual(['opened 0', 'suspended 2'])
  expect(cut(day)).toEqual(['opened 0', 'suspended 2', 'moved_away 6'])
})

test('what a till sold in a session that had left it is of the stay that was there', () => {
  const day = acts('opened 0', 'suspended 2', 'sale 5', 'resumed 6', 'closed 9')
  expect(cut(day, { after: 4 })).toEqual(['opened 0', 'suspended 2', 'sale 5'])
})

test('what a clock puts before the beginning is of the first stay', () => {
  const day = acts('sale 0', 'opened 1', 'suspended 2', 'resumed 6')
  expect(cut(day, { after: 4 })).toEqual(['sale 0', 'opened 1', 'suspended 2'])
  expect(cut(day, { before: 4 })).toEqual(['resumed 6'])
})

test('a drawer that was opened in no session is seen with whose came there last', () => {
  const day = acts('opened 2', 'closed 5')
  const loose = acts('no_sale 1', 'no_sale 3', 'no_sale 6', 'no_sale 8')
  expect(cut(day, { loose, after: 8 })).toEqual(['opened 2', 'no_sale 3', 'closed 5', 'no_sale 6'])
})
