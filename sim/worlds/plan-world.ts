import { random } from '../world/random.ts'
import { type FaultKind, faultKinds } from './fault-kinds.ts'

/** A random world, as its seed decides. */
export type WorldPlan = {
  readonly seed: number
  readonly shops: number
  readonly tills: number
  readonly days: number
  readonly actsPerTill: number
  readonly edits: number
  readonly kinds: readonly FaultKind[]
  /** A holiday after the first day, in days: long enough, tills forget what they may. */
  readonly holiday: number
}

/** What of a plan is set by hand: to replay, and to make a failing world smaller. */
export type Overrides = Partial<Omit<WorldPlan, 'seed'>>

const tillsPerShop = 2

/** Draws a world. `small`: for tests that have no time. */
export function planWorld(seed: number, overrides: Overrides = {}, small = false): WorldPlan {
  const chance = random(seed).fork('plan')
  const large = !small && chance.chance(0.04)
  const kinds = chance.shuffle(faultKinds).slice(0, chance.between(2, 4))
  const drawn: Omit<WorldPlan, 'seed'> = {
    shops: large ? chance.between(10, 20) : chance.between(3, small ? 3 : 5),
    tills: tillsPerShop,
    days: chance.between(1, large || small ? 1 : 2),
    actsPerTill: chance.between(8, large || small ? 12 : 18),
    edits: chance.between(0, 4),
    kinds,
    holiday: chance.chance(0.1) ? 15 : 1,
  }
  return { seed, ...drawn, ...overrides }
}
