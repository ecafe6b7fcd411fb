import type { Db } from '@tillkeeper/projections/db.ts'
import { type Fleet, type FleetSize, makeFleet, openFleet } from '../actors/fleet.ts'
import { heal, settle } from '../actors/settle.ts'
import { checkAtRest, watchFleet } from '../checkers/checkers.ts'
import type { Databases } from '../postgres/database.ts'
import type { Violation } from '../world/world.ts'
import { violate } from '../world/world.ts'

/** A named fault, and what must hold whatever it does. */
export type Scenario = {
  /** Of the field study's list: 1 to 40. */
  readonly number: number
  readonly name: string
  readonly recipe: string
  readonly mustHold: string
  readonly play: (stage: Stage) => Promise<void>
}

/** What a scenario plays on. */
export type Stage = {
  readonly seed: number
  /** Opens a chain, with all checkers watching. */
  readonly open: (size?: Partial<FleetSize>) => Promise<Fleet>
  /** The scenario's own promise: where it does not hold, the run fails. */
  readonly hold: (ok: boolean, why: string) => void
  /** Ends all faults, lets everything come to rest, and looks at everything. Returns how long it took. */
  readonly rest: (fleet: Fleet, maxMs?: number) => Promise<number>
  /** A real database with the shared tables, for what cannot be simulated. */
  readonly database: () => Promise<Db>
}

export type Played = {
  readonly violations: readonly Violation[]
  readonly counts: Readonly<Record<string, number>>
  /** Of all worlds that the scenario opened. */
  readonly traces: readonly string[]
  /** The last lines of the last world, for a person. */
  readonly last: readonly string[]
}

export const usualSize: FleetSize = { shops: 3, tills: 2 }

/** Plays one scenario with one seed. */
export async function playScenario(
  scenario: Scenario,
  seed: number,
  databases: Pick<Databases, 'open'>,
): Promise<Played> {
  const fleets: Fleet[] = []
  const own: Violation[] = []
  const nowMs = () => fleets.at(-1)?.world.time.nowMs() ?? 0
  const stage: Stage = {
    seed,
    database: databases.open,
    open: async (size) => {
      const fleet = makeFleet(seed + fleets.length, { ...usualSize, ...size })
      fleets.push(fleet)
      await openFleet(fleet)
      watchFleet(fleet)
      return fleet
    },
    hold: (ok, why) => {
      if (ok) return
      const world = fleets.at(-1)?.world
      const checker = `S${scenario.number}`
      if (world === undefined) own.push({ checker, why, atMs: nowMs() })
      else violate(world, checker, why)
    },
    rest: async (fleet, maxMs) => {
      heal(fleet)
      const ms = await settle(fleet, maxMs)
      checkAtRest(fleet)
      return ms
    },
  }
  try {
    await scenario.play(stage)
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    own.push({ checker: `S${scenario.number}`, why, atMs: nowMs() })
  }
  const counts: Record<string, number> = {}
  for (const { world } of fleets) {
    for (const [name, times] of Object.entries(world.counters.all())) {
      counts[name] = (counts[name] ?? 0) + times
    }
  }
  return {
    violations: [...own, ...fleets.flatMap(({ world }) => world.violations)],
    counts,
    traces: fleets.map(({ world }) => world.trace.hash()),
    last: fleets.at(-1)?.world.trace.last() ?? [],
  }
}
