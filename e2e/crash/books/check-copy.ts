import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '@tillkeeper/projections/db.ts'
import { digestTables } from '@tillkeeper/projections/rebuild/digest-tables.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'

// What must be true between a shop and its cloud: each holds a first part of what the other's author
// sealed, at every moment, and the same once the line was up for a while.

type Head = { readonly stream: string; readonly seq: number; readonly hash: string }

const toldMax = 5
const pollMs = 50
/** Tables that the acts of a shop make, the same on both servers. */
const tradeTables: ReadonlySet<string> = new Set([
  'till_session',
  'till_close',
  'session_total',
  'sale',
  'sale_line',
  'sale_line_refunded',
  'refund',
  'refund_line',
  'receipt_counter',
  'cash_transfer',
  'cash_balance',
  'daily_summary',
  'hourly_summary',
  'exception',
])

/** Streams where the one is no first part of the other, as sentences. */
export async function checkPrefixes(store: Db, cloud: Db): Promise<string[]> {
  // The copies first: a copy may not be ahead of its author, whatever was sealed meanwhile.
  const up = await compareHeads({ copy: cloud, author: store, kind: 'author' })
  const down = await compareHeads({ copy: store, author: cloud, kind: 'feed' })
  return [...up, ...down]
}

type Compared = {
  readonly copy: Db
  readonly author: Db
  readonly kind: 'author' | 'feed'
}

async function compareHeads({ copy, author, kind }: Compared): Promise<string[]> {
  const heads = await copy<Head[]>`
    SELECT stream, head_seq AS seq, encode(head_hash, 'hex') AS hash
    FROM stream WHERE kind = ${kind} AND head_seq > 0
  `
  const theirs = await author<Head[]>`
    SELECT asked.stream, asked.seq, encode(journal.hash, 'hex') AS hash
    FROM unnest(${heads.map(({ stream }) => stream)}::text[], ${heads.map(({ seq }) => seq)}::bigint[])
      AS asked (stream, seq)
    JOIN journal ON journal.stream = asked.stream AND journal.seq = asked.seq
  `
  const at = new Map(theirs.map(({ stream, hash }) => [stream, hash]))
  return heads
    .filter(({ stream, hash }) => at.get(stream) !== hash)
    .slice(0, toldMax)
    .map(({ stream, seq }) => `no prefix: ${stream} at ${seq}, author has ${at.get(stream)}`)
}

/** Whether the cloud has, and has projected, all that the shop sealed, and the shop its feeds. */
export async function isCaughtUp(store: Db, cloud: Db): Promise<boolean> {
  const [sealed, copied, fed, held] = await Promise.all([
    headsOf(store, 'author'),
    headsOf(cloud, 'author'),
    headsOf(cloud, 'feed'),
    headsOf(store, 'feed'),
  ])
  // The cloud's own feed of credentials leaves it never: those that the shop holds are compared.
  const feeds = new Map(fed.map(({ stream, line }) => [stream, line]))
  return (
    sealed.map(({ line }) => line).join() === copied.map(({ line }) => line).join() &&
    held.every(({ stream, line }) => feeds.get(stream) === line)
  )
}

function headsOf(db: Db, kind: 'author' | 'feed') {
  return db<{ stream: string; line: string }[]>`
    SELECT stream,
      concat_ws(' ', stream, head_seq, encode(head_hash, 'hex'), projected_seq) AS line
    FROM stream
    WHERE kind = ${kind} AND head_seq > 0
    ORDER BY stream
  `
}

/** Waits until both hold the same, at most `patienceMs`. */
export async function waitUntilEqual(store: Db, cloud: Db, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs
  for (;;) {
    if (await isCaughtUp(store, cloud)) return true
    if (performance.now() > until) return false
    await wait(pollMs)
  }
}

/**
 * After a catch-up: what differs between the two, and what is wrong with the cloud's chains. `apart` are
 * tables that may differ: what a receiver notes of a clock that is off, its author does not.
 */
export async function checkEqual(
  store: Db,
  cloud: Db,
  apart: readonly string[] = [],
): Promise<string[]> {
  const options = { without: ['recorded_at'] }
  const [here, there, { faults }] = await Promise.all([
    digestTables(store, options),
    digestTables(cloud, options),
    verifyJournal(cloud),
  ])
  const digests = new Map<string, string>(there.map(({ table, digest }) => [table, digest]))
  const differ = here
    .filter(({ table }) => tradeTables.has(table) && !apart.includes(table))
    .filter(({ table, digest }) => digests.get(table) !== digest)
    .map(({ table }) => `cloud differs: table ${table}`)
  const caughtUp = (await isCaughtUp(store, cloud)) ? [] : ['cloud differs: streams']
  return [...caughtUp, ...differ, ...faults.map((fault) => `cloud: ${JSON.stringify(fault)}`)]
}
