import { makeWorld, type World } from '../world/world.ts'
import { type Cashier, makeCashier } from './cashier.ts'
import { planShops, type ShopPlan, setUpChain } from './chain-setup.ts'
import { type Cloud, makeCloud } from './cloud.ts'
import { idOf, storeAuthor, tillAuthor } from './names.ts'
import type { Machine } from './node.ts'
import { makeStore, type Store } from './store.ts'
import { makeTill, type Till } from './till.ts'
import { makeTruth, type Truth } from './truth.ts'

/** A shop: its server, its tills, and who works at each. */
export type Shop = {
  readonly plan: ShopPlan
  readonly store: Store
  readonly tills: readonly Till[]
  readonly cashiers: readonly Cashier[]
}

/** One chain in one world. */
export type Fleet = {
  readonly world: World
  readonly truth: Truth
  readonly org: string
  readonly cloud: Cloud
  readonly shops: readonly Shop[]
  readonly described: number
}

export type FleetSize = {
  readonly shops: number
  readonly tills: number
  /** Shops that the feed describes, where that is not all: a till needs its own there, a server does not. */
  readonly described?: number
}

/** How long an opening may take in virtual time. */
const openingMaxMs = 600_000

/** A chain whose machines stand there, switched off. */
export function makeFleet(seed: number, { shops, tills, described = shops }: FleetSize): Fleet {
  const world = makeWorld(seed)
  const truth = makeTruth()
  const org = idOf<string>('org')
  const cloud = makeCloud(world, truth, org)
  return {
    world,
    truth,
    org,
    cloud,
    described,
    shops: planShops(shops, tills).map((plan): Shop => {
      const { shopId, staffId, tillIds } = plan
      const author = storeAuthor(shopId)
      const store = makeStore({ world, truth, org, author, shopId, parent: cloud.server })
      const authors = new Set([author, ...tillIds.map(tillAuthor)])
      cloud.children.set(author, { author, shopId, kind: 'node', authors })
      const made = tillIds.map((tillId) => {
        const name = tillAuthor(tillId)
        store.children.set(name, { author: name, shopId, kind: 'till' })
        return makeTill({ world, truth, org, shopId, tillId, author: name, parent: store.server })
      })
      const cashiers = made.map((till) =>
        makeCashier(till, staffId, world.chance.fork(`cashier ${till.author}`)),
      )
      return { plan, store, tills: made, cashiers }
    }),
  }
}

/** Every machine but the cloud. */
export function children({ shops }: Fleet): readonly (Store | Till)[] {
  return shops.flatMap(({ store, tills }) => [store, ...tills])
}

export function machines(fleet: Fleet): readonly (Machine & { readonly boot: () => void })[] {
  return [fleet.cloud, ...children(fleet)]
}

/** Sets the chain up and switches everything on; every till has the catalogue when this resolves. */
export async function openFleet(fleet: Fleet): Promise<void> {
  const { cloud, org, shops, world } = fleet
  cloud.boot()
  const drafts = setUpChain(
    org,
    shops.slice(0, fleet.described).map(({ plan }) => plan),
    cloud.clock.isoNow(),
  )
  void cloud.say('org', drafts)
  await world.time.run(world.time.nowMs() + 1_000)
  for (const { store, tills } of shops) {
    store.enrol(1)
    store.boot()
    for (const till of tills) {
      till.enrol('1.0')
      till.boot()
    }
  }
  await world.time.run(world.time.nowMs() + openingMaxMs, () => isReady(fleet))
}

/** Whether every server runs, and every till knows its shop and itself. */
export function isReady({ shops }: Fleet): boolean {
  return shops.every(
    ({ store, tills }) =>
      store.run() !== undefined &&
      tills.every((till) => {
        const directory = till.node()?.state.getState().directory
        return directory?.tills.has(till.tillId as never) === true
      }),
  )
}
