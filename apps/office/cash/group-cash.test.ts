import type { CashLocation } from '@tillkeeper/client/api/cash-shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import { groupCash } from './group-cash.ts'

const shopId = '01990000-0000-7000-8000-000000000001'
const place = (location: string, balanceMinor: number): CashLocation => ({
  location,
  kind: location.split(':')[0] as CashLocation['kind'],
  shopId,
  currency: 'THB' as Currency,
  balanceMinor,
})
const tills = [
  { id: 'b', number: 1 },
  { id: 'a', number: 2 },
]

test('a shop has its safe first, then its drawers by the number of their tills', () => {
  const [cash] = groupCash(
    [place('drawer:a', 200), place('drawer:b', 100), place('safe:s', 50)],
    tills,
  )
  expect(cash?.places.map(({ kind, tillNumber }) => [kind, tillNumber])).toEqual([
    ['safe', undefined],
    ['drawer', 1],
    ['drawer', 2],
  ])
  expect(cash?.totalMinor).toBe(350)
})

test('a machine stands below the drawers, its stock before its cash box, and counts as cash of the shop', () => {
  const [cash] = groupCash(
    [
      place('cash_box:s:m1', 40),
      place('recycler:s:m1', 30),
      place('recycler:s:01990000-aaaa', 5),
      place('drawer:b', 100),
      place('safe:s', 50),
    ],
    tills,
    [{ id: 'm1', name: 'Counter' }],
  )
  expect(cash?.places.map(({ kind, machineName }) => [kind, machineName])).toEqual([
    ['safe', undefined],
    ['drawer', undefined],
    ['recycler', '01990000'],
    ['recycler', 'Counter'],
    ['cash_box', 'Counter'],
  ])
  expect(cash?.totalMinor).toBe(225)
})

test('what lies outside is no cash of the shop', () => {
  const [cash] = groupCash(
    [place('drawer:a', 200), place('customer:s', -5_000), place('over_short:s', 300)],
    tills,
  )
  expect(cash?.totalMinor).toBe(200)
  // 300 went there from drawers that were short.
  expect(cash?.overShortMinor).toBe(-300)
})

test('a shop without cash of its own is not listed', () => {
  expect(groupCash([place('customer:s', -1)], tills)).toEqual([])
})
