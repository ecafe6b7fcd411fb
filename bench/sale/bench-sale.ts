import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { withConnection, withDatabase } from '@tillkeeper/postgres/databases.ts'
import { captureSales } from '../limit/capture-sales.ts'
import { findPgbench } from '../limit/find-pgbench.ts'
import { makeScript } from '../limit/make-script.ts'
import { type PgbenchResult, type RunPgbench, runPgbench } from '../limit/run-pgbench.ts'
import { type Counts, countRows, subtractCounts } from '../measure/count-rows.ts'
import { readTreeMs } from '../measure/cpu-time.ts'
import { rounded } from '../measure/figures.ts'
import { type BenchChain, startBenchChain, tillsCount } from './bench-chain.ts'
import { type Load, type LoadGenerator, type LoadOrder, startLoadGenerator } from './run-load.ts'

// One cash sale of five lines through POST /v1/sales, and beside it what the same database does at most
// with the same statements. Both are measured in turns, a few seconds each, so that what else the
// machine does meets both alike.

export const clientCounts = [1, 4, tillsCount] as const

export type BenchSale = {
  readonly seconds: number
  readonly rounds: number
  readonly products: number
  /** Whether the shop is cut off from its cloud while it is measured. */
  readonly cut: boolean
  /** The environment's PATH. */
  readonly path: string
  readonly say: (line: string) => void
  /** Hears how to stop everything at once, if somebody presses Ctrl-C. */
  readonly onStop: (stop: () => Promise<void>) => void
}

/** What some seconds gave, of ours and of the limit. */
export type Slice = {
  readonly clients: number
  readonly ours: Ours
  readonly limit: Limit
}

type Ours = {
  readonly sales: number
  readonly perSecond: number
  readonly latenciesMs: Float64Array
  readonly storeCpuMs: number
  readonly postgresCpuMs: number
}

type Limit = {
  readonly sales: number
  readonly perSecond: number
  readonly postgresCpuMs: number
}

const limitDatabase = 'limit_of_store'
const warmUpSeconds = 2
const settledMs = 120_000
const pollMs = 200
/** More sales than one run of pgbench makes: no receipt number is given out twice. */
const countersPerRun = 1_000_000

export async function benchSale(options: BenchSale): Promise<readonly Slice[]> {
  const { say, products } = options
  const program = findPgbench(options.path, say)
  const bench = await startBenchChain(products, say)
  const load = startLoadGenerator()
  const stop = async () => {
    await load.stop()
    await bench.stop()
  }
  options.onStop(stop)
  try {
    const limit = await prepareLimit({ bench, load }, program, say)
    return await measure({ bench, load, limit }, options)
  } finally {
    await stop()
  }
}

type Subject = {
  readonly bench: BenchChain
  readonly load: LoadGenerator
  readonly limit: Omit<RunPgbench, 'clients' | 'seconds'>
}

/** Captures what a sale is made of, and copies the database for pgbench to sell in. */
async function prepareLimit(
  { bench, load }: Pick<Subject, 'bench' | 'load'>,
  program: string,
  say: (line: string) => void,
): Promise<Subject['limit']> {
  const { store } = bench
  say('warming up')
  // The stream's numbers grow beyond all others in a sale, by which the script knows them.
  await load.run(orderOf(bench, tillsCount, warmUpSeconds))
  const sales = await captureSales(bench)
  say(`limit: a sale is ${sales[0]?.transaction.length} statements`)
  const { script, constants } = makeScript(sales)
  const scriptFile = join(store.dataDir, 'sale.pgbench')
  await writeFile(scriptFile, script)

  say('limit: copying the database')
  await store.kill('SIGTERM')
  const name = new URL(store.databaseUrl).pathname.slice(1)
  const databaseUrl = withDatabase(store.databaseUrl, limitDatabase)
  await withConnection(withDatabase(store.databaseUrl, 'postgres'), async (sql) => {
    await sql`CREATE DATABASE ${sql(limitDatabase)} TEMPLATE ${sql(name)}`
  })
  for (const url of [store.databaseUrl, databaseUrl]) {
    await withConnection(url, (sql) => sql.unsafe('VACUUM ANALYZE'))
  }
  await store.start()
  return { program, scriptFile, databaseUrl, variables: constants }
}

function orderOf(
  { store, chain, sessionIds, products }: BenchChain,
  clients: number,
  seconds: number,
): LoadOrder {
  const url = store.url
  return { url, token: chain.apiKey, sessionIds: sessionIds.slice(0, clients), products, seconds }
}

async function measure(
  { bench, load, limit }: Subject,
  { say, seconds, rounds, cut }: BenchSale,
): Promise<readonly Slice[]> {
  let runs = 0
  const draw = (clients: number, forSeconds: number) => {
    runs += 1
    const variables = { ...limit.variables, n: runs * countersPerRun }
    return runPgbench({ ...limit, clients, seconds: forSeconds, variables })
  }
  if (cut) bench.cutCloud()
  say('warming up both')
  await load.run(orderOf(bench, tillsCount, warmUpSeconds))
  await draw(tillsCount, warmUpSeconds)

  const count = async () => ({
    ours: await countRows(bench.store.databaseUrl),
    limit: await countRows(limit.databaseUrl),
  })
  const before = await count()
  const slices: Slice[] = []
  for (let round = 1; round <= rounds; round += 1) {
    for (const clients of clientCounts) {
      const sellOurs = () =>
        measureOurs(bench, () => load.run(orderOf(bench, clients, seconds)), cut)
      const sellLimit = () => measureLimit(bench, () => draw(clients, seconds))
      // Who comes first changes from round to round.
      const first = round % 2 === 1 ? await sellOurs() : undefined
      const slice = { clients, limit: await sellLimit(), ours: first ?? (await sellOurs()) }
      slices.push(slice)
      say(`round ${round} of ${rounds}: ${describeSlice(slice)}`)
    }
  }
  requireSameRows(slices, before, await count())
  return slices
}

async function measureOurs(
  { chain, store }: BenchChain,
  run: () => Promise<Load>,
  cut: boolean,
): Promise<Ours> {
  await checkpoint(chain.postgres.url('postgres'))
  const pid = store.pid()
  if (pid === undefined) throw new Error('the store server does not run')
  // The cloud's sessions are on this server for want of another machine: they are no part of a sale.
  const others = await listSessions(chain.postgres.url('postgres'), chain.cloud.databaseUrl)
  const read = () => ({
    store: readTreeMs(pid),
    postgres: readTreeMs(chain.postgres.pid, others),
  })
  const before = read()
  const { latenciesMs, elapsedSeconds } = await run()
  const after = read()
  if (!cut) await waitUntilCarried(store.url, chain.apiKey)
  return {
    sales: latenciesMs.length,
    perSecond: latenciesMs.length / elapsedSeconds,
    latenciesMs,
    storeCpuMs: after.store - before.store,
    postgresCpuMs: after.postgres - before.postgres,
  }
}

async function measureLimit(
  { chain }: BenchChain,
  run: () => Promise<PgbenchResult>,
): Promise<Limit> {
  await checkpoint(chain.postgres.url('postgres'))
  const before = readTreeMs(chain.postgres.pid)
  const { transactions, perSecond } = await run()
  const postgresCpuMs = readTreeMs(chain.postgres.pid) - before
  return { sales: transactions, perSecond, postgresCpuMs }
}

// After a checkpoint each page is written whole once: both begin with that.
async function checkpoint(url: string): Promise<void> {
  await withConnection(url, (sql) => sql.unsafe('CHECKPOINT'))
}

async function listSessions(url: string, databaseUrl: string): Promise<ReadonlySet<number>> {
  const database = new URL(databaseUrl).pathname.slice(1)
  const rows = await withConnection(
    url,
    (sql) => sql<{ pid: number }[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = ${database}
    `,
  )
  return new Set(rows.map(({ pid }) => pid))
}

/** Waits until the cloud has every sale, so that its work does not fall into the next measurement. */
async function waitUntilCarried(baseUrl: string, key: string): Promise<void> {
  const client = createClient({ baseUrl, credentials: { kind: 'key', key } })
  for (let waitedMs = 0; waitedMs < settledMs; waitedMs += pollMs) {
    const answer = await client.get<SyncStatus>('/v1/sync/status')
    if (answer.ok && answer.reply.unacknowledged === 0) return
    await wait(pollMs)
  }
  throw new Error('the cloud did not get the sales')
}

export function describeSlice({ clients, ours, limit }: Slice): string {
  const { sales, storeCpuMs, postgresCpuMs } = ours
  const [store, postgres] = [rounded(storeCpuMs / sales, 2), rounded(postgresCpuMs / sales, 2)]
  return (
    `${clients} clients: ${rounded(ours.perSecond, 0)} sales/s, limit ` +
    `${rounded(limit.perSecond, 0)}; CPU ms a sale: store ${store} and database ${postgres}, ` +
    `limit ${rounded(limit.postgresCpuMs / limit.sales, 2)}`
  )
}

type Both = { readonly ours: Counts; readonly limit: Counts }

/** Both ways of selling have to leave the same rows for each sale, or the limit is none of it. */
function requireSameRows(slices: readonly Slice[], before: Both, after: Both): void {
  const salesOf = (side: 'ours' | 'limit') =>
    slices.reduce((sum, slice) => sum + slice[side].sales, 0)
  const perSale = (side: 'ours' | 'limit') =>
    Object.entries(subtractCounts(after[side], before[side])).map(
      ([name, added]) => `${name}: ${rounded(added / salesOf(side), 6)}`,
    )
  const [ours, limit] = [perSale('ours').join(', '), perSale('limit').join(', ')]
  if (ours !== limit || !ours.includes('sale: 1,')) {
    throw new Error(`a sale is not the same rows:\nours:  ${ours}\nlimit: ${limit}`)
  }
}
