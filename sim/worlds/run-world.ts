import { type Fleet, makeFleet, openFleet } from '../actors/fleet.ts'
import { heal, settle } from '../actors/settle.ts'
import { passNight, tradeDay } from '../actors/trade.ts'
import { checkAtRest, watchFleet } from '../checkers/checkers.ts'
import type { Violation } from '../world/world.ts'
import { violate } from '../world/world.ts'
import { injectFaults } from './fault-kinds.ts'
import type { WorldPlan } from './plan-world.ts'

export type LivedWorld = {
  readonly plan: WorldPlan
  readonly violations: readonly Violation[]
  readonly counts: Readonly<Record<string, number>>
  readonly trace: string
  readonly last: readonly string[]
  readonly shopDays: number
  readonly events: number
  /** How long it took to come to rest, in virtual time. */
  readonly restMs: number
  readonly promised: number
}

const dayMinutes = 8

/**
 * Lives a random world from its opening to its rest, and looks at everything. `alsoAtRest` looks at what this
 * process cannot see by itself: the same world on a real database.
 */
export async function runWorld(
  plan: WorldPlan,
  alsoAtRest?: (fleet: Fleet) => Promise<void>,
): Promise<LivedWorld> {
  const fleet = makeFleet(plan.seed, plan)
  const { world } = fleet
  let restMs = 0
  try {
    await openFleet(fleet)
    watchFleet(fleet)
    for (let day = 0; day < plan.days; day += 1) {
      if (day > 0) await passNight(fleet, day === 1 ? plan.holiday : 1)
      const untilMs = world.time.nowMs() + (dayMinutes - 1) * 60_000
      for (const kind of plan.kinds) injectFaults(fleet, kind, untilMs)
      await tradeDay(fleet, {
        minutes: dayMinutes,
        actsPerTill: plan.actsPerTill,
        edits: plan.edits,
      })
    }
    // A long holiday at the end: what may be forgotten is.
    if (plan.days === 1 && plan.holiday > 1) await passNight(fleet, plan.holiday)
    // What was begun before the end (a restore, a jump) still happens.
    await world.time.run(world.time.nowMs() + 200_000)
    heal(fleet)
    restMs = await settle(fleet)
    checkAtRest(fleet)
    await alsoAtRest?.(fleet)
  } catch (error) {
    violate(world, 'bug', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return {
    plan,
    violations: world.violations,
    counts: world.counters.all(),
    trace: world.trace.hash(),
    last: world.trace.last(),
    shopDays: plan.shops * plan.days,
    events: world.time.events(),
    restMs,
    promised: fleet.truth.promised.size,
  }
}
