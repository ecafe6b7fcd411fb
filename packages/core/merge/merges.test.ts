import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minor } from '../money/money.ts'
import { someDeliveries, someStamps, stampOf } from './deliveries.gen.ts'
import { takeOnce } from './once.ts'
import { findPrice, type PriceVersion, type PriceVersions, takePrice } from './price.ts'
import { type Register, takeRegisterEdit } from './register.ts'
import {
  readSessionSteps,
  type SessionStep,
  type SessionSteps,
  takeSessionStep,
} from './session-steps.ts'
import { compareStamps } from './stamp.ts'

// Each merge must end the same in every order of delivery, with every fact repeated.

test.for([
  { a: [0, '2', 'x'], b: [0, '1', 'y'], wins: 'a' },
  { a: [0, '1', 'x'], b: [0, '1', 'y'], wins: 'b' }, // Equal readings: the greater id.
  { a: [0, 'ffff', 'x'], b: [1, '0', 'a'], wins: 'b' }, // A reseal beats any clock.
  { a: [1, '1', 'x'], b: [1, '2', 'a'], wins: 'b' },
] as const)('of $a and $b, $wins stays', ({ a, b, wins }) => {
  const [first, second] = [a, b].map(([rep, hlc, factId]) => ({ rep, hlc, factId, value: factId }))
  if (first === undefined || second === undefined) throw new Error('two edits')
  const winner = wins === 'a' ? first : second
  expect(takeRegisterEdit(first, second)).toBe(winner)
  expect(takeRegisterEdit(second, first)).toBe(winner)
})

test('a register ends with its latest edit, in every order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }).chain((count) => someStamps(count)),
      (rows) => {
        const edits = rows.map((row, index) => ({ ...stampOf(row, index), value: index }))
        const latest = [...edits].sort(compareStamps).at(-1)
        for (const order of someDeliveries(edits)) {
          let held: Register<number> | undefined
          for (const edit of order) held = takeRegisterEdit(held, edit)
          expect(held).toEqual(latest)
        }
      },
    ),
    { numRuns: 40 },
  )
})

const step = fc.constantFrom<Omit<SessionStep, 'factId'>>(
  { from: 'unknown', to: 'open' },
  { from: 'open', to: 'closed' },
)

test('a session is as far as any step took it, and two steps out of one state are an exception', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 9 }), (rows) => {
      const steps = rows.map((row, index) => ({ ...row, factId: `f${index}` }))
      const closes = steps.filter(({ from }) => from === 'open')
      const opens = steps.filter(({ from }) => from === 'unknown')
      for (const order of someDeliveries(steps)) {
        let held: SessionSteps = new Map()
        for (const each of order) held = takeSessionStep(held, each)
        const { state, exceptions } = readSessionSteps(held)
        expect(state).toBe(closes.length > 0 ? 'closed' : opens.length > 0 ? 'open' : 'unknown')
        expect(exceptions.map(({ from }) => from)).toEqual([
          ...(opens.length > 1 ? ['unknown'] : []),
          ...(closes.length > 1 ? ['open'] : []),
        ])
        for (const { factIds } of exceptions) expect(factIds).toEqual([...factIds].sort())
      }
    }),
    { numRuns: 60 },
  )
})

const day = (index: number) => `2026-03-0${index}T00:00:00.000Z`
const days = fc.integer({ min: 1, max: 5 })

test('the price at an instant is the highest that is valid then, in every order', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          prio: fc.constantFrom(0, 0, 1),
          from: days,
          lasts: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
          hlc: fc.constantFrom('1', '2'),
        }),
        { maxLength: 7 },
      ),
      days,
      (rows, atDay) => {
        const at = day(atDay)
        const prices = rows.map(
          ({ prio, from, lasts, hlc }, index): PriceVersion => ({
            ...{ prio, hlc, factId: `f${index}`, from: day(from), minor: minor(100 + index) },
            ...(lasts === undefined ? {} : { to: day(from + lasts) }),
          }),
        )
        // The order of texts is the order of the parts: each has one length.
        const rank = ({ prio, from, hlc, factId }: PriceVersion) => `${prio}${from}${hlc}${factId}`
        const valid = prices.filter((price) => price.from <= at && (price.to ?? '9') > at)
        const best = valid.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).at(-1)
        for (const order of someDeliveries(prices)) {
          let held: PriceVersions = new Map()
          for (const price of order) held = takePrice(held, price)
          expect(findPrice(held, at)).toEqual(best)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('a price ends at its end: the moment itself is the next one’s', () => {
  const price = { factId: 'a', hlc: '1', prio: 1, from: day(2), to: day(3), minor: minor(5) }
  const held = takePrice(new Map(), price)
  expect(findPrice(held, day(1))).toBeUndefined()
  expect(findPrice(held, day(2))).toBe(price)
  expect(findPrice(held, day(3))).toBeUndefined()
})

test('an act is there once, as it was', () => {
  const held = takeOnce(takeOnce(new Map<string, number>(), 'a', 1), 'a', 2)
  expect([...held]).toEqual([['a', 1]])
})
