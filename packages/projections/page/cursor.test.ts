import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor, toPage } from './cursor.ts'

const instant = '2026-03-02T01:00:00.000Z'
const uuid = '019cac0f-2680-7000-8000-000000000001'

test('a cursor is read as it was written, where its parts are what they should be', () => {
  const text = encodeCursor([instant, uuid, 'Ö'])
  expect(decodeCursor(text, ['instant', 'uuid', 'text'])).toEqual([instant, uuid, 'Ö'])
  expect(decodeCursor(text, ['uuid', 'uuid', 'text'])).toBeUndefined()
  expect(decodeCursor(text, ['instant', 'uuid'])).toBeUndefined()
  expect(decodeCursor(encodeCursor(['a\0']), ['text'])).toBeUndefined()
  expect(decodeCursor(encodeCursor(['x'.repeat(3_000)]), ['text'])).toBeUndefined()
})

test('no text makes a cursor throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const keys = decodeCursor(text, ['instant', 'uuid'])
      expect(keys === undefined || keys.length === 2).toBe(true)
    }),
  )
})

test('a page names what follows only where something does', () => {
  const keys = (item: number) => [String(item)]
  expect(toPage([1, 2, 3], 2, keys)).toEqual({ items: [1, 2], next: encodeCursor(['2']) })
  expect(toPage([1, 2], 2, keys)).toEqual({ items: [1, 2], next: null })
  expect(toPage([], 2, keys)).toEqual({ items: [], next: null })
})
