import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { withConnection, withDatabase } from '@tillkeeper/postgres/databases.ts'
import type { BenchChain } from '../sale/bench-chain.ts'
import { makeSale } from '../sale/make-sale.ts'
import { readTransactions, type Transaction } from './read-log.ts'

/** A sale that was made alone, and what the store server sent to its database for it. */
export type CapturedSale = {
  readonly id: string
  /** Its place in the store server's stream. */
  readonly seq: number
  readonly receiptNumber: string
  readonly transaction: Transaction
}

const pollMs = 100
const logMs = 10_000
const attemptsMax = 3

/** Makes one sale on each till, with the database's log of statements switched on for that long. */
export async function captureSales(bench: BenchChain): Promise<readonly CapturedSale[]> {
  const { chain, store } = bench
  return withConnection(withDatabase(store.databaseUrl, 'postgres'), async (sql) => {
    for (const setting of ["log_destination = 'stderr,jsonlog'", "log_statement = 'all'"]) {
      await sql.unsafe(`ALTER SYSTEM SET ${setting}`)
    }
    await sql`SELECT pg_reload_conf()`
    const logFile = () => readLogFile(sql, chain.postgres.cluster)
    await waitFor('the log of statements', async () => (await logFile()) !== undefined)

    const sell = () => sellOnce(bench, async () => (await logFile()) ?? '')
    let captured = await sell()
    // One in some hundred sales also clears old live events away; they are captured again.
    for (let again = 1; again < attemptsMax && !areAlike(captured); again += 1) {
      captured = await sell()
    }
    for (const name of ['log_destination', 'log_statement']) {
      await sql.unsafe(`ALTER SYSTEM RESET ${name}`)
    }
    await sql`SELECT pg_reload_conf()`
    return withSeqs(store.databaseUrl, captured)
  })
}

/** Makes one sale on each till, alone, and finds each in the log. */
async function sellOnce(
  { chain, store, sessionIds, products }: BenchChain,
  readLog: () => Promise<string>,
): Promise<readonly CapturedSale[]> {
  const client = createClient({
    baseUrl: store.url,
    credentials: { kind: 'key', key: chain.apiKey },
  })
  const made: Sale[] = []
  for (const sessionId of sessionIds) {
    const answer = await client.post<Sale>('/v1/sales', makeSale(sessionId, products))
    if (!answer.ok) throw new Error(`no sale was made: ${JSON.stringify(answer.failure)}`)
    made.push(answer.reply)
  }
  let captured: readonly CapturedSale[] = []
  const database = new URL(store.databaseUrl).pathname.slice(1)
  await waitFor('the statements of the sales', async () => {
    const transactions = readTransactions(await readLog(), database)
    captured = made.flatMap((sale) => findTransaction(sale, transactions))
    return captured.length === made.length
  })
  return captured
}

function areAlike(sales: readonly CapturedSale[]): boolean {
  const texts = sales.map(({ transaction }) => transaction.map(({ text }) => text).join('\n'))
  return texts.every((text) => text === texts[0])
}

type Sql = Parameters<Parameters<typeof withConnection>[1]>[0]

async function readLogFile(sql: Sql, cluster: string): Promise<string | undefined> {
  const [row] = await sql<{ path: string | null }[]>`
    SELECT pg_current_logfile('jsonlog') AS path
  `
  return row?.path === null || row === undefined
    ? undefined
    : readFile(join(cluster, row.path), 'utf8').catch(() => undefined)
}

async function waitFor(what: string, found: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < logMs; waitedMs += pollMs) {
    if (await found()) return
    await wait(pollMs)
  }
  throw new Error(`${what} did not appear within ${logMs / 1000} s`)
}

function findTransaction(
  { id, receiptNumber }: Sale,
  transactions: readonly Transaction[],
): CapturedSale[] {
  const transaction = transactions.find((statements) =>
    statements.some(
      ({ text, parameters }) =>
        /\bINSERT INTO journal\b/.test(text) && parameters.some((value) => value?.includes(id)),
    ),
  )
  return transaction === undefined ? [] : [{ id, seq: 0, receiptNumber, transaction }]
}

async function withSeqs(
  databaseUrl: string,
  captured: readonly CapturedSale[],
): Promise<readonly CapturedSale[]> {
  const ids = `{${captured.map(({ id }) => id).join(',')}}`
  const rows = await withConnection(
    databaseUrl,
    (sql) => sql<{ id: string; seq: string }[]>`
      SELECT id, seq FROM fact_id WHERE id = ANY (${ids}::uuid[])
    `,
  )
  const seqs = new Map(rows.map(({ id, seq }) => [id, Number(seq)]))
  return captured.map((sale) => ({ ...sale, seq: seqs.get(sale.id) ?? 0 }))
}
