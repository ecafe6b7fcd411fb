import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Hlc, hlcMs, hlcPattern, hlcZero, laterHlc, nextHlc } from './hlc.ts'

const hlc = (text: string) => text as Hlc
const ms48 = fc.integer({ min: 0, max: 2 ** 48 - 2 })

test.for([
  { last: hlcZero, now: 0, next: '0000000000000001' },
  { last: hlcZero, now: 1, next: '0000000000010000' },
  { last: hlc('0000000000010000'), now: 1, next: '0000000000010001' }, // The same millisecond.
  { last: hlc('0000000000020005'), now: 1, next: '0000000000020006' }, // The wall clock went back.
  { last: hlc('000000000001ffff'), now: 0, next: '0000000000020000' }, // A full counter carries.
  { last: hlc('000000000001ffff'), now: 1, next: '0000000000020000' },
  { last: hlc('000000000001ffff'), now: 2, next: '0000000000020000' },
  { last: hlc('00000000ffffffff'), now: 0, next: '0000000100000000' }, // Through all its digits.
  { last: hlcZero, now: 2 ** 48 - 1, next: 'ffffffffffff0000' },
])('after $last at $now comes $next', ({ last, now, next }) => {
  expect(nextHlc(last, now)).toBe(next)
})

test('every reading is later than the one before it, however the wall clock jumps', () => {
  fc.assert(
    fc.property(fc.array(ms48, { minLength: 1, maxLength: 50 }), (walls) => {
      let last = hlcZero
      for (const now of walls) {
        const next = nextHlc(last, now)
        expect(next).toMatch(new RegExp(hlcPattern))
        expect(next > last).toBe(true)
        expect(hlcMs(next)).toBeGreaterThanOrEqual(now)
        last = next
      }
      // Never further ahead than the furthest that any wall clock was, but for carries.
      expect(hlcMs(last)).toBeLessThanOrEqual(Math.max(...walls) + 1)
    }),
  )
})

test('a counter that is full again and again carries and never fails', () => {
  let last = hlcZero
  for (let count = 0; count < 200_000; count += 1) {
    const next = nextHlc(last, 0)
    if (next <= last) throw new Error(`${next} does not follow ${last}`)
    last = next
  }
  expect(hlcMs(last)).toBe(3)
})

test('the later of two readings is later by time, then by counter', () => {
  fc.assert(
    fc.property(ms48, ms48, (a, b) => {
      const [first, second] = [nextHlc(hlcZero, a + 1), nextHlc(hlcZero, b + 1)]
      expect(hlcMs(laterHlc(first, second))).toBe(Math.max(a, b) + 1)
      expect(laterHlc(first, second)).toBe(laterHlc(second, first))
    }),
  )
})

test('a time that does not fit is a bug', () => {
  for (const now of [2 ** 48, 1.5, Number.POSITIVE_INFINITY]) {
    expect(() => nextHlc(hlcZero, now)).toThrow('48 bits')
  }
  expect(() => nextHlc(hlc('ffffffffffffffff'), 0)).toThrow('48 bits')
})
