import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { findDrift, raiseTotalsDrift } from '@tillkeeper/projections/reconcile/drift-sql.ts'
import { withDatabases } from './database/open-databases.ts'

// Adds all totals and balances up anew from the acts.
//
//   npm run totals -- [--data DIR | --database-url URL]
//
// It prints each total that differs with what is kept and what the acts add up to, leaves the word of it as an
// exception, and ends with 1 if there is one. It mends nothing: `npm run rebuild` does.

const root = dirname(dirname(fileURLToPath(import.meta.url)))

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(root, '.tillkeeper') },
      'database-url': { type: 'string' },
    },
  })
  const where = { databaseUrl: values['database-url'], dataDir: values.data }
  return withDatabases(where, async (databases) => {
    let differ = 0
    for (const { name, db } of databases) {
      const orgs = await db<{ org: OrgId }[]>`SELECT DISTINCT org_id AS org FROM stream`
      for (const { org } of orgs) {
        const found = await findDrift(db, org)
        await raiseTotalsDrift(db, org, { found, at: new Date().toISOString() })
        for (const { place, detail } of found) {
          process.stdout.write(`${name} ${place}: ${detail}\n`)
        }
        differ += found.length
      }
    }
    process.stdout.write(`${differ === 0 ? 'every total is right' : `${differ} differ`}\n`)
    return differ === 0 ? 0 : 1
  })
}
