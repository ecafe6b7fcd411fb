import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, checkPrefixes, waitUntilEqual } from '../books/check-copy.ts'
import { type BaseChain, makeBaseChain } from '../lab/base-chain.ts'
import { type Lane, openLane } from '../lab/lane.ts'
import { type Load, startLoad } from '../lab/load.ts'
import { seedRandom } from '../lab/random.ts'
import { findWhyNoDisk, type LossyDisk, makeLossyDisk } from './lossy-disk.ts'

// A shop, its cloud and their database on a disk that loses what was not flushed, and the power goes
// while they sell: the disk first, then every process, so that nobody flushes on the way out.

export type PowerResult = {
  readonly powerCuts: number
  /** Why there was none. */
  readonly skipped?: string
  readonly acts: number
  readonly violations: readonly string[]
}

export type PowerOptions = {
  readonly seed: number
  readonly cuts: number
  /** Lets the database acknowledge before it flushes: what that loses has to be found. */
  readonly spoilt: boolean
  readonly say: (line: string) => void
}

const diskBytes = 1_536 * 1_048_576
const tills = 4
/** Of the work between two cuts. */
const workMs = { min: 250, max: 1_200 }
const catchUpMs = 120_000

export async function cutPower(options: PowerOptions): Promise<PowerResult> {
  const { seed, say } = options
  const why = findWhyNoDisk()
  if (why !== undefined) {
    say(`power: not done here, and not counted: ${why}`)
    return { powerCuts: 0, skipped: why, acts: 0, violations: [] }
  }
  const workDir = await mkdtemp(join(tmpdir(), 'tillkeeper-disk-'))
  // The database is somebody else, who has to pass.
  await chmod(workDir, 0o711)
  const disk = await makeLossyDisk({ workDir, bytes: diskBytes, seed })
  let base: BaseChain | undefined
  try {
    base = await makeBaseChain(say, join(disk.folder, 'chain'))
    const lane = await openLane(base, { name: 'lane_power' })
    return await cutAgainAndAgain({ base, lane, disk }, options)
  } finally {
    await base?.remove()
    await disk.remove()
  }
}

type Lab = { readonly base: BaseChain; readonly lane: Lane; readonly disk: LossyDisk }

async function cutAgainAndAgain(lab: Lab, options: PowerOptions): Promise<PowerResult> {
  const { base, lane } = lab
  const { seed, cuts, spoilt, say } = options
  const random = seedRandom(seed)
  const violations: string[] = []
  let done = 0
  try {
    await startServers(lane)
    const load = await startLoad({ base, url: lane.store.url, tills, random, restMaxMs: 10 })
    while (done < cuts && violations.length === 0) {
      if (spoilt) await acknowledgeTooEarly(base, lane)
      await wait(random.whole(workMs.min, workMs.max))
      violations.push(...(await cutOnce(lab, load)))
      done += 1
      say(`power: ${done} of ${cuts} cuts, ${load.acknowledged.length} acts acknowledged`)
    }
    // What is broken on purpose stays broken: there is nothing to finish.
    await load.stop({ atOnce: violations.length > 0 })
    violations.push(...load.violations)
    if (violations.length > 0)
      return { powerCuts: done, acts: load.acknowledged.length, violations }
    if (!(await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs))) {
      violations.push('the cloud never caught up')
    }
    violations.push(
      ...(await checkBooks(lane.storeDb, load.acknowledged, load.asked)),
      ...(await checkEqual(lane.storeDb, lane.cloudDb)),
    )
    return { powerCuts: done, acts: load.acknowledged.length, violations }
  } finally {
    // Where the database did not come back, that is what has to be told.
    await lane.close().catch((error: unknown) => say(`power: a lane did not close: ${error}`))
  }
}

async function startServers(lane: Lane): Promise<void> {
  await lane.cloud.start()
  await lane.store.start({ CLOUD_URL: lane.cloud.url })
}

async function cutOnce({ base, lane, disk }: Lab, load: Load): Promise<string[]> {
  const before = load.acknowledged.length
  disk.cut()
  // A reply that came in after that turn may be of before it, and is believed as well.
  lane.store.shoot()
  lane.cloud.shoot()
  await load.pause()
  await Promise.all([lane.store.kill(), lane.cloud.kill()])
  await base.endPostgres('SIGQUIT')
  await disk.restore()
  await base.revivePostgres()
  await acknowledgeInTime(base, lane)
  await startServers(lane)
  if (before === 0) return ['nothing was acknowledged before the cut']
  const wrong = [
    ...(await checkBooks(lane.storeDb, load.acknowledged, load.asked)),
    ...(await checkPrefixes(lane.storeDb, lane.cloudDb)),
  ]
  load.resume()
  return wrong
}

/** As an operator might who found it faster. Servers refuse it at their start: it comes after. */
async function acknowledgeTooEarly({ chain }: BaseChain, { store, storeDb }: Lane): Promise<void> {
  await withConnection(chain.postgres.url('postgres'), async (sql) => {
    await sql`ALTER DATABASE ${sql(store.name)} SET synchronous_commit = off`
  })
  await storeDb`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'tillkeeper-%'
  `
}

async function acknowledgeInTime({ chain }: BaseChain, { store }: Lane): Promise<void> {
  await withConnection(chain.postgres.url('postgres'), async (sql) => {
    await sql`ALTER DATABASE ${sql(store.name)} RESET synchronous_commit`
  })
}
