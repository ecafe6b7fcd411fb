import { type Overrides, planWorld, type WorldPlan } from './plan-world.ts'
import { type LivedWorld, runWorld } from './run-world.ts'

/** A failing world, as small as it was made, and how to see it again. */
export type Minimised = {
  readonly lived: LivedWorld
  readonly overrides: Overrides
  readonly tried: number
}

/** Worlds that are tried to make a failing one smaller. */
const triesMax = 40

/** Takes away fault kinds, shops, days and acts for as long as the same checker still turns red. */
export async function minimise(failed: LivedWorld, small = false): Promise<Minimised> {
  const { seed } = failed.plan
  const checker = failed.violations[0]?.checker
  let best = failed
  let overrides: Overrides = {}
  let tried = 0
  for (let again = true; again; ) {
    again = false
    for (const smaller of smallerThan(best.plan)) {
      if (tried >= triesMax) break
      tried += 1
      const candidate = { ...overrides, ...smaller }
      const lived = await runWorld(planWorld(seed, candidate, small))
      if (!lived.violations.some((violation) => violation.checker === checker)) continue
      best = lived
      overrides = candidate
      again = true
      break
    }
  }
  return { lived: best, overrides, tried }
}

function* smallerThan({
  kinds,
  shops,
  days,
  actsPerTill,
  edits,
  tills,
  holiday,
}: WorldPlan): Iterable<Overrides> {
  for (const kind of kinds) yield { kinds: kinds.filter((each) => each !== kind) }
  if (days > 1) yield { days: days - 1 }
  if (shops > 1) yield { shops: Math.max(1, Math.floor(shops / 2)) }
  if (tills > 1) yield { tills: 1 }
  if (actsPerTill > 1) yield { actsPerTill: Math.floor(actsPerTill / 2) }
  if (edits > 0) yield { edits: 0 }
  if (holiday > 1) yield { holiday: 1 }
}

/** The command that lives a world again. */
export function replayCommand(plan: WorldPlan): string {
  const { seed, shops, tills, days, actsPerTill, edits, kinds, holiday } = plan
  return (
    `npm run sim -- --seed ${seed} --shops ${shops} --tills ${tills} --days ${days} ` +
    `--acts ${actsPerTill} --edits ${edits} --holiday ${holiday} --kinds ${kinds.join(',') || 'none'} --trace`
  )
}
