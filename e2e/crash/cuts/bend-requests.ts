import { setTimeout as wait } from 'node:timers/promises'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, checkPrefixes, waitUntilEqual } from '../books/check-copy.ts'
import type { BaseChain } from '../lab/base-chain.ts'
import { openLane } from '../lab/lane.ts'
import { startLoad } from '../lab/load.ts'
import { seedRandom } from '../lab/random.ts'
import { faultKinds, startWeather } from './choose-fate.ts'
import { faultsOf, layFaultProxy } from './fault-proxy.ts'

// Sellers and a shop's link to its cloud on two wires whose weather comes from a seed.

export type BendResult = {
  /** Requests that met something, between client and store, and between store and cloud. */
  readonly faults: { readonly client: number; readonly sync: number }
  readonly met: Readonly<Record<string, number>>
  readonly acts: number
  readonly violations: readonly string[]
}

export type BendOptions = {
  readonly base: BaseChain
  readonly seed: number
  /** It goes on until so many requests of clients met something. */
  readonly faults: number
  readonly say: (line: string) => void
}

const tills = 8
const answerMs = 1_500
const catchUpMs = 180_000
const pollMs = 100
/** With 10 acts a second and till this would take minutes less. */
const runMaxMs = 600_000
const clientBadPercent = 60
/** Each failure of a link is followed by a pause that grows: more faults would be fewer. */
const syncBadPercent = 20

export async function bendRequests(options: BendOptions): Promise<BendResult> {
  const { base, seed, faults, say } = options
  const lane = await openLane(base, { name: 'lane_bend' })
  const portOf = (url: string) => Number(new URL(url).port)
  const toStore = await layFaultProxy(portOf(lane.store.url))
  const toCloud = await layFaultProxy(portOf(lane.cloud.url))
  const violations: string[] = []
  try {
    await lane.cloud.start()
    await lane.store.start({ CLOUD_URL: `http://127.0.0.1:${toCloud.port}` })
    const url = `http://127.0.0.1:${toStore.port}`
    const random = seedRandom(seed)
    const load = await startLoad({ base, url, tills, random, restMaxMs: 0, answerMs })
    const client = { random: seedRandom(seed + 1), badPercent: clientBadPercent }
    const sync = { random: seedRandom(seed + 2), badPercent: syncBadPercent }
    toStore.decide(startWeather({ ...client, halfOpenMs: answerMs * 2 }))
    toCloud.decide(startWeather({ ...sync, halfOpenMs: answerMs }))
    for (let waitedMs = 0; faultsOf(toStore) < faults; waitedMs += pollMs) {
      if (waitedMs > runMaxMs || load.violations.length > 0) break
      await wait(pollMs)
      if (waitedMs % 10_000 !== 0) continue
      say(`cuts: ${faultsOf(toStore)} between client and store, ${faultsOf(toCloud)} to the cloud`)
      violations.push(...(await checkPrefixes(lane.storeDb, lane.cloudDb)))
    }
    toStore.decide(() => ({ kind: 'pass' }))
    toCloud.decide(() => ({ kind: 'pass' }))
    await load.stop()
    if (!(await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs))) {
      violations.push('the cloud never caught up')
    }
    violations.push(
      ...load.violations,
      ...(await checkBooks(lane.storeDb, load.acknowledged, load.asked)),
      ...(await checkEqual(lane.storeDb, lane.cloudDb)),
    )
    for (const kind of faultKinds) {
      if ((toStore.met.get(kind) ?? 0) === 0) violations.push(`never fired: ${kind}`)
    }
    return {
      faults: { client: faultsOf(toStore), sync: faultsOf(toCloud) },
      met: Object.fromEntries(toStore.met),
      acts: load.acknowledged.length,
      violations,
    }
  } finally {
    await lane.close()
    await Promise.all([toStore.stop(), toCloud.stop()])
  }
}
