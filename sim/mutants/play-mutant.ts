import type { Scenario } from '../scenarios/scenario.ts'
import type { Violation } from '../world/world.ts'
import type { Play } from './mutants.ts'

// A process of its own for one broken copy: `node --import mutate-hook.ts play-mutant.ts '<plays>'`. It
// plays until something turns red, and says what, as its last line.

export type MutantAnswer = {
  readonly red: Violation | undefined
  /** The play that turned red. */
  readonly play?: Play
  readonly played: number
}

// Loaded only now, so that the hook stands before them.
const { scenarios } = await import('../scenarios/all.ts')
const { playScenario } = await import('../scenarios/scenario.ts')
const { planWorld } = await import('../worlds/plan-world.ts')
const { runWorld } = await import('../worlds/run-world.ts')
const { extraPlays } = await import('./extra-plays.ts')

const plays = JSON.parse(process.argv[2] ?? '[]') as readonly Play[]
process.stdout.write(`${JSON.stringify(await playAll())}\n`)

async function playAll(): Promise<MutantAnswer> {
  let played = 0
  for (const play of plays) {
    for await (const violations of playOne(play)) {
      played += 1
      const [red] = violations
      if (red !== undefined) return { red, play, played }
    }
  }
  return { red: undefined, played }
}

async function* playOne(play: Play): AsyncIterable<readonly Violation[]> {
  if ('scenario' in play) {
    const scenario = [...scenarios, ...extraPlays].find(({ number }) => number === play.scenario)
    if (scenario !== undefined) yield await playNamed(scenario)
  } else if ('twice' in play) {
    const plan = planWorld(1, { kinds: play.twice, shops: 3, days: 1 })
    const [first, second] = [await runWorld(plan), await runWorld(plan)]
    const why = `one seed has two traces: ${first.trace}, ${second.trace}`
    yield first.trace === second.trace ? first.violations : [{ checker: 'G12', why, atMs: 0 }]
  } else {
    for (let seed = 1; seed <= play.seeds; seed += 1) {
      const plan = planWorld(seed, { kinds: play.kinds, shops: 3, days: 2, actsPerTill: 12 })
      yield (await runWorld(plan)).violations
    }
  }
}

async function playNamed(scenario: Scenario): Promise<readonly Violation[]> {
  // What needs a real database is not asked of it here.
  const none = { open: () => Promise.reject(new Error('mutants play without a database')) }
  return (await playScenario(scenario, 1, none)).violations
}
