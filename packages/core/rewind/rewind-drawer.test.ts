import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TillId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { type DrawerLeg, rewindDrawer } from './rewind-drawer.ts'

const thb = 'THB' as Currency
const usd = 'USD' as Currency
const pieces = (face: number, count: number) => [{ faceMinor: minor(face), pieces: count }]
const [here, there] = ['here' as TillId, 'there' as TillId]
const leg = (factId: string, into: boolean, amount: number, more: Partial<DrawerLeg> = {}) => ({
  ...{ factId, ...(into ? { into: here } : { from: here }) },
  ...{ currency: thb, amountMinor: minor(amount) },
  ...more,
})
const float = [{ currency: thb, minor: minor(50_000), pieces: pieces(10_000, 5) }]
const rewind = (cash: typeof float, legs: readonly DrawerLeg[], actId: string, tillId = here) =>
  rewindDrawer({ tillId, counted: { tillId: here, cash }, legs, actId })

test('an act is what lies between before and after, by piece as far as it is known', () => {
  const legs = [
    leg('one', true, 10_000, { pieces: pieces(10_000, 1) }),
    leg('two', true, 50_000),
    leg('two', false, 20_000, { pieces: pieces(10_000, 2) }),
  ]
  expect(rewind(float, legs, 'two')).toEqual({
    before: [{ currency: thb, balanceMinor: 60_000, pieces: pieces(10_000, 6), unknownMinor: 0 }],
    after: [
      { currency: thb, balanceMinor: 90_000, pieces: pieces(10_000, 4), unknownMinor: 50_000 },
    ],
  })
})

test('what goes out uncounted may be of the pieces that are listed', () => {
  const { after } = rewind(float, [leg('drop', false, 30_000)], 'drop')
  expect(after).toEqual([
    { currency: thb, balanceMinor: 20_000, pieces: pieces(10_000, 5), unknownMinor: -30_000 },
  ])
})

test('a face that more went out of than came in was among the unknown', () => {
  const out = leg('swap', false, 2_000, { pieces: pieces(2_000, 1) })
  const { after } = rewind([{ currency: thb, minor: minor(5_000), pieces: [] }], [out], 'swap')
  expect(after).toEqual([{ currency: thb, balanceMinor: 3_000, pieces: [], unknownMinor: 3_000 }])
})

test('another currency comes with the act that brings it, and an act without cash moves nothing', () => {
  const legs = [leg('usd', true, 2_000, { currency: usd, pieces: pieces(2_000, 1) })]
  const none = { balanceMinor: 0, pieces: [], unknownMinor: 0 }
  expect(rewind(float, legs, 'usd').before[1]).toEqual({ currency: usd, ...none })
  const { before, after } = rewind(float, legs, 'card')
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
      const at = (index: number) => rewind(float, legs.slice(0, index + 1), `act ${index}`)
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

const carry = (factId: string, from: TillId, into: TillId, amount: number) => ({
  ...{ factId, from, into, currency: thb, amountMinor: minor(amount) },
})

test('a drawer that is carried leaves nothing, and takes its notes along', () => {
  const legs = [
    carry('move', here, there, 50_000),
    leg('sale', true, 2_000, { into: there, pieces: pieces(2_000, 1) }),
  ]
  const full = [{ currency: thb, balanceMinor: 50_000, pieces: pieces(10_000, 5), unknownMinor: 0 }]
  const empty = [{ currency: thb, balanceMinor: 0, pieces: [], unknownMinor: 0 }]
  const moved = legs.slice(0, 1)
  expect(rewind(float, moved, 'move')).toEqual({ before: full, after: empty })
  expect(rewind(float, moved, 'move', there)).toEqual({ before: empty, after: full })
  expect(rewind(float, legs, 'sale', there).after).toEqual([
    {
      ...{ currency: thb, balanceMinor: 52_000, unknownMinor: 0 },
      pieces: [...pieces(10_000, 5), ...pieces(2_000, 1)],
    },
  ])
  expect(rewind(float, legs, 'sale')).toEqual({ before: empty, after: empty })
})

test('what was sold before a move and known after it stays on the books of the till it was sold at', () => {
  const legs = [leg('late', true, 700), carry('move', here, there, 50_000)]
  expect(rewind(float, legs, 'move').after[0]?.balanceMinor).toBe(700)
  expect(rewind(float, legs, 'move', there).after[0]?.balanceMinor).toBe(50_000)
})

test('wherever a drawer is carried, all tills together hold what was counted and what moved since', () => {
  const acts = fc.array(
    fc.record({ kind: fc.constantFrom('in', 'out', 'carry'), face: fc.constantFrom(100, 500) }),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(acts, (moved) => {
      let at = here
      const legs = moved.map(({ kind, face }, index): DrawerLeg => {
        if (kind !== 'carry') {
          const known = { pieces: pieces(face, 1) }
          const place =
            kind === 'in' ? { into: at, from: undefined } : { from: at, into: undefined }
          return leg(`act ${index}`, kind === 'in', face, { ...known, ...place })
        }
        const from = at
        at = from === here ? there : here
        const sum = moved
          .slice(0, index)
          .reduce((all, each) => all + (signs[each.kind] ?? 0) * each.face, 50_000)
        return carry(`act ${index}`, from, at, sum)
      })
      const end = (tillId: TillId) => rewind(float, legs, 'none', tillId).after
      const sum = moved.reduce((all, each) => all + (signs[each.kind] ?? 0) * each.face, 50_000)
      expect((end(here)[0]?.balanceMinor ?? 0) + (end(there)[0]?.balanceMinor ?? 0)).toBe(sum)
      // All that is known by piece is where the drawer is, and nothing of it is anywhere else.
      const other = end(at === here ? there : here)[0]
      expect(other?.pieces ?? []).toEqual([])
    }),
  )
})

const signs: Readonly<Record<string, number>> = { in: 1, out: -1, carry: 0 }
