import { expect, test } from 'vitest'
import { defaultRoles, isPermission, permissions } from './permission.ts'

test('a permission is a name that we know', () => {
  expect(permissions.every(isPermission)).toBe(true)
  for (const wrong of ['sale', 'sale.*', 'SALE.CREATE', '', 'constructor']) {
    expect(isPermission(wrong)).toBe(false)
  }
})

test('each role may do what the one before it may, and the owner everything', () => {
  const { cashier, manager, owner } = defaultRoles
  expect(manager).toEqual(expect.arrayContaining([...cashier]))
  expect(owner).toEqual(expect.arrayContaining([...manager]))
  expect([...owner].sort()).toEqual([...permissions].sort())
})

test('a cashier sees no expected amount, sets no price and refunds no goods without a receipt', () => {
  for (const name of [
    'till.expected',
    'sale.price',
    'sale.refund_unlinked',
    'chain.manage',
  ] as const) {
    expect(defaultRoles.cashier).not.toContain(name)
  }
})
