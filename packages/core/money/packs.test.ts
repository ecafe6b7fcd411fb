import { expect, test } from 'vitest'
import { denominationsOf } from './denominations.ts'
import { type Currency, minor } from './money.ts'
import { packOf } from './packs.ts'

test.for([
  ['THB', 100_000, { kind: 'bundle', pieces: 100 }],
  ['THB', 1_000, { kind: 'roll', pieces: 100 }],
  ['THB', 25, undefined],
  ['EUR', 200, { kind: 'roll', pieces: 25 }],
  ['USD', 25, { kind: 'roll', pieces: 40 }],
  ['USD', 7, undefined],
  ['XXX', 100, undefined],
] as const)('%s %s', ([currency, face, pack]) => {
  expect(packOf(currency as Currency, minor(face))).toEqual(pack)
})

test('coins of euro and dollar that can be bought in rolls all have one', () => {
  for (const currency of ['EUR', 'USD'] as Currency[]) {
    for (const { faceMinor } of denominationsOf(currency)) {
      expect(packOf(currency, faceMinor)?.pieces).toBeGreaterThan(1)
    }
  }
})
