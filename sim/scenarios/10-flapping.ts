import { backoffMaxMs } from '@tillkeeper/sync/link/backoff.ts'
import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

const periodMs = 10_000

export const flapping: Scenario = {
  number: 10,
  name: 'a line that comes and goes every five seconds',
  recipe: 'every line to the cloud is up for five seconds and down for five',
  mustHold: 'what waits gets through, within the bound of a back-off at the latest',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { cloud, shops, world } = fleet
    for (const { store } of shops) {
      world.network.line(store.name).flap = { upMs: 5_000, downMs: 5_000 }
    }
    const held = shops.map((): number[] => [])
    const look = () => {
      for (const [index, { store, tills }] of shops.entries()) {
        const authors = [store.author, ...tills.map(({ author }) => author)]
        const total = (cloud.journal()?.heads('author') ?? [])
          .filter(({ stream }) => authors.some((author) => stream.startsWith(`${author}:`)))
          .reduce((all, { seq }) => all + seq, 0)
        held[index]?.push(total)
      }
      world.time.after(periodMs, look)
    }
    look()
    await tradeDay(fleet)
    // A back-off may sit windows out, but never longer than its bound.
    const periods = backoffMaxMs / periodMs
    for (const totals of held) {
      for (let at = 3; at + periods < totals.length; at += 1) {
        const grew = (totals[at + periods] ?? 0) > (totals[at] ?? 0)
        hold(grew, `nothing came for ${backoffMaxMs} ms after ${at * periodMs} ms`)
      }
      const steps = totals.filter((total, at) => at > 0 && total > (totals[at - 1] ?? 0))
      hold(steps.length >= 5, `only ${steps.length} windows brought something`)
    }
    hold(world.counters.of('net.flapping') > 20, 'the line flapped')
    await rest(fleet)
  },
}
