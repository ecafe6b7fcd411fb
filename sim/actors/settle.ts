import { fairWeather } from '../world/network.ts'
import { violate } from '../world/world.ts'
import { type Fleet, machines } from './fleet.ts'

/** Twice the longest wait of a link: what has not come to rest by then never will. */
export const settleMaxMs = 600_000

/** Everything bad ends: lines are fair, disks have space, clocks go, and who lies on the ground gets up. */
export function heal(fleet: Fleet): void {
  const { world } = fleet
  world.network.meddle = undefined
  for (const line of world.network.lines()) {
    Object.assign(line, { weather: fairWeather, up: true, down: true, flap: undefined })
  }
  for (const machine of machines(fleet)) {
    machine.disk.full = false
    machine.disk.onOp = undefined
    machine.clock.freeze(false)
    if (machine.running() === undefined) machine.boot()
  }
}

/** What still differs between the copies; nothing at rest. */
export function findDifferences({ cloud, shops }: Fleet): readonly string[] {
  const found: string[] = []
  const top = cloud.journal()
  if (top === undefined) return ['the cloud is down']
  const feeds = top.heads('feed').filter(({ stream }) => stream.startsWith('feed/org@'))
  for (const { store, tills } of shops) {
    const run = store.run()
    if (run === undefined) {
      found.push(`${store.name} is down`)
      continue
    }
    for (const { stream, seq } of feeds) {
      if (run.journal.head(stream).seq !== seq) found.push(`${store.name} has not all of ${stream}`)
    }
    for (const { stream, seq } of run.journal.heads('author')) {
      if (top.head(stream).seq !== seq) found.push(`the cloud has not all of ${stream}`)
    }
    for (const till of tills) {
      const node = till.node()
      if (node === undefined) {
        found.push(`${till.name} is down`)
        continue
      }
      const { unsent, notInCloud } = node.outbox.sent()
      if (unsent > 0 || notInCloud > 0) found.push(`${till.name} waits: ${unsent}, ${notInCloud}`)
      const held = feeds.reduce((all, { seq }) => all + seq, 0)
      if (node.inbox.held() !== held) found.push(`${till.name} has not all of the feed`)
    }
  }
  return found
}

/** Lets the world come to rest after `heal`. What does not is a broken promise (G9). */
export async function settle(fleet: Fleet, maxMs: number = settleMaxMs): Promise<number> {
  const { world } = fleet
  const fromMs = world.time.nowMs()
  let lookedMs = fromMs
  let rest = false
  await world.time.run(fromMs + maxMs, () => {
    // Looking is not free: once a second is enough.
    if (world.time.nowMs() - lookedMs >= 1_000) {
      lookedMs = world.time.nowMs()
      rest = findDifferences(fleet).length === 0
    }
    return rest
  })
  for (const difference of findDifferences(fleet)) violate(world, 'G9', difference)
  return world.time.nowMs() - fromMs
}
