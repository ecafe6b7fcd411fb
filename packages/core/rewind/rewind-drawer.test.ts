import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Currency, minor } from '../money/money.ts'
import { type DrawerLeg, rewindDrawer } from './rewind-drawer.ts'

const thb = 'THB' as Currency
const usd = 'USD' as Currency
const pieces = (face: number, count: number) => [{ faceMinor: minor(face), pieces: count }]
const leg = (factId: string, into: boolean, amount: number, more: Partial<DrawerLeg> = {}) => ({
  ...{ factId, into, currency: thb, amountMinor: minor(amount) },
  ...more,
})
const float = [{ currency: thb, minor: minor(50_000), pieces: pieces(10_000, 5) }]

test('an act is what lies between before and after, by piece as far as it is known', () => {
  const legs = [
    leg('one', true, 10_000, { pieces: pieces(10_000, 1) }),
    leg('two', true, 50_000),
    leg('two', false, 20_000, { pieces: pieces(10_000, 2) }),
  ]
  expect(rewindDrawer(float, legs, 'two')).toEqual({
    before: [{ currency: thb, balanceMinor: 60_000, pieces: pieces(10_000, 6), unknownMinor: 0 }],
    after: [
      { currency: thb, balanceMinor: 90_000, pieces: pieces(10_000, 4), unknownMinor: 50_000 },
    ],
  })
})

test('what goes out uncounted may be of the pieces that are listed', () => {
  const { after } = rewindDrawer(float, [leg('drop', false, 30_000)], 'drop')
  expect(after).toEqual([
    { currency: thb, balanceMinor: 20_000, pieces: pieces(10_000, 5), unknownMinor: -30_000 },
  ])
})

test('a face that more went out of than came in was among the unknown', () => {
  const out = leg('swap', false, 2_000, { pieces: pieces(2_000, 1) })
  const { after } = rewindDrawer([{ currency: thb, minor: minor(5_000) }], [out], 'swap')
  expect(after).toEqual([{ currency: thb, balanceMinor: 3_000, pieces: [], unknownMinor: 3_000 }])
})

test('another currency comes with the act that brings it, and an act without cash moves nothing', () => {
  const legs = [leg('usd', true, 2_000, { currency: usd, pieces: pieces(2_000, 1) })]
  const none = { balanceMinor: 0, pieces: [], unknownMinor: 0 }
  expect(rewindDrawer(float, legs, 'usd').before[1]).toEqual({ currency: usd, ...none })
  const { before, after } = rewindDrawer(float, legs, 'card')
  expect(before).toEqual(after)
})

test('stepping act by act is one chain: after each is before the next, and the end is the sum', () => {
  const acts = fc.array(
    fc.record({ into: fc.boolean(), face: fc.constantFrom(100, 500, 2_000), count: fc.nat(9) }),
    { minLength: 2, maxLength: 20 },
  )
  fc.assert(
    fc.property(acts, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (moved, known) => {
      const legs = moved.map(({ into, face, count }, index) =>
        leg(
          `act ${index}`,
          into,
          face * count,
          known[index] ? { pieces: pieces(face, count) } : {},
        ),
      )
      const at = (index: number) => rewindDrawer(float, legs.slice(0, index + 1), `act ${index}`)
      for (let index = 1; index < legs.length; index += 1) {
        expect(at(index).before).toEqual(at(index - 1).after)
      }
      const sum = legs.reduce((all, each) => all + (each.into ? 1 : -1) * each.amountMinor, 50_000)
      const [end] = at(legs.length - 1).after
      expect(end?.balanceMinor).toBe(sum)
      const worth = (end?.pieces ?? []).reduce((all, row) => all + row.faceMinor * row.pieces, 0)
      expect(worth + (end?.unknownMinor ?? 0)).toBe(sum)
    }),
  )
})
