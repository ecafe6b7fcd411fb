import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { makeCashier } from '../actors/cashier.ts'
import type { Fleet, Shop } from '../actors/fleet.ts'
import { makeTill, type Till } from '../actors/till.ts'
import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const copiedProfile: Scenario = {
  number: 32,
  name: 'a browser profile is copied, and another is emptied',
  recipe:
    'a till’s profile runs twice and both sell; another till’s storage is evicted while it holds what nobody else has, and it is enrolled again',
  mustHold:
    'every sale of both copies arrives once; no stream is continued by somebody else; what was evicted is exactly what is missing',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 2, tills: 2 })
    const { world, shops, truth, cloud } = fleet
    const [first, second] = shops
    const copied = first?.tills[0]
    const emptied = second?.tills[0]
    if (first === undefined || copied === undefined || emptied === undefined) {
      return hold(false, 'there are tills')
    }
    await tradeDay(fleet, { minutes: 4, actsPerTill: 10, edits: 0 })
    truth.rewound.add(copied.author).add(emptied.author)
    const copy = copyTill(fleet, first, copied)
    const cashier = makeCashier(copy, first.plan.staffId, world.chance.fork('copy'))
    const day = tradeDay(fleet, { minutes: 6, actsPerTill: 16, edits: 1 })
    for (let nth = 0; nth < 20; nth += 1) {
      world.time.after(nth * 15_000, () => void cashier.act().catch(() => {}))
    }
    // The other till sells behind a dead line, and then its storage is gone.
    const line = world.network.line(emptied.name)
    Object.assign(line, { up: false, down: false })
    let unsent: readonly string[] = []
    world.time.after(240_000, () => {
      unsent = lostOf(emptied)
      emptied.crash('power', 'all')
      emptied.disk.wipe()
      world.counters.count('disk.evicted')
      // A manager makes the empty browser this till again: it has an epoch that nobody had.
      world.time.after(30_000, () => {
        for (const id of unsent) truth.burnt.add(id)
        Object.assign(line, { up: true, down: true })
        emptied.enrol('2.0')
        emptied.boot()
      })
    })
    await day
    await rest(fleet)
    await world.time.run(world.time.nowMs() + 60_000)
    hold(unsent.length > 0, 'something was lost with the storage')
    hold(
      unsent.every((id) => cloud.disk.peek('fact_id', [id, 0]) === undefined),
      'what nobody else had is missing, and known to be',
    )
    const both = [...truth.promised.values()].filter(({ node }) => node === copied.author)
    hold(both.length > 20, 'both copies sold')
    await rest(fleet)
  },
}

/** Ids of what lies in this profile and nowhere else. */
function lostOf(till: Till): readonly string[] {
  const node = till.node()
  const acks = node?.outbox.acks()
  const rows = till.disk.peekAll('fact') as { id: string; stream: StreamId; seq: number }[]
  return rows
    .filter(({ stream, seq }) => seq > (acks?.get(stream)?.ackedSeq ?? 0))
    .map(({ id }) => id)
}

/** The same profile in another browser: all that lies in it, and its token. */
function copyTill({ world, truth, org }: Fleet, { store }: Shop, till: Till): Till {
  world.counters.count('disk.cloned')
  const { shopId, tillId, author } = till
  const copy = makeTill({
    ...{ world, truth, org, shopId, tillId, author, parent: store.server },
    name: `${author}~copy`,
  })
  till.crash('kill')
  copy.disk.restore(till.disk.image())
  till.boot()
  copy.boot()
  return copy
}
