import { expect, test } from 'vitest'
import { type PinEntry, pressPinKey, startPin } from './pin-entry.ts'

type Key = Parameters<typeof pressPinKey>[1]
const type = (entry: PinEntry, keys: readonly Key[]) =>
  keys.reduce((held, key) => pressPinKey(held, key).entry, entry)

test('a number, Enter, a PIN, Enter', () => {
  const typed = type(startPin(), ['1', '0', '1', 'enter', '4', '3', '2', '1'])
  expect(typed).toEqual({ field: 'pin', number: '101', pin: '4321' })
  const { entry, done } = pressPinKey(typed, 'enter')
  expect(done).toEqual({ number: '101', pin: '4321' })
  expect(entry.pin).toBe('')
})

test('nothing is done before both are there', () => {
  expect(pressPinKey(startPin(), 'enter').entry.field).toBe('number')
  const short = type(startPin('101'), ['1', '2', '3'])
  expect(pressPinKey(short, 'enter').done).toBeUndefined()
})

test('keys go to the field that is active, and no further than it takes', () => {
  const long = type(
    startPin('101'),
    Array.from({ length: 20 }, () => '7' as const),
  )
  expect(long).toEqual({ field: 'pin', number: '101', pin: '7'.repeat(12) })
  expect(type(long, ['backspace']).pin).toHaveLength(11)
  expect(type(long, ['clear']).pin).toBe('')
})
