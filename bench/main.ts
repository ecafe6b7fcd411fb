import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benchSale } from './sale/bench-sale.ts'
import { reportRounds, tableOf } from './sale/report.ts'

// Measures what the product promises to be fast, on a throw-away chain of its own.
//
//   npm run bench -- sale [--json] [--seconds N] [--rounds N] [--products N] [--profile DIR]
//
// Progress goes to stderr, the figures to stdout; with --json as one JSON object, in the last line.
// docs/performance.md says what they mean. --profile writes CPU profiles of the servers to a folder, and
// slows them down by it.

const usage =
  'npm run bench -- sale [--json] [--seconds N] [--rounds N] [--products N] [--profile DIR]'
const secondsMax = 600
const roundsMax = 100
const productsMax = 100_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    products: { type: 'string', default: '10000' },
    profile: { type: 'string' },
  },
})
if (positionals.length !== 1 || positionals[0] !== 'sale') throw new Error(`usage: ${usage}`)

let stop: (() => Promise<void>) | undefined
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Asked twice: at once. The servers are still told to stop as this process ends.
    if (interrupted) process.exit(1)
    interrupted = true
    say(`${signal}: stopping`)
    if (stop !== undefined) void end(stop)
  })
}

try {
  const rounds = await benchSale({
    seconds: readCount('seconds', secondsMax),
    rounds: readCount('rounds', roundsMax),
    products: readCount('products', productsMax),
    path: process.env.PATH ?? '',
    profileDir: values.profile === undefined ? undefined : resolve(values.profile),
    say,
    onStop: (how) => {
      stop = how
      // Asked while the servers were starting.
      if (interrupted) void end(how)
    },
  })
  if (values.json) {
    say(tableOf(rounds))
    process.stdout.write(`${JSON.stringify(reportRounds(rounds))}\n`)
  } else {
    process.stdout.write(`${tableOf(rounds)}\n`)
  }
} catch (error) {
  // What was under way fails when its servers are gone; there is nothing more to say of it.
  if (!interrupted) throw error
}

async function end(how: () => Promise<void>): Promise<void> {
  await how().catch((error: unknown) => say(`not all was stopped: ${error}`))
  process.exit(1)
}

function readCount(name: 'seconds' | 'rounds' | 'products', max: number): number {
  const count = Number(values[name])
  if (!Number.isSafeInteger(count) || count < 1 || count > max) {
    throw new Error(`--${name} takes a whole number from 1 to ${max}`)
  }
  return count
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
