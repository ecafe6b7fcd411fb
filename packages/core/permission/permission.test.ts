import { expect, test } from 'vitest'
import { amountMax, minor } from '../money/money.ts'
import {
  defaultRoles,
  type Granted,
  isPermission,
  limitOf,
  mergeLimits,
  permissions,
} from './permission.ts'

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
    'cash.approve',
    'drawer.open',
    'chain.manage',
  ] as const) {
    expect(defaultRoles.cashier).not.toContain(name)
  }
})

const role = (permissions: string[], ...limits: [string, number][]): Granted => ({
  permissions,
  limits: limits.map(([permission, max]) => ({ permission, maxMinor: minor(max) })),
})
test.for<[string, Granted[], number]>([
  ['nobody', [], 0],
  ['who may not, whatever the limit says', [role([], ['cash.move', 500])], 0],
  ['who may without a limit', [role(['cash.move'])], amountMax],
  ['who may up to a limit', [role(['cash.move'], ['cash.move', 500])], 500],
  ['a limit of nothing', [role(['cash.move'], ['cash.move', 0])], 0],
  [
    'the wider of two roles',
    [role(['cash.move'], ['cash.move', 500]), role(['cash.move'], ['cash.move', 900])],
    900,
  ],
  [
    'a role without a limit beside one with',
    [role(['cash.move'], ['cash.move', 500]), role(['cash.move'])],
    amountMax,
  ],
  [
    'a limit of a role that does not grant it',
    [role(['cash.move'], ['cash.move', 500]), role([], ['cash.move', 900])],
    500,
  ],
])('limit: %s', ([, roles, most]) => {
  expect(limitOf(roles, 'cash.move')).toBe(most)
  const names = roles.flatMap((each) => [...each.permissions])
  const person = { permissions: new Set(names), limits: mergeLimits(roles) }
  expect(limitOf([person], 'cash.move'), 'as one person').toBe(most)
})
