import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShopId, StaffId } from '../base/id.ts'
import { denominationsOf } from '../money/denominations.ts'
import { type Currency, minor } from '../money/money.ts'
import { decideOrderChange } from './order-change.ts'
import type { SafeStock } from './safe-stock.ts'
import { type FaceUse, suggestChange, suggestedCash, suggestWeeks } from './suggest-change.ts'

const thb = 'THB' as Currency
const use = (face: number, week: number, pieces: number): FaceUse => ({
  ...{ currency: thb, faceMinor: minor(face), week, pieces },
})
const stockOf = (...faces: [number, number][]): SafeStock => ({
  ...{ currency: thb, known: true, faces: new Map(faces) },
  balanceMinor: minor(faces.reduce((all, [face, pieces]) => all + face * pieces, 0)),
})
const facesOf = (given: Partial<Parameters<typeof suggestChange>[0]>) =>
  suggestChange({ uses: [], stock: [], ordered: [], ...given })[0]?.faces

test('the busiest week counts, less what is there and what is on its way; coins come in rolls', () => {
  const uses = [use(2_000, 0, 30), use(2_000, 2, 70), use(2_000, 2, -10), use(1_000, 3, 130)]
  const ordered = [
    [{ currency: thb, minor: minor(20_000), pieces: [{ faceMinor: minor(2_000), pieces: 10 }] }],
  ]
  expect(facesOf({ uses, stock: [stockOf([2_000, 15], [1_000, 20])], ordered })).toEqual([
    {
      ...{ faceMinor: 2_000, weeks: [0, 60, 0, 30], neededPieces: 60 },
      ...{ heldPieces: 15, orderedPieces: 10, rollPieces: null, pieces: 35 },
    },
    {
      ...{ faceMinor: 1_000, weeks: [130, 0, 0, 0], neededPieces: 130 },
      ...{ heldPieces: 20, orderedPieces: 0, rollPieces: 100, pieces: 200 },
    },
  ])
})

test.for<[string, FaceUse[]]>([
  ['nothing was used', []],
  ['as much came back', [use(2_000, 0, 20), use(2_000, 0, -20)]],
  ['more comes in than goes out', [use(100_000, 0, -20)]],
  ['nobody issues it', [use(3_333, 0, 20)]],
])('nothing is suggested where %s', ([, uses]) => {
  expect(facesOf({ uses })).toBeUndefined()
})

test('what a safe holds less than nothing of, is not ordered twice; and it is not known', () => {
  const suggestions = suggestChange({
    ...{ uses: [use(2_000, 0, 5)], ordered: [] },
    stock: [stockOf([2_000, -7])],
  })
  expect(suggestions).toMatchObject([{ known: false, faces: [{ heldPieces: 0, pieces: 5 }] }])
})

const face = fc.constantFrom(...denominationsOf(thb).map(({ faceMinor }) => faceMinor))
const uses = fc.array(
  fc.record({
    ...{ currency: fc.constant(thb), faceMinor: face },
    week: fc.integer({ min: 0, max: suggestWeeks - 1 }),
    pieces: fc.integer({ min: -300, max: 300 }),
  }),
)
const stock = fc
  .uniqueArray(fc.tuple(face, fc.integer({ min: 0, max: 400 })), { selector: ([of]) => of })
  .map((faces) => [stockOf(...(faces as [number, number][]))])

test('a suggestion is enough for the busiest week, no roll more, an order, and asked again it is nothing', () => {
  fc.assert(
    fc.property(uses, stock, (used, held) => {
      const found = suggestChange({ uses: used, stock: held, ordered: [] })
      for (const { neededPieces, heldPieces, pieces, rollPieces, weeks } of found.flatMap(
        ({ faces }) => faces,
      )) {
        expect(Math.max(...weeks)).toBe(neededPieces)
        expect(heldPieces + pieces).toBeGreaterThanOrEqual(neededPieces)
        if (pieces > 0) expect(heldPieces + pieces - (rollPieces ?? 1)).toBeLessThan(neededPieces)
        expect(pieces % (rollPieces ?? 1)).toBe(0)
      }
      const cash = suggestedCash(found)
      if (cash.length > 0) {
        const order = decideOrderChange('shop' as ShopId, { staffId: 'boss' as StaffId, cash })
        expect(order).toMatchObject({ ok: true, value: { cash } })
      }
      const again = suggestChange({ uses: used, stock: held, ordered: [cash] })
      expect(suggestedCash(again)).toEqual([])
      expect(suggestChange({ uses: [...used].reverse(), stock: held, ordered: [] })).toEqual(found)
    }),
  )
})
