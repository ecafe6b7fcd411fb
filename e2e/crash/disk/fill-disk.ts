import { execFile, spawnSync } from 'node:child_process'
import {
  chmod,
  chown,
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, waitUntilEqual } from '../books/check-copy.ts'
import { type BaseChain, makeBaseChain } from '../lab/base-chain.ts'
import { openLane } from '../lab/lane.ts'
import { type Load, startLoad } from '../lab/load.ts'
import { seedRandom } from '../lab/random.ts'

// A disk without room: first the whole one, then the one of the database's log alone. Sales are refused
// with a word for it before money is taken, what was acknowledged stays, and selling goes on by itself
// when there is room again.

export type FullDiskResult = {
  readonly fills: number
  readonly skipped?: string
  readonly refusals: Readonly<Record<string, number>>
  readonly violations: readonly string[]
}

export type FullDiskOptions = { readonly seed: number; readonly say: (line: string) => void }

type What = 'data' | 'log'

const run = promisify(execFile)
const dataBytes = 640 * 1_048_576
const logBytes = 160 * 1_048_576
const tills = 3
const workMs = 1_000
const pollMs = 50
/** So many refusals are waited for, and so many acts when there is room again. */
const enough = 15
const patienceMs = 90_000
const catchUpMs = 120_000
const chunk = Buffer.alloc(1_048_576)

/** Why this machine cannot; undefined if it can. */
export function findWhyNoRoom(): string | undefined {
  if (process.platform !== 'linux') return 'it is no Linux'
  return process.getuid?.() === 0 ? undefined : 'only root may mount a small disk'
}

export async function fillDisk(options: FullDiskOptions): Promise<FullDiskResult> {
  const why = findWhyNoRoom()
  if (why !== undefined) return { fills: 0, skipped: why, refusals: {}, violations: [] }
  const { say } = options
  const workDir = await mkdtemp(join(tmpdir(), 'tillkeeper-full-'))
  // The database is somebody else, who has to pass.
  await chmod(workDir, 0o711)
  const folders = { data: join(workDir, 'data'), log: join(workDir, 'log') }
  const mounted: string[] = []
  // Ended in the middle, this process leaves no mount behind.
  const onExit = () => {
    for (const folder of mounted) spawnSync('umount', ['--lazy', folder])
  }
  process.once('exit', onExit)
  let base: BaseChain | undefined
  try {
    for (const [what, bytes] of [
      ['data', dataBytes],
      ['log', logBytes],
    ] as const) {
      await mkdir(folders[what])
      await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', folders[what]])
      mounted.push(folders[what])
    }
    base = await makeBaseChain(say, join(folders.data, 'chain'))
    await moveLog(base, folders.log)
    return await fillBoth(base, folders, options)
  } finally {
    await base?.remove()
    for (const folder of mounted) await run('umount', [folder])
    process.removeListener('exit', onExit)
    await rm(workDir, { recursive: true, force: true })
  }
}

/** Gives the database's log a disk of its own, and keeps it short. */
async function moveLog(base: BaseChain, folder: string): Promise<void> {
  const { chain } = base
  await withConnection(chain.postgres.url('postgres'), async (sql) => {
    await sql`ALTER SYSTEM SET max_wal_size = '64MB'`
    await sql`ALTER SYSTEM SET min_wal_size = '32MB'`
    await sql`ALTER SYSTEM SET wal_recycle = off`
  })
  await base.endPostgres('SIGINT')
  const from = join(chain.postgres.cluster, 'pg_wal')
  const to = join(folder, 'pg_wal')
  const { uid, gid } = await stat(from)
  await run('cp', ['-a', from, to])
  await rm(from, { recursive: true })
  await symlink(to, from)
  await chown(folder, uid, gid)
  await base.revivePostgres()
}

async function fillBoth(
  base: BaseChain,
  folders: Readonly<Record<What, string>>,
  { seed, say }: FullDiskOptions,
): Promise<FullDiskResult> {
  const lane = await openLane(base, { name: 'lane_full' })
  const violations: string[] = []
  try {
    await lane.cloud.start()
    await lane.store.start({ CLOUD_URL: lane.cloud.url })
    const random = seedRandom(seed)
    const load = await startLoad({ base, url: lane.store.url, tills, random })
    let fills = 0
    for (const what of ['data', 'log'] as const) {
      await wait(workMs)
      violations.push(...(await fillOnce(base, load, join(folders[what], 'ballast'))))
      for (const server of [lane.store, lane.cloud]) {
        const fallen = await server.fallen()
        if (fallen !== undefined) violations.push(fallen)
      }
      fills += 1
      say(`disk: ${what} was full: ${JSON.stringify(Object.fromEntries(load.refusals))}`)
      if (violations.length > 0) break
    }
    await load.stop({ atOnce: violations.length > 0 })
    violations.push(...load.violations)
    violations.push(...(await checkBooks(lane.storeDb, load.acknowledged, load.asked)))
    if (violations.length === 0) {
      await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs)
      violations.push(...(await checkEqual(lane.storeDb, lane.cloudDb)))
    }
    if (!load.refusals.has('disk_full')) violations.push('nobody was told that the disk is full')
    return { fills, refusals: Object.fromEntries(load.refusals), violations }
  } finally {
    await lane.close()
  }
}

/** Fills, waits until that is felt, makes room, and waits until it sells again. */
async function fillOnce(base: BaseChain, load: Load, ballast: string): Promise<string[]> {
  await fill(ballast)
  const refusedBefore = sumOf(load)
  const felt = await until(() => sumOf(load) >= refusedBefore + enough)
  await rm(ballast)
  // It may have ended for want of room; whoever watches over it starts it again.
  if (!base.isPostgresUp()) await base.revivePostgres()
  const acksBefore = load.acknowledged.length
  const back = await until(() => load.acknowledged.length >= acksBefore + enough)
  return [
    ...(felt ? [] : ['a full disk was not felt: the lab has no teeth']),
    ...(back ? [] : ['it does not sell again though there is room']),
  ]
}

/** Writes until there is no room: whole pieces, and then what is left in small ones. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    for (const piece of [chunk, chunk.subarray(0, 4_096)]) {
      while (await fits(handle, piece));
    }
  } finally {
    await handle.close()
  }
}

async function fits(handle: FileHandle, piece: Buffer): Promise<boolean> {
  try {
    const { bytesWritten } = await handle.write(piece)
    return bytesWritten === piece.length
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}

const sumOf = ({ refusals }: Load): number => [...refusals.values()].reduce((a, b) => a + b, 0)

async function until(holds: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; !holds(); waitedMs += pollMs) {
    if (waitedMs > patienceMs) return false
    await wait(pollMs)
  }
  return true
}
