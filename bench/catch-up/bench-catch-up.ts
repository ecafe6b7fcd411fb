import { loadavg } from 'node:os'
import { differences, readEnd } from './compare-ends.ts'
import { type Live, measureLive } from './measure-live.ts'
import { openRace, type Race } from './race-chain.ts'
import { type Logical, type LogicalRun, openLogical } from './run-logical.ts'
import { type OurRun, runOurs } from './run-ours.ts'
import { openPouch, type Pouch, type PouchRun } from './run-pouchdb.ts'

// A shop that was cut off catches up with its cloud, beside the same rows by PostgreSQL's own logical
// replication and the same facts from PouchDB to express-pouchdb; then live, with the cloud killed half
// way, and over a bad line.

export type BenchCatchUp = {
  readonly sales: number
  readonly rounds: number
  readonly liveSeconds: number
  readonly path: string
  readonly profileDir?: string | undefined
  readonly say: (line: string) => void
  readonly onStop: (stop: () => Promise<void>) => void
}

export type RaceRound = {
  readonly loadAverage: number
  readonly ours: OurRun
  readonly logical: LogicalRun
  readonly logicalJournal: LogicalRun
  readonly pouch: PouchRun
}

export type CatchUp = {
  readonly sales: number
  readonly facts: number
  readonly factBytes: number
  readonly rounds: readonly RaceRound[]
  /** Whether every run of everybody ended with the same at both ends. */
  readonly equal: boolean
  readonly live: Live
  readonly resume: {
    readonly seconds: number
    readonly lost: number
    readonly doubled: number
    readonly equal: boolean
  }
  readonly badLine: {
    readonly factsPerSecond: number
    readonly bytesPerFact: number
    readonly facts: number
  }
}

const seed = 20_261_121
const livePerSecond = 200
/** Enough to see a bad line's pace; all of them would take an hour. */
const badLineFacts = 4_000
const badLine = { roundTripMs: 100, bitsPerSecond: 1_000_000, stallsPerHundred: 1, stallMs: 1_000 }

export async function benchCatchUp(options: BenchCatchUp): Promise<CatchUp> {
  const { sales, say, path: PATH, profileDir } = options
  const profile = `--cpu-prof --cpu-prof-dir=${profileDir}`
  const env = {
    ...{ PATH, LOG_LEVEL: 'warn' },
    ...(profileDir === undefined ? {} : { NODE_OPTIONS: profile }),
  }
  const parts: { stop: () => Promise<void> }[] = []
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= Promise.all(parts.map((part) => part.stop())).then(() => undefined)
    return stopped
  }
  options.onStop(stop)
  try {
    const race = await openRace({ sales, seed, env, say })
    parts.push(race)
    const logical = await openLogical(race.shop, { sales, seed, say })
    parts.push(logical)
    const pouch = await openPouch(race.store.databaseUrl, say)
    parts.push(pouch)
    return await measure({ race, logical, pouch }, options)
  } finally {
    await stop()
  }
}

type Peers = { readonly race: Race; readonly logical: Logical; readonly pouch: Pouch }

async function measure(peers: Peers, options: BenchCatchUp): Promise<CatchUp> {
  const { race } = peers
  const { say, rounds: roundsCount, liveSeconds } = options
  const rounds: RaceRound[] = []
  let equal = true
  for (let nth = 0; nth < roundsCount; nth += 1) {
    const round = await runRound(peers, nth, say)
    equal &&= round.equal
    rounds.push(round.round)
  }
  say(`live: ${livePerSecond} sales a second for ${liveSeconds} s`)
  const live = await measureLive(race, { seconds: liveSeconds, perSecond: livePerSecond })
  say('resume: the cloud is killed half way')
  const resumed = await runOurs(race, { killHalfWay: true })
  const after = await compare(race, say)
  say('bad line: 100 ms, 1 Mbit/s, one piece in a hundred held up for a second')
  race.wire.bend(badLine)
  const bad = await runOurs(race, { ackedMax: badLineFacts })
  race.wire.bend()
  const { facts, bytes, sales } = race.filled
  const badFacts = Math.min(facts, badLineFacts)
  return {
    ...{ sales, facts, rounds, live, factBytes: bytes / facts },
    equal: equal && after.equal,
    resume: { seconds: resumed.seconds, ...after },
    badLine: {
      facts: badFacts,
      factsPerSecond: badFacts / bad.journalledSeconds,
      bytesPerFact: bad.wireBytes / badFacts,
    },
  }
}

/** Everybody once; who is first changes from round to round. */
async function runRound(
  { race, logical, pouch }: Peers,
  nth: number,
  say: (line: string) => void,
): Promise<{ readonly round: RaceRound; readonly equal: boolean }> {
  const done: Partial<RaceRound> = {}
  let equal = true
  const runs = [
    async () => {
      const ours = await runOurs(race)
      const same = await compare(race, say)
      equal &&= same.equal
      Object.assign(done, { ours })
      tell('ours', ours)
    },
    async () => {
      const all = await logical.runAll()
      equal &&= all.equal
      const logicalJournal = await logical.runJournal()
      Object.assign(done, { logical: all, logicalJournal })
      tell('logical replication', all)
    },
    async () => {
      const run = await pouch.run()
      equal &&= run.equal
      Object.assign(done, { pouch: run })
      tell('pouchdb', run)
    },
  ]
  const tell = (who: string, { seconds }: { readonly seconds: number }) => {
    const perSecond = Math.round(race.filled.sales / seconds)
    say(`round ${nth + 1}: ${who} ${seconds.toFixed(1)} s, ${perSecond} sales/s`)
  }
  const [loadAverage = 0] = loadavg()
  for (let turn = 0; turn < runs.length; turn += 1) await runs[(turn + nth) % runs.length]?.()
  return { round: { ...(done as RaceRound), loadAverage }, equal }
}

async function compare({ store, chain }: Race, say: (line: string) => void) {
  const [shop, cloud] = [await readEnd(store.databaseUrl), await readEnd(chain.cloud.databaseUrl)]
  const found = differences(shop, cloud)
  for (const line of found) say(`shop and cloud differ: ${line}`)
  return {
    equal: found.length === 0,
    lost: Math.max(0, shop.sales - cloud.sales, shop.facts - cloud.facts),
    doubled: Math.max(0, cloud.sales - shop.sales, cloud.facts - shop.facts),
  }
}
