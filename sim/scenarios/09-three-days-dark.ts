import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { moveMuch } from '../actors/probe.ts'
import { tradeDay } from '../actors/trade.ts'
import { fairWeather } from '../world/network.ts'
import type { Scenario } from './scenario.ts'

const facts = 9_800
const batch = 700
/** What gzip makes of journal batches, measured on real ones: a quarter of the bytes. */
const packedAs = 4

export const threeDaysDark: Scenario = {
  number: 9,
  name: 'three days offline, ten thousand facts, then a line',
  recipe: 'a shop’s line to the cloud is down while it sells; it comes back with 1 Mbit/s',
  mustHold: 'all is in the cloud within 60 s, and money goes before reports',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 2 })
    const [shop] = fleet.shops
    if (shop === undefined) return hold(false, 'there is a shop')
    const { time, network, chance } = fleet.world
    const line = network.line(shop.store.name)
    line.up = false
    line.down = false
    await tradeDay(fleet)
    for (let minor = 0; minor < 4; minor += 1) {
      const nowMs = shop.store.clock.nowMs()
      for (let sent = 0; sent < facts / 4; sent += batch) {
        const count = Math.min(batch, facts / 4 - sent)
        void shop.store.record(
          moveMuch(fleet, shop, { count, nowMs, chance, node: shop.store.author }),
        )
        await time.run(time.nowMs() + 1_000)
      }
      // Reports, in their own lane, and then a fall: the next are sealed in another stream.
      const reports = moveMuch(fleet, shop, { count: 200, nowMs, chance, node: shop.store.author })
      void shop.store.record(reports, 'telemetry')
      await time.run(time.nowMs() + 1_000)
      shop.store.crash('kill')
      shop.store.boot()
      await time.run(time.nowMs() + 5_000)
    }
    line.weather = { ...fairWeather, delayMs: [20, 60], bytesPerSecond: 125_000 * packedAs }
    line.up = true
    line.down = true
    const order: string[] = []
    network.meddle = ({ line: on, what, direction, bytes }) => {
      if (on === line && direction === 'up' && what === 'push') {
        order.push((JSON.parse(firstLine(bytes)) as { stream: StreamId }).stream)
      }
      return undefined
    }
    const fromMs = time.nowMs()
    shop.store.run()?.link.start()
    const waiting = () =>
      (shop.store.run()?.journal.heads('author') ?? []).some(
        ({ stream, seq }) => fleet.cloud.journal()?.head(stream).seq !== seq,
      )
    await time.run(fromMs + 120_000, () => !waiting())
    hold(time.nowMs() - fromMs < 60_000, `it took ${time.nowMs() - fromMs} ms`)
    const first = order.findIndex((stream) => stream.endsWith('/telemetry'))
    const last = order.findLastIndex((stream) => stream.endsWith('/business'))
    hold(first >= 4 && first > last / 2, `reports begin at batch ${first} of ${order.length}`)
    await rest(fleet)
  },
}

function firstLine(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(10)))
}
