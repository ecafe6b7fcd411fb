import { parseArgs } from 'node:util'
import { type PartName, partNames, runLab } from './run-lab.ts'

// Breaks real servers and real disks, and looks whether anything was lost, doubled or changed.
//
//   npm run crash -- [--json] [--part NAME]… [--seed N] [--small] [--point FLOW:N:before|after] [--teeth]
//
// Progress and a table go to stderr; with --json the last line on stdout is one object. docs/specs/crash.md
// says what is swept, what the machine needs, and how to run one point again. It ends with 0 only if
// there is no violation; with --teeth the code or the disk is spoilt, and it ends with 0 only if that
// was found.

const usage =
  `npm run crash -- [--json] [--part ${partNames.join('|')}]… [--seed N] [--small] ` +
  '[--lanes N] [--point FLOW[:N:before|after]] [--teeth]'
const seedMax = 2 ** 31
const lanesMax = 8

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    small: { type: 'boolean', default: false },
    lanes: { type: 'string', default: '3' },
    point: { type: 'string' },
    teeth: { type: 'boolean', default: false },
  },
})
if (positionals.length > 0) throw new Error(`usage: ${usage}`)

// What ends with this process ends its servers and takes its disks away.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1))
}

const report = await runLab({
  parts: readParts(),
  seed: readCount('seed', seedMax),
  small: values.small,
  lanes: readCount('lanes', lanesMax),
  point: values.point,
  teeth: values.teeth,
  say,
})
const { points, restarts, cutRequests, powerCuts, violations, ...more } = report
if (values.json) {
  const line = { points, restarts, cutRequests, powerCuts, violations: violations.length, ...more }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
process.exitCode = violations.length > 0 === values.teeth ? 0 : 1

function readParts(): readonly PartName[] {
  const asked = values.point === undefined ? (values.part ?? partNames) : ['sweep']
  return asked.map((name) => {
    const part = partNames.find((each) => each === name)
    if (part === undefined) throw new Error(`usage: ${usage}`)
    return part
  })
}

function readCount(name: 'seed' | 'lanes', max: number): number {
  const count = Number(values[name])
  if (!Number.isSafeInteger(count) || count < 1 || count > max) {
    throw new Error(`--${name} takes a whole number from 1 to ${max}`)
  }
  return count
}

function say(line: string): void {
  const seconds = (performance.now() / 1_000).toFixed(1).padStart(7)
  process.stderr.write(`${seconds} ${line}\n`)
}
