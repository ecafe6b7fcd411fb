import { setTimeout as wait } from 'node:timers/promises'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, checkPrefixes, waitUntilEqual } from '../books/check-copy.ts'
import type { BaseChain } from '../lab/base-chain.ts'
import { openLane } from '../lab/lane.ts'
import { startLoad } from '../lab/load.ts'
import { seedRandom } from '../lab/random.ts'

// The database of a shop and its cloud is restarted while they sell and sync: half of the times fast
// (SIGINT: sessions are ended), half immediate (SIGQUIT: it recovers from its log).

export type RestartResult = {
  readonly restarts: number
  readonly acts: number
  readonly repeated: number
  readonly refusals: Readonly<Record<string, number>>
  readonly violations: readonly string[]
}

export type RestartOptions = {
  readonly base: BaseChain
  readonly seed: number
  readonly restarts: number
  readonly say: (line: string) => void
}

const tills = 4
/** Of the work between two restarts. */
const workMs = { min: 30, max: 700 }
/** A link that failed often waits up to five minutes, and more than one of them waits. */
const catchUpMs = 420_000
const prefixEvery = 10

export async function restartDatabase(options: RestartOptions): Promise<RestartResult> {
  const { base, seed, restarts, say } = options
  const random = seedRandom(seed)
  const lane = await openLane(base, { name: 'lane_restarts' })
  const violations: string[] = []
  try {
    await lane.cloud.start()
    await lane.store.start({ CLOUD_URL: lane.cloud.url })
    const load = await startLoad({ base, url: lane.store.url, tills, random })
    for (let done = 1; done <= restarts; done += 1) {
      await wait(random.whole(workMs.min, workMs.max))
      await base.endPostgres(done % 2 === 0 ? 'SIGINT' : 'SIGQUIT')
      await base.revivePostgres()
      const fallen = (await lane.store.fallen()) ?? (await lane.cloud.fallen())
      if (fallen !== undefined) throw new Error(fallen)
      if (done % prefixEvery !== 0) continue
      violations.push(...(await checkPrefixes(lane.storeDb, lane.cloudDb)))
      say(`restarts: ${done} of ${restarts}, ${load.acknowledged.length} acts acknowledged`)
    }
    await load.stop()
    if (!(await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs))) {
      violations.push('the cloud never caught up')
    }
    violations.push(
      ...load.violations,
      ...(await checkBooks(lane.storeDb, load.acknowledged, load.asked)),
      ...(await checkEqual(lane.storeDb, lane.cloudDb)),
    )
    if (load.repeated() === 0) violations.push('no restart hit a request: the load was too thin')
    return {
      restarts,
      acts: load.acknowledged.length,
      repeated: load.repeated(),
      refusals: Object.fromEntries(load.refusals),
      violations,
    }
  } finally {
    await lane.close()
  }
}
