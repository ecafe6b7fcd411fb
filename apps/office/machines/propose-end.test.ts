import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesBetween, keptBy, movedBetween, proposeEnd } from './propose-end.ts'
import type { StockLine } from './stock-picture.ts'

const THB = 'THB' as Currency
const of = (face: number, pieces: number) => ({ faceMinor: minor(face), pieces })
const line = (face: number, pieces: number, more: Partial<StockLine> = {}): StockLine => ({
  ...{ unit: 'recycling', currency: THB, ...of(face, pieces), level: 'normal', ...more },
})
const cash = (...pieces: ReturnType<typeof of>[]) => ({
  currency: THB,
  minor: minor(pieces.reduce((all, { faceMinor, pieces: n }) => all + faceMinor * n, 0)),
  pieces,
})
const payIn = { kind: 'pay_in', amountMinor: minor(80_00) } as const
const before = [line(100_00, 5), line(20_00, 10)]
const attempt = { work: payIn, currency: THB, before, after: null, in: null, out: null }

test('what it held before and after says what moved, whatever it said', () => {
  const after = [line(100_00, 6), line(20_00, 9)]
  const said = { in: cash(of(100_00, 1)), out: cash() }
  const proposal = proposeEnd({ ...attempt, after, ...said })
  expect(proposal).toEqual({ in: [of(100_00, 1)], out: [of(20_00, 1)], from: 'stock' })
  expect(keptBy(proposal)).toBe(80_00)
})

test('its word is taken where the stock comes to the same: it knows what went both ways', () => {
  const after = [line(100_00, 5), line(20_00, 9)]
  const said = { in: cash(of(100_00, 1)), out: cash(of(100_00, 1), of(20_00, 1)) }
  expect(proposeEnd({ ...attempt, after, ...said })).toEqual({
    ...{ in: [of(100_00, 1)], out: [of(100_00, 1), of(20_00, 1)], from: 'stock' },
  })
})

test('a stock that nobody read is what lies there now, if nothing was done since', () => {
  const now = [line(100_00, 6), line(20_00, 10)]
  expect(proposeEnd(attempt, now)).toMatchObject({ in: [of(100_00, 1)], out: [], from: 'stock' })
  const said = { in: cash(of(100_00, 1)), out: cash() }
  expect(proposeEnd({ ...attempt, ...said })).toMatchObject({ in: [of(100_00, 1)], from: 'said' })
  expect(proposeEnd(attempt)).toEqual({ in: [], out: [], from: 'nothing' })
  expect(proposeEnd({ ...attempt, before: null }, now).from).toBe('nothing')
})

test('a collection moves what left the stock that gives change, also into the cash box', () => {
  const pieces = [of(100_00, 2)]
  const work = { kind: 'collect' as const, to: 'cash_box' as const, pieces }
  const after = [line(100_00, 3), line(20_00, 10), line(100_00, 2, { unit: 'cash_box' })]
  expect(movedBetween({ work, currency: THB, before, after })).toEqual({
    ...{ in: [], out: [of(100_00, 2)] },
  })
})

test('other currencies and the part that a note lies in move nothing', () => {
  const euro = { currency: 'EUR' as Currency }
  const after = [
    line(100_00, 4),
    line(100_00, 1, { unit: 'cash_box' }),
    line(20_00, 10),
    line(5_00, 3, euro),
  ]
  expect(movedBetween({ work: payIn, currency: THB, before, after })).toEqual({ in: [], out: [] })
  expect(changesBetween(before, after)).toEqual([{ ...euro, faceMinor: 5_00, before: 0, after: 3 }])
})

test('what is proposed from the stock is worth exactly what the stock changed by', () => {
  const pieces = fc.array(fc.nat(500), { minLength: 4, maxLength: 4 })
  const faces = [1_000_00, 100_00, 20_00, 25]
  fc.assert(
    fc.property(pieces, pieces, pieces, (was, is, told) => {
      const stock = (counts: readonly number[]) =>
        faces.map((face, index) => line(face, counts[index] ?? 0))
      const worth = (counts: readonly number[]) =>
        faces.reduce((all, face, index) => all + face * (counts[index] ?? 0), 0)
      const said = cash(...faces.map((face, index) => of(face, told[index] ?? 0)))
      const proposal = proposeEnd({
        ...{ ...attempt, before: stock(was), after: stock(is), in: said, out: said },
      })
      expect(keptBy(proposal)).toBe(worth(is) - worth(was))
    }),
  )
})
