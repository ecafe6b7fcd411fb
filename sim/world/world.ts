import { type Counters, makeCounters } from './counters.ts'
import { makeNetwork, type Network } from './network.ts'
import { type Random, random } from './random.ts'
import { makeScheduler, type Scheduler } from './scheduler.ts'
import { makeTrace, type Trace } from './trace.ts'

/** Time, chance, the network and what was seen: all that nodes share. */
export type World = {
  readonly seed: number
  readonly chance: Random
  readonly time: Scheduler
  readonly network: Network
  readonly counters: Counters
  readonly trace: Trace
  /** What broke a promise, in the order in which it was found. */
  readonly violations: Violation[]
}

export type Violation = {
  /** `G1` … `G12`, or the scenario's own. */
  readonly checker: string
  readonly why: string
  readonly atMs: number
}

/** Violations that are kept; one is enough to fail a run. */
const violationsMax = 20

/** An empty world out of a seed. */
export function makeWorld(seed: number): World {
  const time = makeScheduler()
  const counters = makeCounters()
  const trace = makeTrace(time.nowMs)
  const chance = random(seed)
  return {
    seed,
    chance,
    time,
    counters,
    trace,
    network: makeNetwork({ chance: chance.fork('network'), time, counters, trace }),
    violations: [],
  }
}

/** Takes note that a promise was broken. */
export function violate(world: World, checker: string, why: string): void {
  world.trace.note(`violation ${checker} ${why}`)
  if (world.violations.length >= violationsMax) return
  if (world.violations.some((known) => known.checker === checker && known.why === why)) return
  world.violations.push({ checker, why, atMs: world.time.nowMs() })
}
