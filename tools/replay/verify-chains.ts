import type { Chain } from '@tillkeeper/chain/start-chain.ts'
import { connect } from '@tillkeeper/projections/db.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'

/** Checks every chain of every server of a chain from its genesis; returns what is broken. */
export async function verifyChains(
  { stores, cloud }: Chain,
  say: (line: string) => void,
): Promise<{ readonly faults: readonly string[] }> {
  const faults: string[] = []
  for (const { name, databaseUrl } of [...stores, cloud]) {
    const db = connect(databaseUrl, { max: 1 })
    try {
      const verified = await verifyJournal(db)
      say(`${name}: ${verified.facts} facts in ${verified.streams} streams: ${verified.chain}`)
      faults.push(...verified.faults.map((fault) => `${name}: ${JSON.stringify(fault)}`))
      if (verified.facts === 0) faults.push(`${name}: there is nothing to verify`)
    } finally {
      await db.end()
    }
  }
  return { faults }
}
