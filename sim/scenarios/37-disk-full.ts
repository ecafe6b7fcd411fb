import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const diskFull: Scenario = {
  number: 37,
  name: 'disk full at the store server, quota in the browser',
  recipe: 'disks of tills and of store servers fill up in the middle of a day, and are freed later',
  mustHold:
    'a till that cannot write refuses before money is taken, one whose server is full sells on; what is there stays, and all goes on when there is space',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { world, shops, truth, cloud } = fleet
    const full = [shops[0]?.tills[0], shops[1]?.store]
    const till = shops[0]?.tills[0]
    const behindFullStore = shops[1]?.tills[0]
    if (till === undefined || behindFullStore === undefined) return hold(false, 'there are shops')
    const promisedBy = (name: string) =>
      [...truth.promised.values()].filter(({ node, atMs }) => node === name && atMs >= fullMs)
        .length
    let fullMs = Number.POSITIVE_INFINITY
    let promisedWhileFull = 0
    let soldBehind = 0
    let before = new Map<string, number>()
    world.time.after(120_000, () => {
      fullMs = world.time.nowMs()
      for (const machine of full) {
        if (machine === undefined) continue
        machine.disk.full = true
        before = new Map(machine.disk.peekGroups('fact').map((stream) => [stream, countOf(stream)]))
      }
    })
    const countOf = (stream: string) =>
      till.disk.peekRange('fact', stream, 1, Number.MAX_SAFE_INTEGER).length
    world.time.after(300_000, () => {
      promisedWhileFull = promisedBy(till.name)
      soldBehind = promisedBy(behindFullStore.name)
      for (const [stream, rows] of before) {
        hold(countOf(stream) >= rows, 'what was there is there')
      }
      for (const machine of full) if (machine !== undefined) machine.disk.full = false
    })
    await tradeDay(fleet)
    await rest(fleet)
    hold(world.counters.of('act.not_saved') > 0, 'acts were refused')
    // One act may have been on its way to the disk when it filled up.
    hold(promisedWhileFull <= 1, 'nobody was told that something is done that is not')
    hold(soldBehind > 2, 'tills of the full server sold on')
    hold(promisedBy(till.name) > promisedWhileFull, 'and when there was space, the till did too')
    hold(cloud.running() !== undefined, 'the cloud lived on')
  },
}
