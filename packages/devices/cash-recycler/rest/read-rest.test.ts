import { minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { baht } from '../recycler.gen.ts'
import { readLevels, readTransaction, replyOf, tellsPieces } from './read-rest.ts'

const [hundred, twenty] = [minor(10_000), minor(2_000)]
const sale = {
  ...{ operation: 'payment', reference: '00000000001', requested: 8_000, end: 'normal' },
  ...{ inserted: 10_000, dispensed: 2_000, notDispensed: 0, somethingNew: { deep: [1] } },
}
const pieces = {
  denominationsInserted: [{ value: 10_000, quantity: 1 }],
  denominationsDispensed: [{ value: 2_000, quantity: 1 }],
}
const attempt = {
  ...{ attemptId: 'a', seqNo: '00000000001', currency: baht, before: [] },
  work: { kind: 'pay_in', amountMinor: minor(8_000) },
} as const
const read = (data: unknown) => {
  const transaction = readTransaction(data)
  if (transaction === undefined) throw new Error('it can be read')
  return transaction
}
const line = { unit: 'recycling', currency: baht, level: 'normal' } as const

test('pieces are believed where they are worth what the machine says', () => {
  expect(replyOf(attempt, read({ ...sale, ...pieces }), [])).toEqual({
    ...{ result: 'done', code: 'normal' },
    in: [{ faceMinor: hundred, pieces: 1 }],
    out: [{ faceMinor: twenty, pieces: 1 }],
  })
  const wrong = { ...pieces, denominationsInserted: [{ value: 10_000, quantity: 2 }] }
  expect(tellsPieces(read({ ...sale, ...wrong }))).toBe(false)
})

test('without pieces, what it holds tells them; and what is not worth the same is not believed', () => {
  const before = [{ ...line, faceMinor: twenty, pieces: 5 }]
  const after = [
    { ...line, faceMinor: hundred, pieces: 1 },
    { ...line, faceMinor: twenty, pieces: 4 },
  ]
  const asked = { ...attempt, before }
  expect(replyOf(asked, read(sale), after)).toMatchObject({
    ...{ result: 'done', in: [{ faceMinor: hundred, pieces: 1 }] },
    out: [{ faceMinor: twenty, pieces: 1 }],
  })
  expect(replyOf(asked, read({ ...sale, dispensed: 4_000 }), after).result).toBe('inconsistent')
})

test.each([
  ['normal', 0, 'done'],
  ['normal', 1, 'short'],
  ['Canceled', 0, 'cancelled'],
  ['canceled', 500, 'short'],
  ['stopped', 0, 'failed'],
  ['something new', 0, 'failed'],
  [undefined, 0, 'failed'],
])('an end of %s that owes %s is %s', (end, notDispensed, result) => {
  const told = { ...sale, ...pieces, end, notDispensed }
  expect(replyOf(attempt, read(told), []).result).toBe(result)
})

test('of a level that cannot be read the rest stands, and is not vouched for', () => {
  const face = { currency: 'THB', value: 10_000, level: 3, maxLevel: 60, routing: 'recycler' }
  const box = { ...face, routing: 'cashbox', maxLevel: 0 }
  expect(readLevels([face, face, box])).toMatchObject({
    certain: true,
    stock: [
      { unit: 'recycling', pieces: 6 },
      { unit: 'cash_box', pieces: 3 },
    ],
  })
  expect(readLevels([face, { ...face, level: -1 }])).toMatchObject({ certain: false })
  expect(readLevels([{ ...face, value: 0.5 }])).toBeUndefined()
})

test('counts that no machine holds are not believed, and a long word is cut', () => {
  const many = { ...pieces, denominationsInserted: [{ value: 1, quantity: 100_001 }] }
  expect(tellsPieces(read({ ...sale, ...many, inserted: 100_001 }))).toBe(false)
  expect(
    replyOf(attempt, read({ ...sale, ...pieces, end: 'x'.repeat(3_000) }), []).code,
  ).toHaveLength(100)
  const face = { currency: 'THB', level: 3, maxLevel: 60, routing: 'recycler' }
  const faces = Array.from({ length: 41 }, (_, at) => ({ ...face, value: at + 1 }))
  expect(readLevels(faces)).toEqual({ stock: [], certain: false })
})

test('whatever is said, it is read or it is not, and no amount is made up', () => {
  const field = fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.string())
  const known = fc.record(
    {
      ...{ operation: fc.constantFrom('idle', 'payment'), reference: field, end: field },
      ...{ inserted: field, dispensed: field, notDispensed: field },
      ...{ denominationsInserted: fc.array(field), denominationsDispensed: field },
    },
    { requiredKeys: ['operation'] },
  )
  const level = fc.record({ currency: field, value: field, level: field, routing: field })
  fc.assert(
    fc.property(fc.oneof(known, fc.anything()), fc.array(level), (data, held) => {
      const transaction = readTransaction(data)
      const amounts = [transaction?.insertedMinor, transaction?.dispensedMinor]
      for (const amount of amounts) {
        expect(amount === undefined || (Number.isSafeInteger(amount) && amount >= 0)).toBe(true)
      }
      if (transaction !== undefined) replyOf(attempt, transaction, [])
      for (const { pieces: count, faceMinor } of readLevels(held)?.stock ?? []) {
        expect(Number.isSafeInteger(count) && count >= 0 && faceMinor > 0).toBe(true)
      }
    }),
  )
})
