import type { Shop } from '../actors/fleet.ts'
import type { IncidentRow } from '../actors/parent-identity.ts'
import { makeStore, type Store } from '../actors/store.ts'
import { tradeDay } from '../actors/trade.ts'
import { headsOf } from '../checkers/copies.ts'
import { act } from './30-restored-store.ts'
import type { Scenario } from './scenario.ts'

export const clonedStore: Scenario = {
  number: 31,
  name: 'a disk image is cloned, and both copies are on',
  recipe:
    'in one shop the copy only says hello, in another both sell, with a line and without; all that over hellos that are lost and repeated',
  mustHold:
    'both sell on, one gets an epoch of its own, every sale of both arrives once, somebody is told',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 3, tills: 1 })
    const { world, shops, cloud, truth } = fleet
    const wait = (ms: number) => world.time.run(world.time.nowMs() + ms)
    for (const { store } of shops) await act(store, 5)
    await wait(40_000)
    const [silent, writing, honest] = shops
    if (silent === undefined || writing === undefined || honest === undefined) {
      return hold(false, 'there are three shops')
    }
    for (const line of world.network.lines()) {
      line.weather = { ...line.weather, lost: 0.1, twice: 0.3 }
    }
    const copies = [silent, writing].map((shop) => clone(fleet, shop))
    for (const { author } of [silent.store, writing.store]) truth.rewound.add(author)
    await wait(60_000)
    for (const name of [writing.store.name, copies[1]?.name ?? '']) {
      Object.assign(world.network.line(name), { up: false, down: false })
    }
    const [, second] = copies
    if (second === undefined) return hold(false, 'there is a copy')
    for (let round = 0; round < 5; round += 1) {
      await act(writing.store, 4)
      await act(second, 4)
    }
    for (const name of [writing.store.name, second.name]) {
      Object.assign(world.network.line(name), { up: true, down: true })
    }
    await act(second, 4)
    await tradeDay(fleet)
    await rest(fleet)
    // The copies are no machine of the plan: they come to rest by themselves.
    for (const copy of copies) world.network.line(copy.name).weather = { ...fairOf(fleet) }
    await wait(300_000)
    for (const copy of copies) {
      for (const { stream, seq } of headsOf(copy.disk)) {
        if (!stream.startsWith(`${copy.author}:`)) continue
        hold((cloud.journal()?.head(stream).seq ?? 0) >= seq, `${copy.name} has sent ${stream}`)
      }
    }
    await rest(fleet)
    const incidents = cloud.disk.peekAll('incident') as IncidentRow[]
    const told = new Set(incidents.map(({ node }) => node))
    hold(told.has(silent.store.author), 'the silent copy was found')
    hold(told.has(writing.store.author), 'the copy that sold was found')
    hold(!told.has(honest.store.author), 'an honest server over the same lines was not suspected')
    hold(world.counters.of('token.repeated') > 0, 'words came twice, and nobody was accused')
    hold(world.counters.of('epoch.renewed') >= 2, 'each copy went on in an epoch of its own')
  },
}

type In = Parameters<Parameters<Scenario['play']>[0]['rest']>[0]

const fairOf = ({ world }: In) => ({
  ...(world.network.lines()[0]?.weather ?? world.network.line('cloud').weather),
})

/** The same machine twice: all that lies on its disk, and its credential. */
function clone(fleet: In, { store }: Shop): Store {
  const { world, truth, org, cloud } = fleet
  const { author, shopId } = store
  world.counters.count('disk.cloned')
  const parent = cloud.server
  const copy = makeStore({ world, truth, org, author, shopId, parent, name: `${author}~copy` })
  store.crash('kill')
  copy.disk.restore(store.disk.image())
  store.boot()
  copy.boot()
  return copy
}
