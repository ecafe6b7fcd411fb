import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { runGuards } from './mutants/run-guards.ts'

// Each guard of money broken in a copy, and the test that has to see it.
//
//   npm run mutants -- [--json] [part of a name]
//
// It ends with 1 if a test does not see its broken copy, or is red with nothing broken. Progress goes to stderr.

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const say = (line: string) => process.stderr.write(`${line}\n`)
const figures = await runGuards(positionals[0] ?? '', { workers: availableParallelism(), say })
const { guards, survived } = figures
for (const name of survived) say(`survived: ${name}`)
process.stdout.write(
  values.json
    ? `${JSON.stringify(figures)}\n`
    : `${guards} broken guards, ${guards - survived.length} seen\n`,
)
process.exitCode = survived.length === 0 ? 0 : 1
