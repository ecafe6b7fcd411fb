import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type LocatedHeadFault, verifyHeads } from '@tillkeeper/http/sync/verify-heads.ts'
import type { LocatedFault } from '@tillkeeper/projections/verify/chain-checker.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { withDatabases } from './database/open-databases.ts'
import { withThrowAwayJournal } from './verify/throw-away-journal.ts'

// Checks every chain of a journal from its genesis, and against what its authors and the cloud signed.
//
//   npm run verify -- [--json] [--data DIR | --database-url URL] [--cloud-key KEY]
//   npm run verify -- [--json] --facts N      on a throw-away journal of N facts
//
// KEY is the cloud's public key (`cloudPublicKey` in a store server's node.json): receipts by another are
// faults then. It ends with 0 only if every chain is whole, else with 1.

type Report = {
  readonly facts: number
  readonly seconds: number
  readonly chain: 'ok' | 'broken'
  readonly faults: readonly ((LocatedFault | LocatedHeadFault) & { readonly database: string })[]
}

const factsMax = 100_000_000
const root = dirname(dirname(fileURLToPath(import.meta.url)))

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      data: { type: 'string', default: join(root, '.tillkeeper') },
      'database-url': { type: 'string' },
      facts: { type: 'string' },
      'cloud-key': { type: 'string' },
    },
  })
  const report =
    values.facts === undefined
      ? await verifyChain(values.data, values['database-url'], values['cloud-key'])
      : await verifyThrowAway(readCount(values.facts))
  for (const { database, stream, seq, fault } of values.json ? [] : report.faults) {
    say(`${database} ${stream} #${seq}: ${fault}`)
  }
  const { facts, seconds, chain } = report
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else process.stdout.write(`${facts} facts in ${seconds} s: ${chain}\n`)
  return chain === 'ok' ? 0 : 1
}

async function verifyChain(
  dataDir: string,
  databaseUrl: string | undefined,
  cloudKey: string | undefined,
): Promise<Report> {
  return withDatabases({ databaseUrl, dataDir }, async (databases) => {
    const startedAt = performance.now()
    let facts = 0
    const faults: Report['faults'][number][] = []
    for (const { name, db } of databases) {
      const found = await verifyJournal(db, {
        onProgress: (done) => say(`${name}: ${done} facts`),
      })
      say(`${name}: ${found.facts} facts in ${found.streams} streams: ${found.chain}`)
      facts += found.facts
      const signed = await verifyHeads(db, { cloudKey })
      say(`${name}: ${signed.length === 0 ? 'all' : 'not all'} that was signed is held`)
      faults.push(...[...found.faults, ...signed].map((fault) => ({ ...fault, database: name })))
    }
    return toReport(facts, startedAt, faults)
  })
}

async function verifyThrowAway(count: number): Promise<Report> {
  return withThrowAwayJournal(count, say, async (db) => {
    const startedAt = performance.now()
    const { facts, faults } = await verifyJournal(db, {
      onProgress: (done) => say(`checked ${done} facts`),
    })
    return toReport(
      facts,
      startedAt,
      faults.map((fault) => ({ ...fault, database: 'journal' })),
    )
  })
}

function toReport(facts: number, startedAt: number, faults: Report['faults']): Report {
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100
  return { facts, seconds, chain: faults.length === 0 ? 'ok' : 'broken', faults }
}

function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1 || count > factsMax) {
    throw new Error(`--facts takes a whole number from 1 to ${factsMax}`)
  }
  return count
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
