import { setTimeout as wait } from 'node:timers/promises'
import { connect, type Db } from '@tillkeeper/projections/db.ts'
import { readTreeMs } from '../measure/cpu-time.ts'
import type { Race } from './race-chain.ts'

// The line is back: how long until the cloud has everything, in its tables, and the shop knows it.

const pollMs = 20
/** A run that takes longer has stopped. */
const patienceMs = 1_800_000

export type OurRun = {
  /** From the shop's first word until all is in the cloud's tables, and the shop holds the durable ack. */
  readonly seconds: number
  /** Until all was in the cloud's journal, chained and flushed, and the shop held the ack. */
  readonly journalledSeconds: number
  /** Of both servers and the database. */
  readonly cpuSeconds: number
  readonly wireBytes: number
}

export type RunOurs = {
  /** Ends the cloud as a power cut does when half has arrived, and starts it again. */
  readonly killHalfWay?: boolean
  /** Enough when so many facts are acknowledged. */
  readonly ackedMax?: number
}

/** Brings both servers back to the moment before, lets the line be back, and waits for the end. */
export async function runOurs(race: Race, options: RunOurs = {}): Promise<OurRun> {
  const { chain, store, wire, filled } = race
  const { cloud } = chain
  const goal = Math.min(filled.facts, options.ackedMax ?? filled.facts)
  await race.rewind()
  await cloud.start()
  wire.reset()
  const watch = [connect(cloud.databaseUrl, { max: 1 }), connect(store.databaseUrl, { max: 1 })]
  const [cloudDb, storeDb] = watch as [Db, Db]
  const cpu = () =>
    [cloud.pid(), store.pid(), chain.postgres.pid]
      .filter((pid) => pid !== undefined)
      .reduce((sum, pid) => sum + readTreeMs(pid), 0)
  const before = readTreeMs(chain.postgres.pid) + readTreeMs(cloud.pid() ?? 0)
  const lost = { cpuMs: 0 }
  try {
    await store.start()
    let killed = options.killHalfWay !== true
    let journalledMs: number | undefined
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      const acked = await readAcked(storeDb)
      if (acked >= goal) journalledMs ??= performance.now()
      const there = acked < goal ? 0 : await readProjected(cloudDb)
      const startMs = wire.firstMs() ?? performance.now()
      if (there >= goal && journalledMs !== undefined) {
        const { up, down } = wire.bytes()
        return {
          seconds: (performance.now() - startMs) / 1_000,
          journalledSeconds: (journalledMs - startMs) / 1_000,
          cpuSeconds: (cpu() + lost.cpuMs - before) / 1_000,
          wireBytes: up + down,
        }
      }
      if (!killed && acked >= goal / 2) {
        killed = true
        lost.cpuMs = readTreeMs(cloud.pid() ?? 0)
        await cloud.kill('SIGKILL')
        await cloud.start()
      }
      await wait(pollMs)
    }
    throw new Error(`the cloud has not everything after ${patienceMs / 1_000} s`)
  } finally {
    await Promise.all(watch.map((db) => db.end({ timeout: 1 })))
  }
}

async function readAcked(db: Db): Promise<number> {
  const [row] = await db<{ facts: number }[]>`
    SELECT coalesce(sum(acked_seq), 0)::bigint AS facts
    FROM peer_cursor
    WHERE peer = 'cloud' AND starts_with(stream, 't-')
  `
  return row?.facts ?? 0
}

async function readProjected(db: Db): Promise<number> {
  const [row] = await db<{ facts: number }[]>`
    SELECT coalesce(sum(projected_seq), 0)::bigint AS facts FROM stream WHERE starts_with(stream, 't-')
  `
  return row?.facts ?? 0
}
