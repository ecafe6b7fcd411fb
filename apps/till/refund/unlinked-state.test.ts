import type { ProductId } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { linesMax } from '@tillkeeper/core/sale/complete-sale.ts'
import { expect, test } from 'vitest'
import {
  addReturned,
  isReturnable,
  type Returning,
  repriceReturned,
  returnedTotal,
  startReturning,
  stepReturned,
} from './unlinked-state.ts'

const product = (id: string, price: number) => ({
  id: id as ProductId,
  priceMinor: minor(price),
  currency: 'THB' as Currency,
})
const add = (refund: Returning, picked: typeof coffee) =>
  addReturned(refund, picked, 'THB' as Currency)
const coffee = product('coffee', 45_00)

test('a product that is picked twice comes back twice', () => {
  const once = add({ ...startReturning('id'), typed: 'cof' }, coffee)
  expect(once).toMatchObject({ typed: '', lines: [{ quantity: 1_000, unitPriceMinor: 45_00 }] })
  const twice = add(once, coffee)
  expect(twice.lines).toHaveLength(1)
  expect(returnedTotal(twice)).toBe(90_00)
})

test('another price holds for the line alone, and the last one less takes it away', () => {
  let refund = add(add(startReturning('id'), coffee), product('cake', 95_00))
  refund = repriceReturned(refund, 'coffee', minor(30_00))
  expect(returnedTotal(refund)).toBe(125_00)
  refund = stepReturned(refund, 'coffee', -1)
  expect(refund.lines.map(({ productId }) => productId)).toEqual(['cake'])
})

test('a price in another currency is none: it is said first', () => {
  const abroad = { ...coffee, currency: 'USD' as Currency }
  expect(returnedTotal(add(startReturning('id'), abroad))).toBe(0)
})

test('it needs goods, money and a reason, and is asked for once', () => {
  const picked: Returning = { ...add(startReturning('id'), coffee), reason: 'no receipt' }
  expect(isReturnable(picked)).toBe(true)
  expect(isReturnable({ ...picked, reason: ' ' })).toBe(false)
  expect(isReturnable({ ...picked, lines: [] })).toBe(false)
  expect(isReturnable(repriceReturned(picked, 'coffee', minor(0)))).toBe(false)
  expect(isReturnable({ ...picked, stage: 'paying' })).toBe(false)
})

test('no more lines than a refund takes', () => {
  let refund = startReturning('id')
  for (let at = 0; at <= linesMax; at += 1) refund = add(refund, product(`p${at}`, 1))
  expect(refund.lines).toHaveLength(linesMax)
})

test('what is changed takes the old refusal away', () => {
  const refused = { ...add(startReturning('id'), coffee), refusal: 'not_in_drawer' }
  expect(stepReturned(refused, 'coffee', 1)).not.toHaveProperty('refusal')
  expect(add(refused, product('cake', 1))).not.toHaveProperty('refusal')
})
