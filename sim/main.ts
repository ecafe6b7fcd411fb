import { runRecyclers } from './recycler/run-recyclers.ts'
import { readArguments } from './run/arguments.ts'
import { runMutants } from './run/run-mutants.ts'
import { runScenarios } from './run/run-scenarios.ts'
import { replaySeed, runSeeds } from './run/run-seeds.ts'

// `npm run sim`: the fleet simulator (docs/specs/simulator.md). Progress goes to stderr, the figures to
// stdout, as the last line.

const asked = readArguments(process.argv.slice(2))
process.exitCode = await run()

async function run(): Promise<number> {
  if (asked.mode === 'scenarios') {
    const figures = await runScenarios(asked)
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return figures.violations === 0 ? 0 : 1
  }
  if (asked.mode === 'mutants') {
    const figures = await runMutants(asked)
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return figures.survived.length === 0 ? 0 : 1
  }
  if (asked.mode === 'recycler') {
    const figures = await runRecyclers(asked)
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return figures.unaccountedMinor === 0 && figures.neverFired.length === 0 ? 0 : 1
  }
  // One seed without a number of them is one world lived again.
  const replay = asked.seed !== undefined && !asked.options.has('seeds')
  const figures = await (replay ? replaySeed(asked) : runSeeds(asked))
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return figures.violations === 0 && figures.neverFired.length === 0 ? 0 : 1
}
