import {
  decideHoldPoints,
  decideRedeemPoints,
  escrowOfAll,
  type PointsEntry,
  type PointsLedger,
  pointsBalance,
  takePointsEntry,
} from '@tillkeeper/core/loyalty/escrow.ts'
import type { Shop } from '../actors/fleet.ts'
import { heardOf, sayAtTill } from '../actors/say.ts'
import { actsOn } from '../checkers/copies.ts'
import type { Scenario } from './scenario.ts'

const earned = 1_000
const heldByEach = 300

export const escrow: Scenario = {
  number: 22,
  name: 'offline double spend of points in two shops',
  recipe:
    'a customer has 1,000 points; three shops hold 300 each, lose the line, and each gives away all it may',
  mustHold: 'together no more is given than was held; the ledger is exact once all are heard',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 3, tills: 1 })
    const { world, shops, cloud, truth } = fleet
    const chance = world.chance.fork('points')
    // The cloud's own part: what was earned, and what it lays aside while everybody hears it.
    let base: PointsLedger = new Map()
    base = take(base, { kind: 'earned', factId: 'earned', points: earned })
    for (const { store } of shops) {
      const asked = decideHoldPoints(base, heldByEach)
      if (!asked.ok) return hold(false, 'the points are free')
      const entry = { kind: 'held', factId: `held ${store.name}`, holder: store.name } as const
      base = take(base, { ...entry, points: asked.value.points })
    }
    const more = decideHoldPoints(base, earned)
    hold(!more.ok, 'what one shop holds, no other is given')

    for (const line of world.network.lines()) Object.assign(line, { up: false, down: false })
    // Each shop knows what it holds and what it gave; of the others it hears nothing.
    const ledgers = new Map(shops.map(({ store }) => [store.name, base]))
    let given = 0
    let refusedOften = 0
    for (let nth = 0; nth < 90; nth += 1) {
      const shop = chance.pick(shops)
      const points = chance.between(1, 40)
      const ledger = ledgers.get(shop.store.name) ?? base
      const decided = decideRedeemPoints(ledger, { holder: shop.store.name, points })
      if (!decided.ok) {
        refusedOften += 1
        continue
      }
      const factId = await redeem(shop, points)
      if (factId === undefined) return hold(false, 'the till runs')
      given += points
      ledgers.set(shop.store.name, take(ledger, redeemed(shop, factId, points)))
      await world.time.run(world.time.nowMs() + 2_000)
    }
    hold(given <= shops.length * heldByEach, 'no more is given than was held')
    hold(refusedOften > 0, 'somebody came to the end of what is held')
    await rest(fleet)

    let heard = base
    for (const { id, bytes } of actsOn(cloud.disk)) {
      const fact = heardOf(bytes)
      if (fact?.type !== 'points.redeemed') continue
      const { holder, points } = fact.body as { readonly holder: string; readonly points: number }
      // Twice, as it may come twice.
      const entry: PointsEntry = { kind: 'redeemed', factId: id, holder, points }
      heard = take(take(heard, entry), entry)
    }
    hold(pointsBalance(heard) === earned - given, 'the ledger is exact')
    hold(pointsBalance(heard) >= 0 && escrowOfAll(heard) >= 0, 'nobody overspent')
    hold(truth.promised.size > 10, 'points were given away')
  },
}

const take = takePointsEntry

const redeemed = ({ store }: Shop, factId: string, points: number): PointsEntry => ({
  kind: 'redeemed',
  factId,
  holder: store.name,
  points,
})

async function redeem({ tills, store }: Shop, points: number): Promise<string | undefined> {
  const [till] = tills
  if (till === undefined) return undefined
  const { time } = till.world
  let id: string | undefined
  const said = { type: 'points.redeemed', body: { holder: store.name, points } }
  void sayAtTill(till, said).then((made) => {
    id = made
  })
  // Once a second, so that there is always something that moves the world on.
  for (let seconds = 0; id === undefined && seconds < 10; seconds += 1) {
    time.after(1_000, () => {})
    await time.run(time.nowMs() + 1_000, () => id !== undefined)
  }
  return id
}
