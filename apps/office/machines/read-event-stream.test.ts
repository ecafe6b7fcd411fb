import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventReader } from './read-event-stream.ts'

const stream =
  ': hello\n\ndata: {"a":1}\n\ndata:{"b":"x: y"}\r\n\r\n: still here\n\ndata: 1\ndata: 2\n\n'
const events = ['{"a":1}', '{"b":"x: y"}', '1\n2']

test('events are the same however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const reader = createEventReader()
      const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const heard = at.flatMap((end, index) => reader.take(stream.slice(at[index - 1] ?? 0, end)))
      expect(heard).toEqual(events)
    }),
  )
})

test('what has not ended is not told yet', () => {
  const reader = createEventReader()
  expect(reader.take('data: {"a":1}\n')).toEqual([])
  expect(reader.take('\n')).toEqual(['{"a":1}'])
})

test('a line without an end is refused', () => {
  const reader = createEventReader()
  expect(() => {
    for (let i = 0; i < 200; i += 1) reader.take('x'.repeat(10_000))
  }).toThrow('no end')
})
