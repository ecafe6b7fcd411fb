import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { runShopYear } from './shop-year/run-shop-year.ts'
import { ensureSystemPackages } from './testing/system-packages.ts'

// A year of a shop, to the minor unit.
//
//   npm run shop-year -- [--json] [--days N] [--seed N]
//
// Makes up business days with five tills and three currencies, sends them to a PostgreSQL of its own, exports the
// journal, and has hledger (Debian's, installed if it may be) add it up. It ends with 1 if a balance of any
// place, currency and day differs, if a total has drifted, if a payment at the cash recycler is told otherwise than it
// was, if a session stayed open, or if a type of act or of transfer did not occur. Progress and the counts of all types
// go to stderr.

const daysMax = 1_000
const usage = 'npm run shop-year -- [--json] [--days N] [--seed N]'
const say = (line: string) => process.stderr.write(`${line}\n`)

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      days: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
    },
  })
  const [days, seed] = [Number(values.days), Number(values.seed)]
  if (!Number.isSafeInteger(days) || days < 1 || days > daysMax || !Number.isSafeInteger(seed)) {
    throw new Error(`usage: ${usage}; N is at most ${daysMax}`)
  }
  const missing = await ensureSystemPackages(say, ['hledger'])
  if (missing.length > 0) throw new Error(missing.join('\n'))
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-shop-year-'))
  const server = await startPostgres({ dataDir })
  try {
    const databaseUrl = await server.createDatabase('shop_year')
    const done = await runShopYear({ databaseUrl, days, seed, say })
    const { movements, differences, drift, mistold, first, types, transfers, missing, open } = done
    for (const [of, counts] of Object.entries({ facts: types, transfers })) {
      say(`${of}:`)
      for (const [type, count] of [...counts].sort()) say(`${String(count).padStart(8)} ${type}`)
    }
    for (const type of missing) say(`       0 ${type}`)
    for (const line of first) say(line)
    if (open > 0) say(`${open} sessions stayed open`)
    const figures = { days, movements, differences, drift, mistold }
    process.stdout.write(
      values.json
        ? `${JSON.stringify(figures)}\n`
        : `${days} days, ${movements} movements: ${differences} differences, ${drift} drifts, ${mistold} payments mistold\n`,
    )
    return differences + drift + mistold + open + missing.length === 0 ? 0 : 1
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
