import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { withDatabases } from '../database/open-databases.ts'

/** Checks every chain of every server of the chain in `dataDir` from its genesis. */
export async function verifyChains(
  dataDir: string,
  say: (line: string) => void,
): Promise<{ readonly faults: readonly string[] }> {
  const faults = await withDatabases({ dataDir, databaseUrl: undefined }, async (databases) => {
    const found: string[] = []
    for (const { name, db } of databases) {
      const verified = await verifyJournal(db)
      say(`${name}: ${verified.facts} facts in ${verified.streams} streams: ${verified.chain}`)
      found.push(...verified.faults.map((fault) => `${name}: ${JSON.stringify(fault)}`))
      if (verified.facts === 0) found.push(`${name}: there is nothing to verify`)
    }
    return found
  })
  return { faults }
}
