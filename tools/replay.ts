import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse } from 'csv-parse/sync'
import type { TradingFile } from './replay/act.ts'
import { joinRunningChain } from './replay/join-running-chain.ts'
import { type Posting, planReplay } from './replay/plan.ts'
import { post } from './replay/post.ts'
import { printTotals } from './replay/print-totals.ts'
import { progressBar } from './replay/progress.ts'
import { bakeryColumns, readBakery } from './replay/read-bakery.ts'
import { onlineRetailColumns, readOnlineRetail } from './replay/read-online-retail.ts'
import { readTally } from './replay/read-tally.ts'
import type { ReplayChain } from './replay/replay-chain.ts'
import { differences, sumTally, tallyPostings } from './replay/tally.ts'
import { startThrowAwayChain } from './replay/throw-away-chain.ts'
import { tradeDays } from './replay/trade-days.ts'
import { verifyChains } from './replay/verify-chains.ts'

// Replays a file of trading data through the public REST API of a chain, its own or one that runs,
// with an outage and killed servers where asked, and compares what went in with what every shop and the
// cloud then say.

const usage = `npm run replay -- FILE [--shops N] [--outage] [--kill] [--json]
npm run replay -- FILE --running [--data DIR] [--json]

  --shops N    shops to deal the sales out to (1 to 8; default 2)
  --outage     cut every shop off from the cloud for the middle third
  --kill       end each store server once in mid-flow (SIGKILL) and start it again
  --running    trade on the chain that runs already, in its shops
  --data DIR   that chain's folder (default: .tillkeeper)
  --json       the totals of the file, and the result as the last line, on standard output`

const shopsMax = 8
const tillsPerShop = 2
// The link looks again within seconds; what a third of the file holds is sent in less than a minute.
const catchUpMaxMs = 180_000

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shops: { type: 'string', default: '2' },
      outage: { type: 'boolean', default: false },
      kill: { type: 'boolean', default: false },
      running: { type: 'boolean', default: false },
      data: { type: 'string', default: join(root, '.tillkeeper') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [path] = positionals
  const shops = Number(values.shops)
  const odd = !Number.isInteger(shops) || shops < 1 || shops > shopsMax
  if (
    values.help ||
    path === undefined ||
    odd ||
    (values.running && (values.kill || values.outage))
  ) {
    say(usage)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const file = readTradingFile(await readFile(path, 'utf8'))
  for (const { row, reason } of file.rejected) say(`row ${row} is not taken: ${reason}`)

  const chain = values.running
    ? await joinRunningChain(resolve(values.data), file, { tills: tillsPerShop })
    : await startThrowAwayChain(file, { shops, tills: tillsPerShop }, say)
  const stop = async () => {
    await chain.stop()
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const name = basename(path)
    const places = { shops: chain.stores.length, tills: tillsPerShop }
    const postings = planReplay(name, file.acts, places)
    say(`${name}: ${postings.length} requests, ${file.rejected.length} rows not taken`)
    await replay(chain, { name, file, postings, ...values })
  } finally {
    await chain.stop()
  }
}

type Replay = {
  readonly name: string
  readonly file: TradingFile
  readonly postings: readonly Posting[]
  readonly outage: boolean
  readonly kill: boolean
  readonly json: boolean
}

async function replay(chain: ReplayChain, asked: Replay): Promise<void> {
  const { file, postings } = asked
  const faults = await tradeAll(chain, asked)
  say('waiting until the cloud has every fact')
  faults.push(...(await waitForCloud(chain)))

  say('comparing what went in with what the stores and the cloud say')
  const wanted = tallyPostings(postings)
  const days = [...new Set(postings.map(({ day }) => day))]
  const token = chain.apiKey
  const shops = chain.stores.map(({ shopId: id }, key) => ({ id, key }))
  const stores = await Promise.all(
    chain.stores.map(({ url, shopId: id }, key) => readTally({ url, token }, [{ id, key }], days)),
  )
  const store = {
    days: new Map(stores.flatMap((tally) => [...tally.days])),
    items: new Map(stores.flatMap((tally) => [...tally.items])),
  }
  const cloud = await readTally({ url: chain.cloudUrl, token }, shops, days)
  faults.push(...differences('store', wanted, store), ...differences('cloud', wanted, cloud))

  const verified = await verifyChains(chain.dataDir, say)
  faults.push(...verified.faults)
  printTotals(wanted, console.log)
  for (const fault of faults) say(`FAULT ${fault}`)
  const result = {
    input: sumTally(wanted),
    store: sumTally(store),
    cloud: sumTally(cloud),
    rejected: file.rejected.length,
    chain: verified.faults.length === 0 ? 'ok' : 'broken',
  }
  if (asked.json) console.log(JSON.stringify(result))
  else console.log(`\n${faults.length === 0 ? 'the same everywhere' : 'NOT the same'}:`, result)
  process.exitCode = faults.length === 0 ? 0 : 1
}

/** Trades every shop at once, with the faults that were asked for; returns what went wrong. */
async function tradeAll(chain: ReplayChain, asked: Replay): Promise<string[]> {
  const { name, file, postings, outage, kill } = asked
  const progress = progressBar('replay', postings.length)
  let link: 'whole' | 'cut' = 'whole'
  const onPosted = () => {
    progress.tick()
    const third = Math.floor(progress.share() * 3)
    if (!outage || (third === 1) === (link === 'cut')) return
    link = third === 1 ? 'cut' : 'whole'
    if (link === 'cut') chain.faults?.cutCloud()
    else chain.faults?.healCloud()
    say(link === 'cut' ? 'the cloud is cut off' : 'the cloud is back')
  }
  const traded = await Promise.all(
    chain.stores.map(async (store, shop) => {
      const ofShop = postings.filter((posting) => posting.shop === shop)
      // Not all at the same moment: each at its own point around the middle.
      const killAt = kill ? Math.floor(ofShop.length * (0.4 + 0.1 * (shop % 4))) : -1
      let posted = 0
      let killing: Promise<void> | undefined
      const result = await tradeDays(
        {
          file: name,
          currency: file.currency,
          productIds: chain.productIds,
          shop: { ...store, token: chain.apiKey },
          onPosted: () => {
            onPosted()
            posted += 1
            if (posted === killAt) killing = chain.faults?.killAndStart(shop)
          },
        },
        ofShop,
      )
      await killing
      return result
    }),
  )
  return traded.flatMap(({ refused, variances }) => [
    ...refused.map(({ row, reason }) => `row ${row} was refused: ${reason}`),
    ...variances,
  ])
}

/** Waits until no store holds a fact that the cloud has not, and the cloud has projected all it has. */
async function waitForCloud(chain: ReplayChain): Promise<string[]> {
  const until = performance.now() + catchUpMaxMs
  const urls = [...chain.stores.map(({ url }) => url), chain.cloudUrl]
  for (;;) {
    const states = await Promise.all(urls.map((url) => readSyncState(url, chain.apiKey)))
    if (states.every(({ unacknowledged, behind }) => unacknowledged === 0 && behind === 0)) {
      return states.flatMap(({ parked }) => (parked > 0 ? [`${parked} facts are parked`] : []))
    }
    if (performance.now() > until) return [`the cloud did not catch up: ${JSON.stringify(states)}`]
    await wait(200)
  }
}

async function readSyncState(url: string, token: string) {
  const { body } = await post(url, token, { path: '/v1/sync/status' })
  const streams = body.streams as readonly { headSeq: number; projectedSeq: number }[]
  const behind = streams.reduce((sum, { headSeq, projectedSeq }) => sum + headSeq - projectedSeq, 0)
  return { unacknowledged: Number(body.unacknowledged), behind, parked: Number(body.parked) }
}

function readTradingFile(text: string): TradingFile {
  // One file ends its header with LF and its rows with CR LF: both are ends of a row.
  const rows = parse(text, {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  }) as Record<string, string>[]
  const has = (columns: readonly string[]) => columns.every((column) => column in (rows[0] ?? {}))
  if (has(bakeryColumns)) return readBakery(rows)
  if (has(onlineRetailColumns)) return readOnlineRetail(rows)
  throw new Error(
    `a file has the columns ${bakeryColumns.join(',')} or ${onlineRetailColumns.join(',')}`,
  )
}

await main()
