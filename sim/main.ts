import { readArguments } from './run/arguments.ts'
import { runScenarios } from './run/run-scenarios.ts'

// `npm run sim`: the fleet simulator (docs/specs/simulator.md). Progress goes to stderr, the figures to
// stdout, as the last line.

const asked = readArguments(process.argv.slice(2))
const figures = await runScenarios(asked)
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exitCode = figures.violations === 0 ? 0 : 1
