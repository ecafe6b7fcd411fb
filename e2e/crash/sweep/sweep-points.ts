import { setTimeout as wait } from 'node:timers/promises'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, checkPrefixes, waitUntilEqual } from '../books/check-copy.ts'
import type { BaseChain } from '../lab/base-chain.ts'
import { seedRandom } from '../lab/random.ts'
import type { KillPoint } from '../lab/sql-proxy.ts'
import { type Flow, type FlowName, flows } from './flows.ts'
import { openStage, type Stage } from './stage.ts'

// Kills a server before and after each SQL message of each flow, starts it again, asks again, and looks
// whether anything was lost, doubled or left half done.

export type SweepOptions = {
  readonly base: BaseChain
  readonly seed: number
  /** So many stages work at once. */
  readonly lanes: number
  /** Of each flow so many points, drawn by the seed; left out: all. */
  readonly sample?: number | undefined
  /** One flow alone, or one point of it: `sale`, `sale:17:before`. */
  readonly only?: string | undefined
  /** A changed copy of the source, whose faults are to be found. */
  readonly sourceDir?: string | undefined
  readonly say: (line: string) => void
}

export type FlowResult = {
  readonly flow: FlowName
  readonly messages: number
  readonly points: number
  /** Points that a run did not come to, since it took fewer messages this time. */
  readonly missed: number
  readonly violations: readonly string[]
}

const catchUpMs = 60_000
/** No flow has so many messages. */
const messagesMax = 2_000
/** Runs without a death, which say how many messages a flow has. */
const calmRuns = 3
/** Points beyond the longest calm run, as a share of it: what a link that tries again takes more. */
const beyondCalm = 0.5
/** So many points in a row that no run came to are the end of a flow. */
const missedInRowMax = 4
const quietMs = 60
const quietMaxMs = 3_000
/** Violations of one flow beyond this say nothing new, and the sweep of it ends. */
const violationsMax = 20
/** Points are drawn from the first messages, so that most runs come to them. */
const sampleSpan = 36
/** Flows that are swept side by side where each has a few points only. */
const flowsAtOnce = 3

/** Sweeps all flows, or the one that is asked for. */
export async function sweepPoints(options: SweepOptions): Promise<readonly FlowResult[]> {
  const [name, at, moment] = options.only?.split(':') ?? []
  const wanted = flows.filter((flow) => name === undefined || flow.name === name)
  if (wanted.length === 0) throw new Error(`there is no flow ${name}`)
  const point = at === undefined ? undefined : parsePoint(at, moment)
  const results: FlowResult[] = []
  const waiting = [...wanted]
  const work = async () => {
    for (let flow = waiting.shift(); flow !== undefined; flow = waiting.shift()) {
      const result = await sweepFlow(flow, point, options)
      const { points, messages, missed, violations } = result
      options.say(
        `${flow.name}: ${points} points up to message ${messages}, ${missed} not reached, ` +
          `${violations.length} violations`,
      )
      results.push(result)
    }
  }
  const workers = options.sample === undefined ? 1 : flowsAtOnce
  for (const done of await Promise.allSettled(Array.from({ length: workers }, work))) {
    if (done.status === 'rejected') throw done.reason
  }
  return results
}

function parsePoint(at: string, moment: string | undefined): KillPoint {
  if (!/^[0-9]{1,4}$/.test(at) || (moment !== 'before' && moment !== 'after')) {
    throw new Error('a point is named as FLOW:NUMBER:before or FLOW:NUMBER:after')
  }
  return { at: Number(at), moment }
}

async function sweepFlow(
  flow: Flow,
  only: KillPoint | undefined,
  options: SweepOptions,
): Promise<FlowResult> {
  const { base, lanes, seed, sourceDir, sample, say } = options
  let opened = 0
  const open = (): Promise<Stage> => {
    opened += 1
    const name = `lane_${flow.name.replace('-', '_')}_${opened}`
    return openStage(base, { name, linked: flow.linked, seed: seed + opened, sourceDir })
  }
  const violations: string[] = []
  const tally = { points: 0, missed: 0, missedInRow: 0, messages: 0 }
  const tell = (point: KillPoint, wrong: readonly string[]) => {
    for (const each of wrong) {
      const told = `${flow.name}:${point.at}:${point.moment}: ${each}`
      violations.push(told)
      say(`VIOLATION ${told}`)
    }
  }
  const whole = only === undefined && sample === undefined && sourceDir === undefined
  const calm = whole ? await countCalmly(flow, open) : undefined
  // Other points in each flow.
  const points = listPoints({ only, sample, sourceDir, calm, seed: seed + flows.indexOf(flow) })
  // One bite shows that there are teeth.
  const enough = sourceDir === undefined ? violationsMax : 1
  const isPast = () => sourceDir === undefined && tally.missedInRow >= missedInRowMax
  // Nothing of a spoilt source is asked for beyond that it was found.
  const isBitten = () => sourceDir !== undefined && violations.length >= enough
  const isOver = () => violations.length >= enough || isPast()
  const work = async () => {
    let stage = await open()
    try {
      while (!isOver()) {
        const { value: point } = points.next()
        if (point === undefined) break
        const { reached, wrong } = await killAt(flow, point, stage)
        tally.points += reached ? 1 : 0
        tally.missed += reached ? 0 : 1
        tally.missedInRow = reached ? 0 : tally.missedInRow + 1
        if (reached) tally.messages = Math.max(tally.messages, point.at)
        tell(point, wrong)
        if (wrong.length === 0) continue
        if (isBitten()) return
        // The next point is not to inherit what this one broke.
        await stage.close()
        stage = await open()
      }
      const wrong = await compareAtEnd(flow, stage)
      violations.push(...wrong.map((each) => `${flow.name}, at its end: ${each}`))
    } finally {
      await stage.close()
    }
  }
  // A few points are swept on one stage: to open another takes as long as to die on it.
  const few = only !== undefined || sample !== undefined
  const workers = few ? 1 : lanes * (flow.waits ? 2 : 1)
  const all = Array.from({ length: workers }, work)
  // All are awaited even if one fails: each closes its stage.
  for (const settled of await Promise.allSettled(all)) {
    if (settled.status === 'rejected') throw settled.reason
  }
  const { messages, missed } = tally
  return { flow: flow.name, messages, points: tally.points, missed, violations }
}

/**
 * The messages of the longest of a few runs in which nobody dies. A linked server never stops talking to
 * its database, and what comes after the flow is no part of it.
 */
async function countCalmly(flow: Flow, open: () => Promise<Stage>): Promise<number> {
  const stage = await open()
  const proxy = stage.proxies[flow.victim]
  let most = 0
  try {
    for (let run = 0; run < calmRuns; run += 1) {
      const prepared = await flow.prepare(stage)
      await waitUntilQuiet(flow, stage)
      proxy.arm(undefined, () => undefined)
      await prepared.run(new AbortController().signal)
      most = Math.max(most, proxy.count())
      proxy.disarm()
    }
  } finally {
    await stage.close()
  }
  return most
}

type Listed = Pick<SweepOptions, 'sample' | 'seed' | 'sourceDir'> & {
  readonly only: KillPoint | undefined
  /** The messages of a calm run, where they were counted. */
  readonly calm: number | undefined
}

/**
 * The points to die at. All of them go on until runs do not come to them any more, or are well past a
 * calm run. In a spoilt source the last are tried first: what is written is written at the end of a flow.
 */
function listPoints({ only, sample, seed, sourceDir, calm }: Listed): Iterator<KillPoint> {
  if (only !== undefined) return [only].values()
  if (sourceDir !== undefined) return [...everyPoint(sampleSpan)].reverse().values()
  if (sample === undefined) {
    const most = calm === undefined ? messagesMax : Math.ceil(calm * (1 + beyondCalm))
    return everyPoint(Math.min(messagesMax, most))
  }
  const random = seedRandom(seed)
  return Array.from({ length: sample }, () => ({
    at: random.whole(1, sampleSpan),
    moment: random.pick(['before', 'after'] as const),
  })).values()
}

function* everyPoint(messages: number): Generator<KillPoint> {
  for (let at = 1; at <= messages; at += 1) {
    yield { at, moment: 'before' }
    yield { at, moment: 'after' }
  }
}

async function killAt(
  flow: Flow,
  point: KillPoint,
  stage: Stage,
): Promise<{ readonly reached: boolean; readonly wrong: readonly string[] }> {
  const prepared = await flow.prepare(stage)
  await waitUntilQuiet(flow, stage)
  const proxy = stage.proxies[flow.victim]
  const victim = stage.lane[flow.victim]
  const over = new AbortController()
  proxy.arm(point, () => {
    if (over.signal.aborted) return
    // A shop whose cloud died waits at the gate instead of counting how often nobody is there.
    if (flow.victim === 'cloud') stage.gate.set('hold')
    victim.shoot()
    over.abort()
  })
  const ran = prepared.run(over.signal)
  await ran
  if (!over.signal.aborted) await waitUntilQuiet(flow, stage)
  const reached = over.signal.aborted
  proxy.disarm()
  await restart(flow, stage)
  const wrong = [
    ...(await prepared.again()),
    ...(await checkBooks(stage.lane.storeDb, stage.acknowledged, stage.asked)),
  ]
  if (flow.linked) wrong.push(...(await checkPrefixes(stage.lane.storeDb, stage.lane.cloudDb)))
  if (flow.linked && wrong.length === 0) {
    wrong.push(...(await checkEqual(stage.lane.storeDb, stage.lane.cloudDb)))
  }
  return { reached, wrong }
}

async function restart(flow: Flow, stage: Stage): Promise<void> {
  await stage.lane[flow.victim].kill()
  if (flow.victim === 'cloud') await stage.lane.cloud.start()
  else await stage.startStore()
  stage.gate.set('open')
}

/** Resolves when the victim has said nothing to its database for a while. */
async function waitUntilQuiet({ victim }: Flow, { proxies }: Stage): Promise<void> {
  const proxy = proxies[victim]
  let last = -1
  for (let waitedMs = 0; waitedMs < quietMaxMs; waitedMs += quietMs) {
    const now = proxy.total()
    if (now === last) return
    last = now
    await wait(quietMs)
  }
}

/** What a shop did on its own goes up in the end, and is the same there. */
async function compareAtEnd(flow: Flow, stage: Stage): Promise<string[]> {
  const { lane, gate } = stage
  if (!flow.linked) {
    await lane.store.stop()
    await lane.cloud.start()
    await lane.store.start({ CLOUD_URL: `http://127.0.0.1:${gate.port}` })
  }
  await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs)
  return [
    ...(await checkBooks(lane.storeDb, stage.acknowledged, stage.asked)),
    ...(await checkEqual(lane.storeDb, lane.cloudDb)),
  ]
}
