import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@tillkeeper/client/client.ts'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, waitUntilEqual } from '../books/check-copy.ts'
import {
  type Acknowledged,
  type Act,
  acknowledgedBy,
  ask,
  impatientClient,
  openTillAct,
  refundAct,
  saleAct,
} from '../lab/acts.ts'
import { type BaseChain, timeZone } from '../lab/base-chain.ts'
import { type Lane, openLane } from '../lab/lane.ts'
import { type Random, seedRandom } from '../lab/random.ts'

// The wall clock of a shop's server jumps while it sells: hours, years, to 1970 and over the end of 32
// bits. Receipts and positions stay in order, the clock readings of its facts only grow, the business day
// is the shop's calendar day of the moment that was on the clock, and the cloud gets all of it and knows
// how far that clock is off.

export type ClockResult = {
  readonly jumps: number
  readonly skipped?: string
  readonly violations: readonly string[]
}

export type ClockOptions = {
  readonly base: BaseChain
  readonly seed: number
  readonly say: (line: string) => void
}

const hourMs = 3_600_000
const yearMs = 365 * 24 * hourMs
const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
const salesAtEach = 3
const answerMs = 10_000
const catchUpMs = 90_000
/** The server's clock and ours are read one after the other. */
const toleranceMs = 15_000
const pollMs = 100
/** From this on the cloud tells a clock that is off from a slow line. */
const offsetToleranceMs = 60_000

/** Where the clock jumps to, as milliseconds ahead of the true one. */
function listJumps(): readonly { readonly name: string; readonly aheadMs: number }[] {
  const ahead = (instant: string) => Date.parse(instant) - Date.now()
  return [
    { name: '+2 h', aheadMs: 2 * hourMs },
    { name: '-2 h', aheadMs: -2 * hourMs },
    { name: '-1 y', aheadMs: -yearMs },
    { name: '1970', aheadMs: ahead('1970-01-01T00:10:00Z') },
    { name: '+1 y', aheadMs: yearMs },
    { name: '2038', aheadMs: ahead('2038-01-19T03:14:05Z') },
    { name: 'back', aheadMs: 0 },
  ]
}

/** Why this machine cannot; undefined if it can. */
function findWhyNoClock(): string | undefined {
  return existsSync(library) ? undefined : `there is no ${library}`
}

export async function jumpClock(options: ClockOptions): Promise<ClockResult> {
  const why = findWhyNoClock()
  if (why !== undefined) return { jumps: 0, skipped: why, violations: [] }
  const { base, seed, say } = options
  const lane = await openLane(base, { name: 'lane_clock' })
  const control = join(base.dataDir, 'clock')
  const violations: string[] = []
  const acknowledged: Acknowledged[] = []
  const seller = {
    ...{ base, random: seedRandom(seed), acknowledged },
    client: impatientClient(lane.store.url, base, answerMs),
    sessionId: '',
  }
  try {
    await setClock(control, 0)
    await lane.cloud.start()
    const start = () => lane.store.start({ ...fakeTime(control), CLOUD_URL: lane.cloud.url })
    await start()
    const open = openTillAct(base, base.tillIds[0] ?? '')
    await must(seller, open)
    seller.sessionId = open.id
    const jumps = listJumps()
    for (const { name, aheadMs } of jumps) {
      await setClock(control, aheadMs)
      violations.push(...(await sellAt(seller)).map((each) => `${name}: ${each}`))
      const fallen = await lane.store.fallen()
      if (fallen !== undefined) throw new Error(fallen)
      say(`clock: ${name}, ${acknowledged.length} acts acknowledged`)
    }
    violations.push(...(await checkOffset(lane, control, start)))
    violations.push(...(await checkReadings(lane)))
    if (!(await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs))) {
      violations.push('the cloud never caught up')
    }
    violations.push(...(await checkBooks(lane.storeDb, acknowledged)))
    violations.push(...(await checkEqual(lane.storeDb, lane.cloudDb, ['exception'])))
    violations.push(...(await checkNotSuspected(lane)))
    return { jumps: jumps.length, violations }
  } finally {
    await lane.close()
  }
}

const fakeTime = (control: string) => ({
  LD_PRELOAD: library,
  FAKETIME_TIMESTAMP_FILE: control,
  FAKETIME_NO_CACHE: '1',
  // A wall clock that jumps; timers go on.
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
})

/** Takes effect with the next look at the clock. */
function setClock(control: string, aheadMs: number): Promise<void> {
  const seconds = Math.round(aheadMs / 1_000)
  return writeFile(control, `${seconds < 0 ? '' : '+'}${seconds}\n`)
}

/** What a sale says of its moment. */
type Dated = { readonly occurredAt: string; readonly businessDate: string }

type Seller = {
  readonly base: BaseChain
  readonly random: Random
  readonly client: Client
  readonly acknowledged: Acknowledged[]
  readonly sessionId: string
}

async function must({ client, acknowledged }: Seller, act: Act): Promise<void> {
  const answer = await ask(client, act)
  const found = acknowledgedBy(act, answer)
  if (found === undefined) throw new Error(`${act.kind} was refused: ${JSON.stringify(answer)}`)
  acknowledged.push(found)
}

/**
 * Sells while the clock stands there; returns what its receipts say wrongly. A server that has heard the
 * cloud's time dates its acts by that, wherever its own clock has jumped since.
 */
async function sellAt(seller: Seller): Promise<string[]> {
  const { base, random, client, sessionId } = seller
  const wrong: string[] = []
  let sold = ''
  for (let sale = 0; sale < salesAtEach; sale += 1) {
    const act = saleAct(base, sessionId, random)
    await must(seller, act)
    sold = act.id
    const read = await client.get<Dated>(`/v1/sales/${act.id}`)
    if (!read.ok) {
      wrong.push(`a sale that was made cannot be read: ${JSON.stringify(read.failure)}`)
      continue
    }
    const { occurredAt, businessDate } = read.reply
    const offMs = Date.parse(occurredAt) - Date.now()
    if (Math.abs(offMs) > toleranceMs) wrong.push(`an act follows the clock: ${occurredAt}`)
    // The calendar day there, by another way than the product's.
    const day = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(
      new Date(occurredAt),
    )
    if (day !== businessDate)
      wrong.push(`${occurredAt} is of ${day}, and the receipt says ${businessDate}`)
  }
  await must(seller, refundAct(sold, sessionId))
  return wrong
}

/**
 * A server that comes up with a clock a year ahead says hello, and the cloud knows by how much it is off:
 * which also shows that its clock is the one that was set.
 */
async function checkOffset(
  lane: Lane,
  control: string,
  start: () => Promise<void>,
): Promise<string[]> {
  await lane.store.stop()
  await setClock(control, yearMs)
  await start()
  let seen = 0
  for (let waitedMs = 0; waitedMs < catchUpMs; waitedMs += pollMs) {
    const [row] = await lane.cloudDb<{ offsetMs: number }[]>`
      SELECT clock_offset_ms AS "offsetMs" FROM child_health WHERE hello_at IS NOT NULL
    `
    seen = row?.offsetMs ?? 0
    if (Math.abs(seen - yearMs) < offsetToleranceMs) return []
    await wait(pollMs)
  }
  return [`the cloud does not know that a clock is a year ahead: it says ${seen} ms`]
}

/** No act was dated by a clock that was ahead, so the cloud suspects none. */
async function checkNotSuspected({ cloudDb }: Lane): Promise<string[]> {
  const [row] = await cloudDb<{ count: number }[]>`
    SELECT count(*)::int AS count FROM exception WHERE kind = 'clock_suspect'
  `
  return (row?.count ?? 0) === 0 ? [] : [`${row?.count} acts are suspected for their clock`]
}

/** Clock readings grow with the positions, in every stream of the shop. */
async function checkReadings({ storeDb }: Lane): Promise<string[]> {
  const rows = await storeDb<{ stream: string; seq: number; reading: string }[]>`
    SELECT stream, seq, reading
    FROM (
      SELECT stream, seq, reading COLLATE "C" AS reading,
        lag(reading COLLATE "C") OVER (PARTITION BY stream ORDER BY seq) AS before
      FROM (
        SELECT stream, seq, convert_from(bytes, 'UTF8')::jsonb ->> 'hlc' AS reading
        FROM journal WHERE stream NOT LIKE 'feed/%'
      ) AS fact
    ) AS pair
    WHERE reading <= before
  `
  return rows.map((row) => `a clock reading does not grow: ${JSON.stringify(row)}`)
}
