import { setTimeout as wait } from 'node:timers/promises'
import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { type PgbenchResult, type RunPgbench, runPgbench } from '../limit/run-pgbench.ts'
import { type Counts, countRows, subtractCounts } from '../measure/count-rows.ts'
import { readTreeMs } from '../measure/cpu-time.ts'
import { rounded } from '../measure/figures.ts'
import { type BenchChain, tillsCount } from './bench-chain.ts'
import type { Load, LoadGenerator, LoadOrder } from './run-load.ts'

// Ours and the limit in turns, a few seconds each, so that what else the machine does meets both alike.

export const clientCounts = [1, 4, tillsCount] as const
export type ClientCount = (typeof clientCounts)[number]

/** What is measured, running and warm. */
export type Subject = {
  readonly bench: BenchChain
  readonly load: LoadGenerator
  readonly limit: Omit<RunPgbench, 'clients' | 'seconds'>
}

/** What some seconds of selling gave. */
export type Ours = {
  readonly sales: number
  readonly perSecond: number
  readonly latenciesMs: Float64Array
  readonly storeCpuMs: number
  readonly postgresCpuMs: number
}
export type Limit = Pick<Ours, 'sales' | 'perSecond' | 'postgresCpuMs'>
export type Slice = { readonly clients: ClientCount; readonly ours: Ours; readonly limit: Limit }

export type Round = {
  /** For each count of clients, the shop cut off from its cloud: nothing but sales is measured. */
  readonly slices: readonly Slice[]
  /** Most clients, while the shop carries each sale to its cloud, which runs beside it here. */
  readonly online: Ours
}

type Options = {
  readonly seconds: number
  readonly rounds: number
  readonly warmUpSeconds: number
  readonly say: (line: string) => void
}

const carriedMs = 120_000
const pollMs = 200
/** More sales than one run of pgbench makes: no receipt number is given out twice. */
const countersPerRun = 1_000_000

export async function measureRounds(subject: Subject, options: Options): Promise<readonly Round[]> {
  const { bench, load, limit } = subject
  const { seconds, warmUpSeconds } = options
  let runs = 0
  const draw = (clients: number, forSeconds: number) => {
    runs += 1
    const variables = { ...limit.variables, n: runs * countersPerRun }
    return runPgbench({ ...limit, clients, seconds: forSeconds, variables })
  }
  const both: Both = {
    ours: (clients) => measureOurs(bench, () => load.run(orderOf(bench, clients, seconds))),
    limit: (clients) => measureLimit(bench, () => draw(clients, seconds)),
  }
  await load.run(orderOf(bench, tillsCount, warmUpSeconds))
  await draw(tillsCount, warmUpSeconds)

  const count = async () => ({
    ours: await countRows(bench.store.databaseUrl),
    limit: await countRows(limit.databaseUrl),
  })
  const before = await count()
  const rounds: Round[] = []
  while (rounds.length < options.rounds) {
    rounds.push(await measureRound(bench, both, { ...options, nth: rounds.length + 1 }))
  }
  requireSameRows(rounds, before, await count())
  return rounds
}

type Both = {
  readonly ours: (clients: number) => Promise<Ours>
  readonly limit: (clients: number) => Promise<Limit>
}

async function measureRound(
  bench: BenchChain,
  both: Both,
  { nth, rounds, say }: Options & { readonly nth: number },
): Promise<Round> {
  bench.cutCloud()
  const slices: Slice[] = []
  for (const clients of clientCounts) {
    // Who comes first changes from round to round.
    const first = nth % 2 === 1 ? await both.ours(clients) : undefined
    const limit = await both.limit(clients)
    const slice = { clients, limit, ours: first ?? (await both.ours(clients)) }
    slices.push(slice)
    say(`round ${nth} of ${rounds}: ${describeSlice(slice)}`)
  }
  bench.healCloud()
  await waitUntilCarried(bench)
  const online = await both.ours(tillsCount)
  say(`round ${nth} of ${rounds}: ${tillsCount} clients online: ${describeOurs(online)}`)
  await waitUntilCarried(bench)
  return { slices, online }
}

export function orderOf(
  { store, chain, sessionIds, products }: BenchChain,
  clients: number,
  seconds: number,
): LoadOrder {
  const url = store.url
  return { url, token: chain.apiKey, sessionIds: sessionIds.slice(0, clients), products, seconds }
}

async function measureOurs({ chain, store }: BenchChain, run: () => Promise<Load>): Promise<Ours> {
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

/** Waits until the cloud has every sale, so that its work does not fall into another measurement. */
async function waitUntilCarried({ chain, store }: BenchChain): Promise<void> {
  const client = createClient({
    baseUrl: store.url,
    credentials: { kind: 'key', key: chain.apiKey },
  })
  for (let waitedMs = 0; waitedMs < carriedMs; waitedMs += pollMs) {
    const answer = await client.get<SyncStatus>('/v1/sync/status')
    if (answer.ok && answer.reply.unacknowledged === 0) return
    await wait(pollMs)
  }
  throw new Error('the cloud did not get the sales')
}

function describeSlice({ clients, ours, limit }: Slice): string {
  const limitCpuMs = rounded(limit.postgresCpuMs / limit.sales, 2)
  return (
    `${clients} clients: ${describeOurs(ours)}; ` +
    `limit ${rounded(limit.perSecond, 0)} sales/s, ${limitCpuMs} ms`
  )
}

function describeOurs({ sales, perSecond, storeCpuMs, postgresCpuMs }: Ours): string {
  const [store, postgres] = [rounded(storeCpuMs / sales, 2), rounded(postgresCpuMs / sales, 2)]
  return `${rounded(perSecond, 0)} sales/s, CPU ${store} ms server + ${postgres} ms database`
}

type BothCounts = { readonly ours: Counts; readonly limit: Counts }

/** Both ways of selling have to leave the same rows for each sale, or the limit is none of it. */
function requireSameRows(rounds: readonly Round[], before: BothCounts, after: BothCounts): void {
  const slices = rounds.flatMap((round) => round.slices)
  const sales = {
    ours: [...slices.map(({ ours }) => ours), ...rounds.map(({ online }) => online)],
    limit: slices.map(({ limit }) => limit),
  }
  const perSale = (side: 'ours' | 'limit') => {
    const made = sales[side].reduce((sum, slice) => sum + slice.sales, 0)
    const added = subtractCounts(after[side], before[side])
    return Object.entries(added)
      .map(([name, count]) => `${name}: ${rounded(count / made, 6)}`)
      .join(', ')
  }
  const [ours, limit] = [perSale('ours'), perSale('limit')]
  if (ours !== limit || !ours.includes('sale: 1,')) {
    throw new Error(`a sale is not the same rows:\nours:  ${ours}\nlimit: ${limit}`)
  }
}
