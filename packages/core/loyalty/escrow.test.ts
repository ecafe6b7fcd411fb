import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someDeliveries } from '../merge/deliveries.gen.ts'
import {
  decideHoldPoints,
  decideRedeemPoints,
  escrowOf,
  escrowOfAll,
  type PointsEntry,
  type PointsLedger,
  pointsBalance,
  takePointsEntry,
} from './escrow.ts'

const shops = ['north', 'south'] as const
const take = (entries: readonly PointsEntry[]): PointsLedger =>
  entries.reduce(takePointsEntry, new Map())

test('a shop gives only what it holds, and the cloud holds back only what is free', () => {
  const ledger = take([
    { kind: 'earned', factId: 'a', points: 100 },
    { kind: 'held', factId: 'b', holder: 'north', points: 60 },
  ])
  expect(decideHoldPoints(ledger, 40).ok).toBe(true)
  expect(decideHoldPoints(ledger, 41)).toMatchObject({ refusal: { free: 40 } })
  expect(decideRedeemPoints(ledger, { holder: 'north', points: 60 }).ok).toBe(true)
  expect(decideRedeemPoints(ledger, { holder: 'north', points: 61 })).toMatchObject({
    refusal: { code: 'points_not_held', held: 60 },
  })
  expect(decideRedeemPoints(ledger, { holder: 'south', points: 1 }).ok).toBe(false)
})

const points = fc.integer({ min: 1, max: 50 })
const someEvent = fc.oneof(
  fc.record({ kind: fc.constant('earn' as const), points }),
  // A refund takes points back, whether or not they were given away since.
  fc.record({ kind: fc.constant('take back' as const), points }),
  fc.record({ kind: fc.constant('hold' as const), shop: fc.constantFrom(...shops), points }),
  fc.record({ kind: fc.constant('redeem' as const), shop: fc.constantFrom(...shops), points }),
  fc.record({ kind: fc.constant('meet' as const), shop: fc.constantFrom(...shops) }),
)

test('two shops that hear nothing of each other never give away more than was held for them', () => {
  fc.assert(
    fc.property(fc.array(someEvent, { maxLength: 25 }), (events) => {
      const cloud: PointsEntry[] = []
      const inShop: Record<string, PointsEntry[]> = { north: [], south: [] }
      const every = new Map<string, PointsEntry>()
      let takenBack = 0
      let earned = 0
      for (const [index, event] of events.entries()) {
        const factId = `f${index}`
        const seal = (at: PointsEntry[], entry: PointsEntry) => {
          at.push(entry)
          every.set(factId, entry)
        }
        if (event.kind === 'earn') {
          earned += event.points
          seal(cloud, { kind: 'earned', factId, points: event.points })
        }
        if (event.kind === 'take back' && takenBack + event.points <= earned) {
          takenBack += event.points
          seal(cloud, { kind: 'earned', factId, points: -event.points })
        }
        if (event.kind === 'hold' && decideHoldPoints(take(cloud), event.points).ok) {
          seal(cloud, { kind: 'held', factId, holder: event.shop, points: event.points })
        }
        if (event.kind === 'redeem') {
          const here = inShop[event.shop] ?? []
          const asked = { holder: event.shop, points: event.points }
          if (decideRedeemPoints(take(here), asked).ok) {
            seal(here, { kind: 'redeemed', factId, ...asked })
          }
        }
        if (event.kind === 'meet') {
          const both = [...cloud, ...(inShop[event.shop] ?? [])]
          inShop[event.shop] = [...both]
          cloud.push(...both.filter((entry) => !cloud.includes(entry)))
        }
      }
      const facts = [...every.values()]
      const held = facts.reduce((all, e) => (e.kind === 'held' ? all + e.points : all), 0)
      const given = facts.reduce((all, e) => (e.kind === 'redeemed' ? all + e.points : all), 0)
      expect(given).toBeLessThanOrEqual(held)
      const first = take(facts)
      // Below zero only by what was taken back after it was laid aside, and never further than that.
      expect(pointsBalance(first)).toBeGreaterThanOrEqual(-Math.min(takenBack, held))
      for (const shop of shops) expect(escrowOf(first, shop)).toBeGreaterThanOrEqual(0)
      for (const order of someDeliveries(facts)) {
        const ledger = take(order)
        expect(pointsBalance(ledger)).toBe(pointsBalance(first))
        expect(escrowOfAll(ledger)).toBe(held - given)
      }
    }),
    { numRuns: 150 },
  )
})
