import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withConnection, withDatabase } from '@tillkeeper/postgres/databases.ts'
import { captureSales } from '../limit/capture-sales.ts'
import { findPgbench } from '../limit/find-pgbench.ts'
import { makeScript } from '../limit/make-script.ts'
import { startBenchChain, tillsCount } from './bench-chain.ts'
import { measureRounds, orderOf, type Round, type Subject } from './measure-rounds.ts'
import { startLoadGenerator } from './run-load.ts'

// One cash sale of five lines through POST /v1/sales, and beside it what the same database does at most
// with the same statements, on a chain that is made for it and removed again.

export type BenchSale = {
  readonly seconds: number
  readonly rounds: number
  readonly products: number
  /** The environment's PATH. */
  readonly path: string
  /** A folder for the servers' CPU profiles; left out: none are made. */
  readonly profileDir?: string | undefined
  readonly say: (line: string) => void
  /** Hears how to stop everything at once, if somebody presses Ctrl-C. */
  readonly onStop: (stop: () => Promise<void>) => void
}

const limitDatabase = 'limit_of_store'
const warmUpSecondsMax = 2

export async function benchSale(options: BenchSale): Promise<readonly Round[]> {
  const { say, products, path: PATH, profileDir } = options
  const warmUpSeconds = Math.min(warmUpSecondsMax, options.seconds)
  const program = findPgbench(PATH, say)
  const profile = `--cpu-prof --cpu-prof-dir=${profileDir}`
  const env = { PATH, ...(profileDir === undefined ? {} : { NODE_OPTIONS: profile }) }
  const bench = await startBenchChain({ products, env, say })
  const load = startLoadGenerator()
  const stop = async () => {
    await Promise.all([load.stop(), bench.stop()])
  }
  options.onStop(stop)
  try {
    say('warming up')
    await load.run(orderOf(bench, tillsCount, warmUpSeconds))
    const limit = await prepareLimit({ bench, program, say })
    say('warming up both')
    const subject = { bench, load, limit }
    return await measureRounds(subject, { ...options, warmUpSeconds })
  } finally {
    await stop()
  }
}

/** Captures what a sale is made of, and copies the database for pgbench to sell in. */
async function prepareLimit({
  bench,
  program,
  say,
}: Pick<Subject, 'bench'> & {
  readonly program: string
  readonly say: (line: string) => void
}): Promise<Subject['limit']> {
  const { store } = bench
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
