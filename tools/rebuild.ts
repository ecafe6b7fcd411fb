import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rebuildProjections } from '@tillkeeper/projections/rebuild/rebuild-projections.ts'
import { withDatabases } from './database/open-databases.ts'

// Builds every table that facts make again from the journal.
//
//   npm run rebuild -- [--data DIR | --database-url URL]
//
// It prints each table's digest as it was and as the journal has it, and ends with 1 if any differ: then
// something else than facts had written to them, and it is mended now.

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const digestChars = 16
const progressEvery = 20_000

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(root, '.tillkeeper') },
      'database-url': { type: 'string' },
    },
  })
  return withDatabases(
    { databaseUrl: values['database-url'], dataDir: values.data },
    async (databases) => {
      let differ = 0
      for (const { name, db } of databases) {
        let said = 0
        const tables = await rebuildProjections(db, {
          onProgress: (facts) => {
            if (facts - said < progressEvery) return
            said = facts
            process.stderr.write(`${name}: ${facts} facts\n`)
          },
        })
        for (const { table, before, after } of tables) {
          const same = before.digest === after.digest
          if (!same) differ += 1
          const digests = `${short(before.digest)} ${short(after.digest)}`
          const rows = String(after.rows).padStart(9)
          process.stdout.write(
            `${name} ${table.padEnd(20)} ${rows} rows ${digests} ${same ? 'same' : 'DIFFERS'}\n`,
          )
        }
      }
      process.stdout.write(`${differ === 0 ? 'every table is the same' : `${differ} differ`}\n`)
      return differ === 0 ? 0 : 1
    },
  )
}

function short(digest: string): string {
  return digest.slice(0, digestChars)
}
