import type { RecyclerWork } from '@tillkeeper/facts/catalogue/recycler.ts'
import { expect, test } from 'vitest'
import { type Effects, noEffects } from '../apply/effects.ts'
import { addPieces } from '../cash/inventory.ts'
import {
  addDifference,
  addEmptying,
  addResolution,
  addSettlement,
  addStart,
} from './add-recycler-cash.ts'

const [shop, machine] = ['shop', 'machine']
const stock = `recycler:${shop}:${machine}`
const box = `cash_box:${shop}:${machine}`

const cash = (pieces: number) => ({
  ...{ currency: 'THB', minor: 10_000 * pieces },
  pieces: pieces === 0 ? [] : [{ faceMinor: 10_000, pieces }],
})
/** As each function takes it: what it does not look at is left out. */
const factOf = (body: object) =>
  ({
    fact: {
      ...{ id: 'fact', businessDate: '2026-03-02', occurredAt: '2026-03-02T10:00:00.000Z' },
      body: {
        ...{ shopId: shop, recyclerId: machine, staffId: 'staff', attemptId: 'attempt' },
        ...{ currency: 'THB', sessionId: 'session', ...body },
      },
    },
    recordedAt: '2026-03-02T10:00:00.000Z',
  }) as never

const moves = ({ transfers }: Effects) =>
  transfers.map(
    ({ from_location: from, to_location: to, amount_minor, type }) =>
      `${type} ${amount_minor} ${from} > ${to}`,
  )

const payIn = { kind: 'pay_in', amountMinor: 80_000 } as RecyclerWork
const settled = { ending: 'done', certain: true, in: cash(10), out: cash(2) }

test.each<[string, object, string[]]>([
  [
    'pay_in',
    payIn,
    [`machine_in 100000 customer:shop > ${stock}`, `machine_out 20000 ${stock} > customer:shop`],
  ],
  [
    'pay_out',
    { kind: 'pay_out', amountMinor: 80_000 },
    [`machine_in 100000 customer:shop > ${stock}`, `machine_out 20000 ${stock} > customer:shop`],
  ],
  [
    'deposit',
    { kind: 'deposit' },
    [`machine_in 100000 customer:shop > ${stock}`, `machine_out 20000 ${stock} > customer:shop`],
  ],
  [
    'replenish',
    { kind: 'replenish', from: 'entrance' },
    [`machine_fill 100000 safe:shop > ${stock}`, `machine_collect 20000 ${stock} > safe:shop`],
  ],
  [
    'collect to the exit',
    { kind: 'collect', to: 'exit', pieces: [] },
    [`machine_fill 100000 safe:shop > ${stock}`, `machine_collect 20000 ${stock} > safe:shop`],
  ],
  [
    'collect to the cash box',
    { kind: 'collect', to: 'cash_box', pieces: [] },
    [`machine_box 100000 ${box} > ${stock}`, `machine_box 20000 ${stock} > ${box}`],
  ],
])('%s moves between whom it is for and the machine, by piece', (_, work, expected) => {
  const effects = noEffects()
  addSettlement(effects, factOf({ ...settled, work }))
  expect(moves(effects)).toEqual(expected)
  expect(addPieces(effects.transfers)).toContainEqual(
    expect.objectContaining({ location: stock, face_minor: 10_000, pieces: 8 }),
  )
  // Nothing of it goes through a drawer.
  expect(effects.transfers.every(({ session_id }) => session_id === undefined)).toBe(true)
  expect(effects.sessions.size).toBe(0)
})

test('what the machine boxes by itself stays inside it', () => {
  const effects = noEffects()
  addSettlement(effects, factOf({ ...settled, work: payIn, out: cash(0), boxed: cash(1) }))
  expect(moves(effects)).toEqual([
    `machine_in 100000 customer:shop > ${stock}`,
    `machine_box 10000 ${stock} > ${box}`,
  ])
})

test.each([
  ['an end that nobody knows', { ending: 'unresolved', certain: true }],
  ['an end that is not certain', { ending: 'done', certain: false }],
])('%s books nothing, and asks for a person', (_, ending) => {
  const effects = noEffects()
  addSettlement(effects, factOf({ ...settled, work: payIn, boxed: cash(1), ...ending }))
  expect(moves(effects)).toEqual([])
  expect([...effects.touched.attempts]).toEqual(['attempt'])
})

test('an intent and a difference book nothing', () => {
  const effects = noEffects()
  addStart(effects, factOf({ work: payIn }))
  addDifference(effects, factOf({ differences: [] }))
  expect(moves(effects)).toEqual([])
})

test('a person books the attempt as it is taken to be, and what a count differs by', () => {
  const effects = noEffects()
  const attempt = { attemptId: 'attempt', work: payIn, ending: 'done', in: cash(8), out: cash(0) }
  const variances = [
    { unit: 'recycling', way: 'short', cash: cash(2) },
    { unit: 'cash_box', way: 'over', cash: cash(1) },
  ]
  addResolution(effects, factOf({ attempt, variances }))
  expect(moves(effects)).toEqual([
    `machine_in 80000 customer:shop > ${stock}`,
    `shortage 20000 ${stock} > over_short:shop`,
    `surplus 10000 over_short:shop > ${box}`,
  ])
})

test('what the first count finds came from the owner', () => {
  const effects = noEffects()
  const variances = [{ unit: 'recycling', way: 'over', cash: cash(3) }]
  addResolution(effects, factOf({ variances, first: true }))
  expect(moves(effects)).toEqual([`opening 30000 owner:shop > ${stock}`])
})

test('a cash box is emptied into the safe', () => {
  const effects = noEffects()
  addEmptying(effects, factOf({ cash: [cash(3)] }))
  expect(moves(effects)).toEqual([`machine_collect 30000 ${box} > safe:shop`])
})
