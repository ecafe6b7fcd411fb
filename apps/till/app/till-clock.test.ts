import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import { expect, test } from 'vitest'
import { isClockOff, startTillClock } from './till-clock.ts'

const evening = Date.parse('2026-11-21T16:59:00.000Z') // One minute before midnight in Bangkok.
const twoYears = 2 * 365 * 86_400_000

function makeDevice() {
  const device = { wallMs: evening, monotonicMs: 0 }
  return {
    read: () => ({ ...device }),
    pass: (ms: number) => {
      device.wallMs += ms
      device.monotonicMs += ms
    },
    set: (wallMs: number) => {
      device.wallMs = wallMs
    },
  }
}

test.for([twoYears, -twoYears, -60_000])(
  'a cashier who moves the clock by %i ms moves no sale',
  (by) => {
    const device = makeDevice()
    const clock = startTillClock({ read: device.read, hlcHigh: hlcZero, builtMs: 0 })
    clock.hear(evening, 0)
    device.pass(10_000)
    device.set(evening + 10_000 + by)
    expect(clock.nowMs()).toBe(evening + 10_000)
    const instant = new Date(clock.nowMs()).toISOString()
    expect(businessDateOf(instant, 'Asia/Bangkok')).toBe('2026-11-21')
    device.pass(5_000)
    expect(clock.nowMs()).toBe(evening + 15_000)
    expect(clock.state()).toEqual({ jumped: true, aheadMs: by })
    expect(isClockOff(clock.state())).toBe(Math.abs(by) > 120_000)
    // The store server says the time again: the till knows, and the device's clock is still off.
    clock.hear(evening + 15_000, 15_000)
    expect(clock.state()).toEqual({ jumped: false, aheadMs: by })
  },
)

test('a start whose battery is dead is never before what was sealed', () => {
  const device = makeDevice()
  device.set(Date.parse('2001-01-01T00:00:00.000Z'))
  const hlcHigh = nextHlc(hlcZero, evening)
  const clock = startTillClock({ read: device.read, hlcHigh, builtMs: 0 })
  expect(clock.nowMs()).toBe(evening)
})
