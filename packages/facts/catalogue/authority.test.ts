import { expect, test } from 'vitest'
import { hlcZero } from '../seal/hlc.ts'
import { authority, findForbidden, mayWriteSome, tierOf } from './authority.ts'
import { catalogue } from './catalogue.ts'
import { readRegisterEdit, registerEditVersion, registerKindOf } from './register-edit.ts'
import { type RegisterKind, registerBodies } from './registers.ts'

const shop = '01940000-0000-7000-8000-0000000000a1'
const other = '01940000-0000-7000-8000-0000000000a2'
const [cloud, store, till] = ['cloud', `s-${shop}`, `t-${other}`] as const

test.for([
  { author: cloud, kind: 'role', fields: { permissions: ['chain.manage'] }, why: undefined },
  { author: store, kind: 'role', fields: { permissions: ['chain.manage'] }, why: 'permissions' },
  { author: store, kind: 'employee', fields: { shops: [shop] }, why: 'shops' },
  { author: till, kind: 'credential', fields: { pinHash: 'x' }, why: 'pinHash' },
  { author: store, kind: 'product', fields: { note: 'top shelf' }, why: undefined },
  { author: till, kind: 'product', fields: { note: 'top shelf' }, why: undefined },
  { author: till, kind: 'product', fields: { note: 'x', price: 1 }, why: 'price' },
  { author: store, kind: 'product', fields: { deleted: true }, why: 'deleted' },
  { author: store, kind: 'product', fields: { unheardOf: true }, why: 'unheardOf' },
  { author: store, kind: 'shop', fields: { receiptFooter: 'Bye' }, why: undefined },
  { author: `s-${other}`, kind: 'shop', fields: { receiptFooter: 'Bye' }, why: 'entityId' },
  { author: `t-${shop}`, kind: 'shop', fields: { receiptFooter: 'Bye' }, why: 'entityId' },
  { author: store, kind: 'shop', fields: { drawerLimitMinor: 1 }, why: undefined },
  { author: till, kind: 'shop', fields: { blindClose: false }, why: 'entityId' },
  { author: store, kind: 'role', fields: { limits: [] }, why: 'limits' },
  { author: store, kind: 'shop', fields: { currency: 'USD' }, why: 'currency' },
  { author: store, kind: 'recycler', fields: { terms: { shopId: shop } }, why: undefined },
  { author: store, kind: 'recycler', fields: { terms: { shopId: other } }, why: 'terms' },
  { author: till, kind: 'recycler', fields: { terms: { shopId: other } }, why: 'terms' },
  { author: 'x-1', kind: 'product', fields: { note: 'x' }, why: 'note' },
] as const)('$author writes $kind $fields: $why', ({ author, kind, fields, why }) => {
  expect(findForbidden(author, kind, { entityId: shop, fields })).toBe(why)
})

test('a set is a field, and only the cloud says what others said', () => {
  const sets = { barcodes: { add: ['1'] } }
  expect(findForbidden(till, 'product', { entityId: shop, fields: {}, sets })).toBeUndefined()
  const roles = { roles: { add: [other] } }
  expect(findForbidden(store, 'employee', { entityId: shop, fields: {}, sets: roles })).toBe(
    'roles',
  )
  const origin = { factId: other, hlc: hlcZero, author: till }
  const relayed = { entityId: shop, fields: { note: 'x' }, origin }
  expect(findForbidden(store, 'product', relayed)).toBe('origin')
  expect(findForbidden(cloud, 'product', relayed)).toBeUndefined()
})

test('every field of every kind has its tiers, and the cloud is one of them', () => {
  for (const [kind, body] of Object.entries(registerBodies)) {
    const tiers: Readonly<Record<string, readonly string[]>> = authority[kind as RegisterKind]
    expect(Object.keys(tiers).sort()).toEqual(
      Object.keys(body.properties.fields.properties ?? {}).sort(),
    )
    for (const each of Object.values(tiers)) expect(each).toContain('cloud')
  }
})

test('of people, roles, keys and tills no shop may write anything', () => {
  const kinds = Object.keys(registerBodies) as RegisterKind[]
  expect(kinds.filter((kind) => mayWriteSome('store', kind))).toEqual([
    ...['shop', 'product', 'rate', 'recycler'],
  ])
  expect(kinds.filter((kind) => mayWriteSome('till', kind))).toEqual(['product'])
  expect(kinds.filter((kind) => mayWriteSome(tierOf('nobody'), kind))).toEqual([])
})

test('an edit is sealed in the lowest version that can say it', () => {
  const entityId = shop
  expect(registerEditVersion('product', { entityId, fields: { name: 'Bun' } })).toBe(1)
  for (const body of [
    { entityId, fields: { note: 'x' } },
    { entityId, fields: { deleted: true } },
    { entityId, fields: { name: 'Bun' }, rep: 1 },
    { entityId, fields: {}, sets: { barcodes: { add: ['1'] } } },
  ]) {
    expect(registerEditVersion('product', body)).toBe(catalogue['product.changed'].v)
  }
  expect(registerEditVersion('shop', { entityId, fields: { floatMinor: 1 } })).toBe(3)
  expect(registerEditVersion('shop', { entityId, fields: { expenseDayMinor: 1 } })).toBe(4)
})

test('a relayed edit has the stamp of what was said first', () => {
  const origin = { factId: other, hlc: hlcZero, author: till }
  const fact = {
    ...{ id: shop, type: 'product.changed', hlc: 'f'.repeat(16) as typeof hlcZero, scope: 'org' },
    body: { entityId: shop, fields: { note: 'x' }, origin, rep: 2 },
  }
  expect(readRegisterEdit(fact)).toMatchObject({
    ...{ kind: 'product', entityId: shop, rep: 2, hlc: hlcZero, factId: other, scope: '' },
  })
  const { body, ...rest } = fact
  expect(readRegisterEdit({ ...rest, body: { ...body, origin: undefined } })).toMatchObject({
    ...{ hlc: 'f'.repeat(16), factId: shop },
  })
  expect(readRegisterEdit({ ...fact, type: 'credential.changed' })?.scope).toBe('org')
  expect(readRegisterEdit({ ...fact, type: 'sale.completed' })).toBeUndefined()
  expect(registerKindOf('toString.changed')).toBeUndefined()
})
