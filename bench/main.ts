import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCash, cashTable } from './cash/bench-cash.ts'
import { benchCatchUp } from './catch-up/bench-catch-up.ts'
import { catchUpTable, reportCatchUp } from './catch-up/report-catch-up.ts'
import { benchFleet, fleetTable } from './fleet/bench-fleet.ts'
import { benchRecycler, recyclerTable } from './recycler/bench-recycler.ts'
import { benchSale } from './sale/bench-sale.ts'
import { reportRounds, tableOf } from './sale/report.ts'

// Measures what the product promises to be fast, on a throw-away chain of its own.
//
//   npm run bench -- cash [--json]
//   npm run bench -- recycler [--json] [--idle-seconds N]
//   npm run bench -- sale [--json] [--seconds N] [--rounds N] [--products N] [--profile DIR]
//   npm run bench -- catch-up [--json] [--sales N] [--rounds N] [--live-seconds N] [--profile DIR]
//   npm run bench -- fleet [--json] [--shops N] [--live-seconds N] [--returning N] [--return-sales N]
//     [--return-seconds N] [--profile DIR]
//
// Progress goes to stderr, the figures to stdout; with --json as one JSON object, in the last line.
// docs/performance.md says what they mean. --profile writes CPU profiles of the servers to a folder, and
// slows them down by it.

const usage = [
  'npm run bench -- cash [--json]',
  'npm run bench -- recycler [--json] [--idle-seconds N]',
  'npm run bench -- sale [--json] [--seconds N] [--rounds N] [--products N] [--profile DIR]',
  'npm run bench -- catch-up [--json] [--sales N] [--rounds N] [--live-seconds N] [--profile DIR]',
  'npm run bench -- fleet [--json] [--shops N] [--live-seconds N] [--returning N] [--return-sales N]' +
    ' [--return-seconds N] [--profile DIR]',
].join('\n       ')

/** What each count may be at most, and is where it is left out. */
const counts = {
  seconds: { max: 600, otherwise: 4 },
  rounds: { max: 100, otherwise: 5 },
  products: { max: 100_000, otherwise: 10_000 },
  sales: { max: 1_000_000, otherwise: 100_000 },
  'live-seconds': { max: 600, otherwise: 60 },
  'idle-seconds': { max: 600, otherwise: 40 },
  shops: { max: 2_000, otherwise: 500 },
  returning: { max: 2_000, otherwise: 300 },
  'return-sales': { max: 100_000, otherwise: 3_000 },
  'return-seconds': { max: 7_200, otherwise: 600 },
} as const

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    products: { type: 'string' },
    sales: { type: 'string' },
    'live-seconds': { type: 'string' },
    'idle-seconds': { type: 'string' },
    shops: { type: 'string' },
    returning: { type: 'string' },
    'return-sales': { type: 'string' },
    'return-seconds': { type: 'string' },
    profile: { type: 'string' },
  },
})

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

const shared = {
  path: process.env.PATH ?? '',
  profileDir: values.profile === undefined ? undefined : resolve(values.profile),
  say,
  onStop: (how: () => Promise<void>) => {
    stop = how
    // Asked while the servers were starting.
    if (interrupted) void end(how)
  },
}

const benches: Readonly<Record<string, () => Promise<Figures>>> = {
  sale: async () => {
    const [seconds, rounds, products] = [count('seconds'), count('rounds'), count('products')]
    const done = await benchSale({ ...shared, seconds, rounds, products })
    return { table: tableOf(done), report: reportRounds(done) }
  },
  'catch-up': async () => {
    const [sales, rounds] = [count('sales'), count('rounds')]
    const liveSeconds = count('live-seconds')
    const done = await benchCatchUp({ ...shared, sales, rounds, liveSeconds })
    return { table: catchUpTable(done), report: reportCatchUp(done) }
  },
  fleet: () => fleet(),
  recycler: async () => {
    const figures = await benchRecycler({ ...shared, idleSeconds: count('idle-seconds') })
    return { table: recyclerTable(figures), report: figures }
  },
  cash: async () => {
    const figures = await benchCash(shared)
    return { table: cashTable(figures), report: figures }
  },
}

const fleet = async (): Promise<Figures> => {
  const shops = count('shops')
  const figures = await benchFleet({
    ...shared,
    ...{ shops, seconds: count('live-seconds'), returning: Math.min(shops, count('returning')) },
    ...{ sales: count('return-sales'), returnSecondsMax: count('return-seconds') },
  })
  return { table: fleetTable(figures), report: figures }
}

type Figures = { readonly table: string; readonly report: object }

const [name = ''] = positionals
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (positionals.length !== 1 || bench === undefined) throw new Error(`usage: ${usage}`)
try {
  const { table, report } = await bench()
  if (values.json) {
    say(table)
    process.stdout.write(`${JSON.stringify(report)}\n`)
  } else {
    process.stdout.write(`${table}\n`)
  }
} catch (error) {
  // What was under way fails when its servers are gone; there is nothing more to say of it.
  if (!interrupted) throw error
}

async function end(how: () => Promise<void>): Promise<void> {
  await how().catch((error: unknown) => say(`not all was stopped: ${error}`))
  process.exit(1)
}

function count(of: keyof typeof counts): number {
  const { max, otherwise } = counts[of]
  const asked = Number(values[of] ?? otherwise)
  if (!Number.isSafeInteger(asked) || asked < 1 || asked > max) {
    throw new Error(`--${of} takes a whole number from 1 to ${max}`)
  }
  return asked
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
