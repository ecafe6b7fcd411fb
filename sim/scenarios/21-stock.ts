import {
  emptyStock,
  type Stock,
  stockLevel,
  takeStockCount,
  takeStockMovement,
} from '@tillkeeper/core/stock/stock-level.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Shop } from '../actors/fleet.ts'
import type { FactRow } from '../actors/journal.ts'
import { heardOf, sayAtTill } from '../actors/say.ts'
import { actsOn } from '../checkers/copies.ts'
import type { Scenario } from './scenario.ts'

const minutes = 10

export const stock: Scenario = {
  number: 21,
  name: 'stock: sales, receipts and stock-takes at once, late arrivals',
  recipe:
    'tills move goods with lines up and down, somebody counts with what the shop has heard by then, facts arrive in any order',
  mustHold:
    'what is on hand is the same for every order of delivery: the last count, and what it had not seen',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 3 })
    const { world, shops } = fleet
    const [shop] = shops
    if (shop === undefined) return hold(false, 'there is a shop')
    const chance = world.chance.fork('stock')
    const endMs = world.time.nowMs() + minutes * 60_000
    for (const till of shop.tills) {
      const turn = () => {
        const quantity = chance.between(-9, 9) * 1_000
        void sayAtTill(till, { type: 'stock.moved', body: { quantity } })
        if (world.time.nowMs() < endMs) world.time.after(chance.below(15_000), turn)
      }
      turn()
    }
    for (const line of world.network.lines()) line.weather = { ...line.weather, lost: 0.3 }
    const count = () => {
      void sayAtTill(shop.tills[0] ?? raise(), {
        type: 'stock.counted',
        body: { quantity: chance.below(500) * 1_000, cut: cutOf(shop) },
      })
      if (world.time.nowMs() < endMs) world.time.after(chance.below(180_000), count)
    }
    world.time.after(60_000, count)
    // One till hears nothing and is not heard for most of the time: what it sold arrives after the counts.
    const [late] = world.network.lines().filter(({ name }) => name === shop.tills[2]?.name)
    if (late !== undefined) Object.assign(late, { up: false, down: false })
    await world.time.run(endMs)
    await rest(fleet)

    const sealed = [...fleet.truth.sealed.values()]
    const want = model(sealed)
    const arrived = [...actsOn(fleet.cloud.disk)].sort((a, b) => a.recordedMs - b.recordedMs)
    hold(arrived.length > 100, 'goods moved')
    hold(level(arrived) === want, 'the cloud has what the books say')
    hold(level([...actsOn(shop.store.disk)]) === want, 'the shop has what the books say')
    for (let order = 0; order < 50; order += 1) {
      const some = [...arrived, ...arrived.filter(() => chance.chance(0.2))]
      const shuffled = some.map((row) => [chance.next(), row] as const).sort(([a], [b]) => a - b)
      hold(level(shuffled.map(([, row]) => row)) === want, 'in any order, however often')
    }
  },
}

function raise(): never {
  throw new Error('the shop has tills')
}

/** What the shop's server has of each stream now: what the count has seen. */
function cutOf({ store }: Shop): Readonly<Record<string, number>> {
  const heads = store.run()?.journal.heads('author') ?? []
  return Object.fromEntries(heads.map(({ stream, seq }) => [stream, seq]))
}

type Place = Pick<FactRow, 'id' | 'seq' | 'bytes'> & { readonly stream: StreamId }

/** As a replica folds it, fact by fact as they come. */
function level(rows: readonly Place[]): number {
  let held: Stock = emptyStock
  for (const { id, stream, seq, bytes } of rows) {
    const fact = heardOf(bytes)
    if (fact === undefined) continue
    const { quantity, cut = {} } = fact.body as Body
    if (fact.type === 'stock.moved') {
      held = takeStockMovement(held, { factId: id, stream, seq, quantity })
    }
    if (fact.type === 'stock.counted') {
      held = takeStockCount(held, { rep: 0, hlc: fact.hlc, factId: id, quantity, cut })
    }
  }
  return stockLevel(held)
}

type Body = { readonly quantity: number; readonly cut?: Readonly<Record<string, number>> }

/** The same by arithmetic of its own, over what was sealed and not over what arrived. */
function model(places: readonly Place[]): number {
  const facts = places.flatMap(({ stream, seq, bytes }) => {
    const fact = heardOf(bytes)
    return fact === undefined ? [] : [{ stream, seq, fact, body: fact.body as Body }]
  })
  const counts = facts.filter(({ fact }) => fact.type === 'stock.counted')
  const last = counts.reduce<(typeof counts)[number] | undefined>(
    (best, each) =>
      best === undefined ||
      each.fact.hlc > best.fact.hlc ||
      (each.fact.hlc === best.fact.hlc && each.fact.id > best.fact.id)
        ? each
        : best,
    undefined,
  )
  let sum = last?.body.quantity ?? 0
  for (const { fact, stream, seq, body } of facts) {
    if (fact.type !== 'stock.moved') continue
    if (seq > (last?.body.cut?.[stream] ?? 0)) sum += body.quantity
  }
  return sum
}
