import { type Hlc, hlcMs, hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import {
  aheadHardMs,
  aheadSoftMs,
  dueMs,
  judgeClock,
  mergeClock,
} from '@tillkeeper/facts/seal/judge-clock.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ClockReading,
  hearTime,
  jumpMs,
  noteClocks,
  startTrustedTime,
  trustedMs,
} from './trusted-time.ts'

const now = Date.parse('2026-11-20T08:00:00.000Z')
const at = (wallMs: number, monotonicMs: number): ClockReading => ({ wallMs, monotonicMs })
const noFloor = { hlcHigh: hlcZero, cloudMs: 0, builtMs: 0 }
const readingAt = (ms: number): Hlc => nextHlc(hlcZero, ms)

test('a start with a dead battery is never before what is known to be past', () => {
  const year2001 = Date.parse('2001-01-01T00:00:00.000Z')
  for (const floor of [
    { ...noFloor, hlcHigh: readingAt(now) },
    { ...noFloor, cloudMs: now },
    { ...noFloor, builtMs: now },
  ]) {
    const time = startTrustedTime(at(year2001, 10), floor)
    expect(trustedMs(time, at(year2001, 10))).toBe(now)
    expect(trustedMs(time, at(year2001, 1_010))).toBe(now + 1_000)
  }
})

test('the parent’s word is taken with half of the exchange on top, and carried on', () => {
  const wrong = now + 3_600_000
  let time = startTrustedTime(at(wrong, 0), noFloor)
  time = hearTime(time, { sentMonotonicMs: 100, received: at(wrong + 500, 500), parentMs: now })
  expect(time.offsetMs).toBe(3_600_000 + 500 - 200)
  expect(trustedMs(time, at(0, 500))).toBe(now + 200)
  // Whatever the wall clock says in between.
  expect(trustedMs(time, at(0, 60_500))).toBe(now + 60_200)
})

test.for([
  { by: jumpMs, source: 'wall' },
  { by: jumpMs + 1, source: 'jumped' },
  { by: -jumpMs - 1, source: 'jumped' },
  { by: 2 * 365 * 86_400_000, source: 'jumped' },
])('a wall clock that jumps by $by ms is $source', ({ by, source }) => {
  let time = startTrustedTime(at(now, 0), noFloor)
  time = noteClocks(time, at(now + 10_000, 10_000))
  time = noteClocks(time, at(now + 20_000 + by, 20_000))
  expect(time.source).toBe(source)
  expect(trustedMs(time, at(now + 30_000 + by, 30_000))).toBe(now + 30_000)
  // A hello makes it good again.
  const received = at(now + 31_000 + by, 31_000)
  time = hearTime(time, { sentMonotonicMs: 31_000, received, parentMs: now + 31_000 })
  expect(time.source).toBe('parent')
  time = noteClocks(time, at(now + 32_000 + by, 32_000))
  expect(time.source).toBe('parent')
})

test('between two words of the parent time never runs back, however the wall clock jumps', () => {
  const step = fc.record({
    passes: fc.nat({ max: 100_000 }),
    wall: fc.integer({ min: -1e10, max: 1e10 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let time = startTrustedTime(at(now, 0), { ...noFloor, builtMs: now - 1_000 })
      let [monotonicMs, before] = [0, 0]
      for (const { passes, wall } of steps) {
        monotonicMs += passes
        time = noteClocks(time, at(now + wall, monotonicMs))
        const ms = trustedMs(time, at(now + wall, monotonicMs))
        expect(ms).toBeGreaterThanOrEqual(before)
        expect(ms).toBe(now + monotonicMs)
        before = ms
      }
    }),
  )
})

test.for([
  { ahead: -1e12, kind: 'fine', aheadMs: 0 },
  { ahead: aheadSoftMs, kind: 'fine', aheadMs: aheadSoftMs },
  { ahead: aheadSoftMs + 1, kind: 'ahead', aheadMs: aheadSoftMs + 1 },
  { ahead: aheadHardMs, kind: 'ahead', aheadMs: aheadHardMs },
  { ahead: aheadHardMs + 1, kind: 'future', aheadMs: aheadHardMs + 1 },
])('a fact that is $ahead ms ahead is $kind', ({ ahead, kind, aheadMs }) => {
  expect(judgeClock(readingAt(now + ahead), now)).toEqual({ kind, aheadMs })
})

test('what is held back is due when it is not from the future any more', () => {
  const hlc = readingAt(now + 2 * aheadHardMs)
  expect(judgeClock(hlc, dueMs(hlc)).kind).not.toBe('future')
  expect(judgeClock(hlc, dueMs(hlc) - 1).kind).toBe('future')
})

test('a batch moves the clock to its latest reading that is not from the future, and never back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 20 }),
      fc.integer({ min: -1e6, max: 1e6 }),
      (aheads, held) => {
        const before = readingAt(now + held)
        const readings = aheads.map((ahead) => readingAt(now + ahead))
        const after = mergeClock(before, readings, now)
        expect(after >= before).toBe(true)
        const believed = aheads.filter((ahead) => ahead <= aheadHardMs)
        expect(hlcMs(after)).toBe(now + Math.max(held, ...believed))
      },
    ),
  )
})

test('70,000 facts of one tick overflow nothing', () => {
  let hlc = readingAt(now)
  const readings = Array.from({ length: 70_000 }, () => {
    hlc = nextHlc(hlc, now)
    return hlc
  })
  const merged = mergeClock(hlcZero, readings, now)
  expect(merged).toBe(hlc)
  expect(nextHlc(merged, now) > merged).toBe(true)
})
