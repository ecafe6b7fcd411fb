import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { productId } from '@tillkeeper/chain/provision.ts'
import { parse } from 'csv-parse/sync'
import type { TradingFile } from './replay/act.ts'
import { type Posting, planReplay } from './replay/plan.ts'
import { post } from './replay/post.ts'
import { printTotals } from './replay/print-totals.ts'
import { progressBar } from './replay/progress.ts'
import { bakeryColumns, readBakery } from './replay/read-bakery.ts'
import { onlineRetailColumns, readOnlineRetail } from './replay/read-online-retail.ts'
import { readTally } from './replay/read-tally.ts'
import { differences, sumTally, tallyPostings } from './replay/tally.ts'
import {
  startThrowAwayChain,
  type ThrowAwayChain,
  tillsPerShop,
} from './replay/throw-away-chain.ts'
import { tradeDays } from './replay/trade-days.ts'
import { verifyChains } from './replay/verify-chains.ts'

// Replays a file of trading data through the public REST API of a chain of its own, with an outage and
// killed servers where asked, and compares what went in with what every shop and the cloud then say.

const usage = `npm run replay -- FILE [--shops N] [--outage] [--kill] [--json]

  --shops N   shops to deal the sales out to (1 to 8; default 2)
  --outage    cut every shop off from the cloud for the middle third
  --kill      end each store server once in mid-flow (SIGKILL) and start it again
  --json      only the result on standard output, as its last line`

const shopsMax = 8
// The link looks again within seconds; what a third of the file holds is sent in less than a minute.
const catchUpMaxMs = 180_000

const say = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shops: { type: 'string', default: '2' },
      outage: { type: 'boolean', default: false },
      kill: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [path] = positionals
  const shops = Number(values.shops)
  if (
    values.help ||
    path === undefined ||
    !Number.isInteger(shops) ||
    shops < 1 ||
    shops > shopsMax
  ) {
    say(usage)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const file = readTradingFile(await readFile(path, 'utf8'))
  const name = basename(path)
  for (const { row, reason } of file.rejected) say(`row ${row} is not taken: ${reason}`)
  const postings = planReplay(name, file.acts, { shops, tills: tillsPerShop })
  say(
    `${name}: ${file.acts.length} acts, ${postings.length} requests, ${file.rejected.length} rows not taken`,
  )

  const chain = await startThrowAwayChain(file, shops, say)
  const stop = async () => {
    await chain.stop()
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
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
}

async function replay(chain: ThrowAwayChain, asked: Replay): Promise<void> {
  const { file, postings } = asked
  const faults = await tradeAll(chain, asked)
  say('waiting until the cloud has every fact')
  faults.push(...(await waitForCloud(chain)))

  say('comparing what went in with what the stores and the cloud say')
  const wanted = tallyPostings(postings)
  const days = [...new Set(postings.map(({ day }) => day))]
  const token = chain.chain.apiKey
  const shopsOf = chain.chain.stores.map(({ shopId }, key) => ({ id: shopId, key }))
  const stores = await Promise.all(
    chain.chain.stores.map((store, key) =>
      readTally({ url: store.url, token }, [{ id: store.shopId, key }], days),
    ),
  )
  const store = {
    days: new Map(stores.flatMap((tally) => [...tally.days])),
    items: new Map(stores.flatMap((tally) => [...tally.items])),
  }
  const cloud = await readTally({ url: chain.chain.cloud.url, token }, shopsOf, days)
  faults.push(...differences('store', wanted, store), ...differences('cloud', wanted, cloud))

  const verified = await verifyChains(chain.chain, say)
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
  console.log(JSON.stringify(result))
  process.exitCode = faults.length === 0 ? 0 : 1
}

/** Trades every shop at once, with the faults that were asked for; returns what went wrong. */
async function tradeAll({ chain, ...places }: ThrowAwayChain, asked: Replay): Promise<string[]> {
  const { name, file, postings, outage, kill } = asked
  const progress = progressBar('replay', postings.length)
  const productIds = new Map(
    file.products.map(({ code }) => [code, productId(chain.plan, code)] as const),
  )
  let link: 'whole' | 'cut' = 'whole'
  const minder = () => {
    progress.tick()
    if (!outage) return
    const cut = progress.share() >= 1 / 3 && progress.share() < 2 / 3
    if (cut && link === 'whole') {
      say('the cloud is cut off')
      places.cutCloud()
    }
    if (!cut && link === 'cut') {
      say('the cloud is back')
      places.healCloud()
    }
    link = cut ? 'cut' : 'whole'
  }
  const traded = await Promise.all(
    chain.stores.map(async (store, shop) => {
      const ofShop = postings.filter((posting) => posting.shop === shop)
      let posted = 0
      let killing: Promise<void> | undefined
      const result = await tradeDays(
        {
          file: name,
          currency: file.currency,
          productIds,
          shop: {
            url: () => store.url,
            token: chain.apiKey,
            staffId: places.cashierId(shop),
            tillIds: places.tillIds(shop),
          },
          onPosted: () => {
            minder()
            posted += 1
            // Not all at the same moment: each at its own point around the middle.
            if (kill && posted === Math.floor(ofShop.length * (0.4 + 0.1 * (shop % 4)))) {
              killing = killAndStart(store)
            }
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

async function killAndStart(store: ThrowAwayChain['chain']['stores'][number]): Promise<void> {
  say(`${store.name}: killed`)
  await store.kill('SIGKILL')
  await store.start()
  say(`${store.name}: up again`)
}

/** Waits until no store holds a fact that the cloud has not, and the cloud has projected all it has. */
async function waitForCloud({ chain }: ThrowAwayChain): Promise<string[]> {
  const until = performance.now() + catchUpMaxMs
  for (;;) {
    const states = await Promise.all(
      [...chain.stores, chain.cloud].map(async ({ url }) => {
        const { body } = await post(() => url, chain.apiKey, { path: '/v1/sync/status' })
        const streams = body.streams as readonly { headSeq: number; projectedSeq: number }[]
        const behind = streams.reduce(
          (sum, { headSeq, projectedSeq }) => sum + headSeq - projectedSeq,
          0,
        )
        return { unacknowledged: Number(body.unacknowledged), behind, parked: Number(body.parked) }
      }),
    )
    if (states.every(({ unacknowledged, behind }) => unacknowledged === 0 && behind === 0)) {
      return states.flatMap(({ parked }) => (parked > 0 ? [`${parked} facts are parked`] : []))
    }
    if (performance.now() > until) return [`the cloud did not catch up: ${JSON.stringify(states)}`]
    await wait(200)
  }
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
