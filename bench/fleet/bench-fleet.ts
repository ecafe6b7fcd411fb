import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChainPlan } from '@tillkeeper/chain/plan.ts'
import {
  createEnrolmentCode,
  productId,
  provision,
  shopId,
  tillId,
} from '@tillkeeper/chain/provision.ts'
import { type ServerProcess, startServer } from '@tillkeeper/chain/server-process.ts'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { type Postgres, startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { readTreeMs } from '../measure/cpu-time.ts'
import { quantile, rounded } from '../measure/figures.ts'
import { type Fleet, type LiveReport, startFleet } from './run-fleet.ts'
import type { NodePlan } from './shop-node.ts'

// One cloud and the store servers of a whole chain: a sale a second in each, then many of them back at
// once from some days without a line. The shops are simulated, with real keys, tokens and chains; the
// cloud and its database are real processes.

export type BenchFleet = {
  readonly shops: number
  readonly seconds: number
  readonly returning: number
  /** Of each that returns. */
  readonly sales: number
  readonly returnSecondsMax: number
  readonly path: string
  readonly profileDir?: string | undefined
  readonly say: (line: string) => void
  readonly onStop: (stop: () => Promise<void>) => void
}

export type FleetFigures = {
  readonly p99AckMs: number
  /** Of all cores together: the cloud and its database, while all shops sell. */
  readonly cpuPercent: number
  /** Until every shop that returned had its last acknowledgement, or time was up. */
  readonly returnSeconds: number
} & Readonly<Record<string, number | boolean | string>>

type Opened = {
  readonly postgres: Postgres
  readonly cloud: ServerProcess
  /** Those who return later, and those who only sell. */
  readonly returning: Fleet
  readonly staying: Fleet
  readonly databaseUrl: string
}

const keySeed = 77
const warmUpSeconds = 5

export async function benchFleet(options: BenchFleet): Promise<FleetFigures> {
  const { say, shops, path: PATH, profileDir } = options
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-fleet-'))
  await chmod(folder, 0o755)
  const parts: (() => Promise<void>)[] = []
  let stopped: Promise<void> | undefined
  const stopAll = async () => {
    for (const part of parts.reverse()) await part()
    await rm(folder, { recursive: true, force: true })
  }
  const stop = () => {
    stopped ??= stopAll()
    return stopped
  }
  options.onStop(stop)
  try {
    const postgres = await startPostgres({
      dataDir: join(folder, 'data'),
      shelterDir: join(folder, 'shelter'),
    })
    parts.push(postgres.stop)
    const databaseUrl = await postgres.createDatabase('cloud')
    const profile = `--cpu-prof --cpu-prof-dir=${profileDir}`
    const cloud = await startServer({
      ...{ name: 'cloud', app: 'cloud', dataDir: join(folder, 'cloud') },
      logFile: join(folder, 'cloud.log'),
      env: {
        ...{ PATH, LOG_LEVEL: 'warn', PORT: '0', DATABASE_URL: databaseUrl },
        ...(profileDir === undefined ? {} : { NODE_OPTIONS: profile }),
      },
    })
    parts.push(cloud.stop)
    say(`fleet: enrolling ${shops} shops`)
    const plans = await enrolAll(cloud.url, folder, shops)
    // Two processes, so that those who only sell are not held up by the sealing of a backlog.
    const [returning, staying] = [startFleet(), startFleet()]
    parts.push(returning.stop, staying.stop)
    await returning.open(cloud.url, plans.slice(0, options.returning))
    await staying.open(cloud.url, plans.slice(options.returning))
    return await measure({ postgres, cloud, returning, staying, databaseUrl }, options)
  } finally {
    await stop()
  }
}

async function measure(opened: Opened, options: BenchFleet): Promise<FleetFigures> {
  const { returning, staying, databaseUrl } = opened
  const { say, shops, seconds, sales, returnSecondsMax: secondsMax } = options
  const cpu = () => readTreeMs(opened.cloud.pid) + readTreeMs(opened.postgres.pid)
  const sellAll = async (forSeconds: number): Promise<LiveReport> => {
    const reports = await Promise.all([returning.sell(forSeconds), staying.sell(forSeconds)])
    return {
      latenciesMs: Float64Array.from(reports.flatMap(({ latenciesMs }) => [...latenciesMs])),
      sentAway: reports.reduce((sum, { sentAway }) => sum + sentAway, 0),
    }
  }
  say('fleet: warming up')
  await sellAll(warmUpSeconds)
  say(`fleet: ${shops} shops, a sale a second each, for ${seconds} s`)
  const [loadAverage = 0] = loadavg()
  const before = { cpuMs: cpu(), atMs: performance.now() }
  const sold = await sellAll(seconds)
  const cpuShare = (cpu() - before.cpuMs) / (performance.now() - before.atMs)
  say(`fleet: ${options.returning} return with ${sales} sales each, the others go on selling`)
  const others = staying.sell(secondsMax)
  const returned = await returning.comeBack({ sales, secondsMax })
  staying.over()
  const beside = figuresOf(await others)
  const projected = await waitForTables(databaseUrl)
  const times = [...returned.times].sort((a, b) => a - b)
  const live = figuresOf(sold)
  return {
    ...{ p99AckMs: live.p99, cpuPercent: rounded((100 * cpuShare) / availableParallelism(), 1) },
    returnSeconds: rounded(returned.seconds, 1),
    ...{ p50AckMs: live.p50, maxAckMs: live.max, sales: live.sales, shops, seconds },
    ...{ returning: options.returning, returnFacts: returned.facts },
    returnSales: options.returning * sales,
    allReturned: times.length === options.returning,
    returnFactsPerSecond: Math.round(returned.facts / returned.seconds),
    slowestToFastest: times.length === 0 ? 0 : rounded((times.at(-1) ?? 0) / (times[0] ?? 1), 2),
    ...{ sentAway: returned.sentAway, p50AckMsBeside: beside.p50, p99AckMsBeside: beside.p99 },
    tablesAfterSeconds: rounded(projected, 1),
    loadAverage: rounded(loadAverage, 1),
  }
}

function figuresOf({ latenciesMs }: LiveReport) {
  if (latenciesMs.length === 0) return { p50: 0, p99: 0, max: 0, sales: 0 }
  const sorted = latenciesMs.slice().sort()
  const at = (share: number) => rounded(quantile(sorted, share), 1)
  return { p50: at(0.5), p99: at(0.99), max: at(1), sales: sorted.length }
}

/** How long until all that was journalled is in the tables. */
async function waitForTables(databaseUrl: string): Promise<number> {
  const startMs = performance.now()
  return withConnection(databaseUrl, async (sql) => {
    for (;;) {
      const [row] = await sql<{ left: string }[]>`
        SELECT coalesce(sum(head_seq - projected_seq), 0) AS left FROM stream
      `
      if (Number(row?.left) === 0) return (performance.now() - startMs) / 1_000
      await wait(100)
    }
  })
}

function planOf(shops: number): ChainPlan {
  return {
    name: 'Fleet',
    shops: Array.from({ length: shops }, (_, index) => ({
      ...{ code: `S${index + 1}`, name: `Shop ${index + 1}`, address: '', taxNumber: '' },
      ...{ timeZone: 'Asia/Bangkok', currency: 'THB', receiptFooter: '' },
      ...{ tills: ['Till 1'], people: [] },
    })),
    products: Array.from({ length: 500 }, (_, index) => ({
      ...{ code: `P${index + 1}`, name: `Product number ${index + 1}`, category: 'Goods' },
      ...{ priceMinor: 1_000 + ((index * 7_919) % 761) * 25, currency: 'THB' },
      ...{ vatBasisPoints: index % 5 === 0 ? 0 : 700, barcodes: [] },
    })),
    people: [],
    keyPermissions: ['sync.read'],
  }
}

/** Enrols every shop by a code of its own, as a store server does. */
async function enrolAll(url: string, folder: string, shops: number): Promise<readonly NodePlan[]> {
  const plan = planOf(shops)
  const adminKey = (await readFile(join(folder, 'cloud', 'admin-key'), 'utf8')).trim()
  const access = { url, adminKey }
  // The key for integrators is made for one shop: spreading it to hundreds is not what is measured.
  await provision(access, { ...plan, shops: plan.shops.slice(0, 1) }, folder)
  const provisioned = await provision(access, plan, folder)
  const products = plan.products.map(({ code, name, priceMinor, vatBasisPoints }) => ({
    ...{ id: productId(plan, code), code, name, priceMinor, vatBasisPoints },
  }))
  const plans: NodePlan[] = []
  for (const [index, shop] of plan.shops.entries()) {
    const code = await createEnrolmentCode(access, shopId(plan, shop), provisioned)
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const reply = await fetch(`${url}/sync/v1/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code,
        publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      }),
    })
    if (!reply.ok) throw new Error(`not enrolled: ${await reply.text()}`)
    const { epoch } = (await reply.json()) as { epoch: string }
    plans.push({
      ...{ org: provisioned.orgId, shopId: shopId(plan, shop), tillId: tillId(plan, shop, 1) },
      ...{ staffId: shopId(plan, shop), major: Number(epoch.split('.')[0]), products },
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      seed: keySeed + index,
    })
  }
  return plans
}

export function fleetTable(figures: FleetFigures): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${name}: ${figure}`)
    .join('\n')
}
