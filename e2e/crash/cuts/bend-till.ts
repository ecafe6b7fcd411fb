import { setTimeout as wait } from 'node:timers/promises'
import { checkBooks } from '../books/check-books.ts'
import type { BaseChain } from '../lab/base-chain.ts'
import { openLane } from '../lab/lane.ts'
import { seedRandom } from '../lab/random.ts'
import { startWeather } from './choose-fate.ts'
import { faultsOf, layFaultProxy } from './fault-proxy.ts'
import { type LabTill, startTill } from './lab-till.ts'

// A till that seals its own facts, and a bad wire between it and its store server.

export type BendTillResult = {
  readonly faults: number
  readonly facts: number
  readonly violations: readonly string[]
}

export type BendTillOptions = {
  readonly base: BaseChain
  readonly seed: number
  /** It goes on until so many of its requests met something. */
  readonly faults: number
  readonly say: (line: string) => void
}

const badPercent = 50
const halfOpenMs = 400
const restMs = 25
const runMaxMs = 300_000
const catchUpMs = 60_000

export async function bendTill(options: BendTillOptions): Promise<BendTillResult> {
  const { base, seed, faults, say } = options
  const lane = await openLane(base, { name: 'lane_till' })
  const proxy = await layFaultProxy(Number(new URL(lane.store.url).port))
  let till: LabTill | undefined
  try {
    await lane.store.start()
    const wireUrl = `http://127.0.0.1:${proxy.port}`
    till = await startTill(base, {
      ...{ storeUrl: lane.store.url, wireUrl },
      tillId: base.tillIds[0] ?? '',
    })
    const random = seedRandom(seed)
    proxy.decide(startWeather({ random, badPercent, halfOpenMs }))
    for (let waitedMs = 0; faultsOf(proxy) < faults && waitedMs < runMaxMs; waitedMs += restMs) {
      till.payIn(random.whole(1, 100) * 25)
      // Else it would wait longer after each failure, up to minutes.
      till.hurry()
      await wait(restMs)
    }
    proxy.decide(() => ({ kind: 'pass' }))
    const violations = (await isBrought(till)) ? [] : ['the till never brought what it sealed']
    say(`cuts: a till sealed ${till.sealed.length} facts over ${faultsOf(proxy)} faults`)
    violations.push(...(await compare(till, lane.storeDb)))
    violations.push(...(await checkBooks(lane.storeDb, [])))
    return { faults: faultsOf(proxy), facts: till.sealed.length, violations }
  } finally {
    till?.stop()
    await lane.close()
    await proxy.stop()
  }
}

async function isBrought(till: LabTill): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < catchUpMs; waitedMs += restMs) {
    if (till.acked() === till.sealed.length) return true
    if (waitedMs % 1_000 === 0) till.hurry()
    await wait(restMs)
  }
  return false
}

/** The store server holds the till's bytes, each once, and each did what it says once. */
async function compare(till: LabTill, db: BaseDb): Promise<string[]> {
  const rows = await db<{ seq: number; bytes: string }[]>`
    SELECT seq, convert_from(bytes, 'UTF8') AS bytes
    FROM journal WHERE stream = ${till.stream} ORDER BY seq
  `
  const sent = till.sealed.map(({ bytes }) => Buffer.from(bytes).toString())
  const wrong = sent.flatMap((bytes, index) =>
    rows[index]?.bytes === bytes ? [] : [`fact ${index + 1} is not what the till sealed`],
  )
  if (rows.length !== sent.length) wrong.push(`${sent.length} facts became ${rows.length}`)
  const [paid] = await db<{ count: number }[]>`
    SELECT count(*)::int AS count FROM cash_transfer WHERE type = 'pay_in'
  `
  // The first fact opens the till; all others pay in.
  if (paid?.count !== sent.length - 1) wrong.push(`${paid?.count} of ${sent.length - 1} paid in`)
  return wrong.slice(0, 10)
}

type BaseDb = Parameters<typeof checkBooks>[0]
