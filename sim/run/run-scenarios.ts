import { makeDatabases } from '../postgres/database.ts'
import { scenarios } from '../scenarios/all.ts'
import { playScenario } from '../scenarios/scenario.ts'
import type { Asked } from './arguments.ts'

export type ScenarioFigures = { readonly scenarios: number; readonly violations: number }

const usualSeed = 1

/** Plays all scenarios, or one. */
export async function runScenarios({
  only,
  seed = usualSeed,
  trace,
}: Asked): Promise<ScenarioFigures> {
  let violations = 0
  const databases = makeDatabases()
  const chosen = scenarios.filter(({ number }) => only === undefined || number === only)
  for (const scenario of chosen) {
    const beganMs = performance.now()
    const played = await playScenario(scenario, seed, databases)
    violations += played.violations.length
    const ms = Math.round(performance.now() - beganMs)
    const label = `${String(scenario.number).padStart(2)} ${scenario.name}`
    process.stderr.write(
      `${played.violations.length === 0 ? 'holds' : 'BROKEN'}  ${label} (${ms} ms)\n`,
    )
    if (trace) process.stderr.write(`${played.last.join('\n')}\n`)
    for (const { checker, why, atMs } of played.violations) {
      process.stderr.write(`        ${checker} at ${atMs} ms: ${why}\n`)
    }
    if (played.violations.length > 0) {
      process.stderr.write(
        `        again: npm run sim -- --scenarios --only ${scenario.number} --seed ${seed} --trace\n`,
      )
    }
  }
  await databases.close()
  return { scenarios: chosen.length, violations }
}
