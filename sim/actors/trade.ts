import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { currency, editOf, productIds } from './chain-setup.ts'
import { children, type Fleet } from './fleet.ts'

export type DayPlan = {
  /** From the first session to the last close. A day is short, and busy: what matters is its acts. */
  readonly minutes: number
  readonly actsPerTill: number
  /** Edits that the owner makes over the day. */
  readonly edits: number
}

export const usualDay: DayPlan = { minutes: 8, actsPerTill: 24, edits: 3 }

const dayMs = 86_400_000
/** The last minute of a day is for closing. */
const closingMs = 60_000

/** A day of trade: sessions are opened, acts happen at every till, sessions are closed. */
export async function tradeDay(fleet: Fleet, plan: DayPlan = usualDay): Promise<void> {
  const { world, cloud, shops } = fleet
  const chance = world.chance.fork(`day ${world.time.nowMs()}`)
  const beginMs = world.time.nowMs()
  const endMs = beginMs + plan.minutes * 60_000
  for (const { cashiers, tills } of shops) {
    for (const [index, cashier] of cashiers.entries()) {
      const till = tills[index]
      const meanMs = (plan.minutes * 60_000 - closingMs) / plan.actsPerTill
      const closeAtMs = endMs - closingMs + chance.below(closingMs / 2)
      // A till that falls in the middle of an act never ends it: the next one begins after its restart.
      let busy: unknown
      const turn = () => {
        const node = till?.node()
        const closing = world.time.nowMs() >= closeAtMs
        if (node !== undefined && busy !== node) {
          busy = node
          const done = () => {
            if (busy === node) busy = undefined
          }
          const act = closing ? cashier.pickUp().then(cashier.closeSession) : cashier.act()
          act.then(done, (error: unknown) => {
            world.trace.note(`${till?.author} act fault ${String(error)}`)
            done()
          })
        }
        if (world.time.nowMs() < endMs)
          world.time.after(closing ? 3_000 : chance.below(2 * meanMs), turn)
      }
      world.time.after(chance.below(2 * meanMs), turn)
    }
  }
  for (let edit = 0; edit < plan.edits; edit += 1) {
    world.time.after(chance.below(endMs - beginMs), () => {
      if (cloud.journal() === undefined) return
      void changePrice(fleet).catch(() => world.trace.note('an edit was not saved'))
    })
  }
  await world.time.run(endMs)
}

/** The owner changes a price. */
export function changePrice({ cloud, world }: Fleet): Promise<void> {
  const chance = world.chance.fork(`edit ${world.time.nowMs()}`)
  return cloud.say('org', [
    editOf('product.changed', {
      id: uuidv7(cloud.clock.nowMs(), chance.bytes(10)),
      entityId: chance.pick(productIds),
      fields: { price: { currency, minor: chance.between(100, 50_000) } },
      nowIso: cloud.clock.isoNow(),
    }),
  ])
}

/** The night: shops are switched off in good order, but for those that stay on, and days pass. */
export async function passNight(fleet: Fleet, days = 1): Promise<void> {
  const { world, shops } = fleet
  const asleep = children(fleet).filter((machine) => machine.running() !== undefined)
  for (const machine of asleep) void machine.shutDown().catch(() => machine.end())
  await world.time.run(world.time.nowMs() + 60_000)
  await world.time.run(world.time.nowMs() + days * dayMs - 1_800_000)
  for (const { store } of shops) if (asleep.includes(store)) store.boot()
  for (const { tills } of shops) {
    for (const till of tills) if (asleep.includes(till)) till.boot()
  }
  await world.time.run(world.time.nowMs() + 10_000)
}
