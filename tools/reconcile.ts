import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { withDatabases } from './database/open-databases.ts'
import { reconcileDatabases } from './reconcile/reconcile-databases.ts'

// Compares what each shop of a chain stores with what its cloud stores, and mends what a rule can decide.
//
//   npm run reconcile -- [--json] [--data DIR | --database-url URL]
//
// It works on the databases of the running chain, or on the one of DATABASE_URL, which is compared with
// itself. The last line counts; it ends with 0 only if nothing is left that differs.

const root = dirname(dirname(fileURLToPath(import.meta.url)))

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      data: { type: 'string', default: join(root, '.tillkeeper') },
      'database-url': { type: 'string' },
    },
  })
  const databaseUrl = values['database-url'] ?? process.env.DATABASE_URL
  const report = await withDatabases({ databaseUrl, dataDir: values.data }, (databases) =>
    reconcileDatabases(databases, {
      now: () => new Date(),
      onReport: (name, { streams, findings }) => {
        say(`${name}: ${streams} streams, ${findings.length} differences`)
        for (const { level, what, place, outcome, detail } of findings) {
          say(`  ${level} ${what} at ${place}: ${outcome} (${detail})`)
        }
      },
    }),
  )
  const { streams, buckets, differences, repaired, unresolved } = report
  const said = `${streams} streams, ${buckets} buckets: ${differences} differences, ${repaired} repaired, ${unresolved} unresolved`
  process.stdout.write(`${values.json ? JSON.stringify(report) : said}\n`)
  return differences === repaired ? 0 : 1
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
