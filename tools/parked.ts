import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isUuid } from '@tillkeeper/core/base/id.ts'
import type { RetryOf } from '@tillkeeper/projections/parking/retry-parked.ts'
import { type OpenDatabase, withDatabases } from './database/open-databases.ts'
import {
  listIncidentsOf,
  listParkedFacts,
  readReason,
  resolveFact,
  retryFacts,
} from './parked/run-parked.ts'

// Facts that could not be projected: seen, tried again, settled.
//
//   npm run parked -- [list] [--json] [--data DIR | --database-url URL]
//   npm run parked -- retry [--fact ID | --reason REASON] [--json]
//   npm run parked -- resolve --fact ID --note TEXT [--replaced-by ID] [--json]
//
// It works on the running chain, or on the database of DATABASE_URL. `list` ends with 1 if something is
// parked or an incident stands open, `retry` if something still is, `resolve` if it was refused.

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const commands = { list, retry, resolve } as const

process.exitCode = await main()

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      data: { type: 'string', default: join(root, '.tillkeeper') },
      'database-url': { type: 'string' },
      fact: { type: 'string' },
      reason: { type: 'string' },
      note: { type: 'string' },
      'replaced-by': { type: 'string' },
    },
  })
  const [command = 'list', ...more] = positionals
  const run = commands[command as keyof typeof commands]
  if (run === undefined || more.length > 0) {
    throw new Error(`the commands are ${Object.keys(commands).join(', ')}`)
  }
  const databaseUrl = values['database-url'] ?? process.env.DATABASE_URL
  return withDatabases({ databaseUrl, dataDir: values.data }, (databases) =>
    run(databases, {
      json: values.json,
      fact: readId(values.fact, '--fact'),
      reason: values.reason,
      note: values.note,
      replacedBy: readId(values['replaced-by'], '--replaced-by'),
    }),
  )
}

type Asked = {
  readonly json: boolean
  readonly fact: string | undefined
  readonly reason: string | undefined
  readonly note: string | undefined
  readonly replacedBy: string | undefined
}

async function list(databases: readonly OpenDatabase[], { json }: Asked): Promise<number> {
  const facts = await listParkedFacts(databases)
  const incidents = await listIncidentsOf(databases)
  if (json) print(JSON.stringify({ parked: facts.length, facts, incidents }))
  for (const fact of json ? [] : facts) {
    const holds = fact.holdsBack === 0 ? '' : `, holds back ${fact.holdsBack}`
    print(`${fact.database}  ${fact.factId}  ${fact.type}  ${fact.reason} (${fact.detail})${holds}`)
    print(`    ${fact.stream}#${fact.seq}, ${fact.occurredAt}, tried ${fact.tries} times`)
  }
  if (!json) print(facts.length === 0 ? 'nothing is parked' : `${facts.length} facts are parked`)
  for (const { database, kind, node, at } of json ? [] : incidents) {
    print(`${database}  incident ${kind} of ${node}, ${at} (docs/operate/sync-health.md)`)
  }
  return facts.length + incidents.length === 0 ? 0 : 1
}

async function retry(databases: readonly OpenDatabase[], asked: Asked): Promise<number> {
  const done = await retryFacts(databases, readRetry(asked))
  const applied = done.reduce((sum, each) => sum + each.applied, 0)
  const parked = done.reduce((sum, each) => sum + each.parked, 0)
  if (asked.json) print(JSON.stringify({ applied, parked, databases: done }))
  else print(`${applied} facts went through, ${parked} were tried and are still parked`)
  return parked === 0 ? 0 : 1
}

async function resolve(
  databases: readonly OpenDatabase[],
  { json, fact, note, replacedBy }: Asked,
): Promise<number> {
  if (fact === undefined || note === undefined || note === '') {
    throw new Error('resolve takes --fact ID and --note TEXT: why, and where the evidence lies')
  }
  const done = await resolveFact(databases, { factId: fact, note, replacementId: replacedBy })
  if (json) print(JSON.stringify(done))
  else if (done.ok) print(`settled in ${done.database}; ${done.released} facts went on behind it`)
  else print(`not settled: ${done.code} (see docs/operate/sync-health.md)`)
  return done.ok ? 0 : 1
}

function readRetry({ fact, reason }: Asked): RetryOf {
  if (fact !== undefined) return { kind: 'fact', factId: fact }
  if (reason === undefined) return { kind: 'all' }
  const known = readReason(reason)
  if (known === undefined) throw new Error(`no fact is parked for the reason ${reason}`)
  return { kind: 'reason', reason: known }
}

function readId(text: string | undefined, option: string): string | undefined {
  if (text === undefined || isUuid(text)) return text
  throw new Error(`${option} takes the id of a fact`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
