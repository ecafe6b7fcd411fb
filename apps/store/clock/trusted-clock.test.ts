import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { Wire } from '@tillkeeper/sync/link/ports.ts'
import { expect, test } from 'vitest'
import { createTrustedClock } from './trusted-clock.ts'

const noon = Date.parse('2026-11-20T12:00:00.000Z')
const floor = { hlcHigh: hlcZero, cloudMs: 0, builtMs: noon - 86_400_000 }
/** A computer whose clocks a test sets. */
const computer = (wallMs: number) => {
  const clocks = { wallMs, monotonicMs: 0 }
  return {
    read: () => ({ ...clocks }),
    pass: (ms: number) => {
      clocks.wallMs += ms
      clocks.monotonicMs += ms
    },
    set: (ms: number) => {
      clocks.wallMs = ms
    },
  }
}
const cloudSays = (now: number | undefined, tripMs: number, pass: (ms: number) => void) =>
  ({
    hello: async () => {
      pass(tripMs)
      return now === undefined
        ? refused({ code: 'offline' })
        : accepted({ now: new Date(now).toISOString() })
    },
  }) as unknown as Wire
const hello = undefined as never

test('a dead battery, then the word of the cloud, then a hand on the clock', async () => {
  const { read, pass, set } = computer(Date.parse('2001-01-01T00:00:00.000Z'))
  const clock = createTrustedClock(floor, read)
  expect(clock.now().getTime()).toBe(floor.builtMs)
  await clock.listenTo(cloudSays(undefined, 100, pass)).hello(hello)
  expect(clock.offsetMs()).toBeUndefined()
  await clock.listenTo(cloudSays(noon, 400, pass)).hello(hello)
  expect(clock.now().getTime()).toBe(noon + 200)
  set(noon + 730 * 86_400_000)
  pass(60_000)
  expect(clock.now().getTime()).toBe(noon + 60_200)
  set(noon - 3_600_000)
  pass(60_000)
  expect(clock.now().getTime()).toBe(noon + 120_200)
})

test('a clock that was years ahead comes back to the time that the cloud says', async () => {
  const { read, pass } = computer(noon + 730 * 86_400_000)
  const ahead = { ...floor, cloudMs: noon + 700 * 86_400_000 }
  const clock = createTrustedClock(ahead, read)
  await clock.listenTo(cloudSays(noon, 0, pass)).hello(hello)
  expect(clock.now().getTime()).toBe(noon)
  expect(clock.offsetMs()).toBe(730 * 86_400_000)
})
