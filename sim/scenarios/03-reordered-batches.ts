import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const reorderedBatches: Scenario = {
  number: 3,
  name: 'batches reordered',
  recipe: 'one push in four comes so late that those behind it overtake it',
  mustHold: 'only the next position is taken; what comes early is refused as a gap and sent again',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { network, chance, time, counters } = fleet.world
    // The child waits for an answer, so what overtakes is what it sends after it gave the first one up.
    network.meddle = ({ direction, what }) =>
      direction === 'up' && what === 'push' && chance.chance(0.25)
        ? { lateMs: chance.between(20_000, 60_000) }
        : undefined
    await tradeDay(fleet, { minutes: 12, actsPerTill: 24, edits: 1 })
    await rest(fleet)
    hold(counters.of('net.late') > 20, 'batches were overtaken')
    // A batch of positions that nobody sent yet: refused, and nothing is written.
    const [shop] = fleet.shops
    const till = shop?.tills[0]
    const node = till?.node()
    const head = node?.journal.heads().at(-1)
    if (shop === undefined || node === undefined || head === undefined)
      return hold(false, 'a till runs')
    const batch = await node.outbox.read(head.stream, head.seq - 1, {
      factsMax: 1,
      bytesMax: 10_000,
    })
    const before = shop.store.run()?.journal.head(head.stream).seq
    const taken = await Promise.race([
      shop.store.run()?.journal.receive({ ...batch, from: head.seq + 5 }),
      time.run(time.nowMs() + 1_000),
    ])
    hold(taken !== undefined && !taken.ok && taken.refusal.code === 'gap', 'a gap is refused')
    hold(shop.store.run()?.journal.head(head.stream).seq === before, 'and nothing is written')
  },
}
