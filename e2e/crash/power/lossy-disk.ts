import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// A file system on a disk whose power can be cut: nbdkit holds what was not flushed, nbdfuse shows it as a
// file, a loop device makes a disk of the file, and ext4 lies on it.

export type LossyDisk = {
  /** Where it is mounted; anybody may pass through. */
  readonly folder: string
  /** What was not flushed is gone, and every access fails from now on. Resolves at once. */
  readonly cut: () => void
  /** After a cut, and after everybody who used it has ended: puts the ruin away and mounts it anew. */
  readonly restore: () => Promise<void>
  /** Puts all of it away. */
  readonly remove: () => Promise<void>
}

export type MakeLossyDisk = {
  /** A folder for the disk's own files, on another disk. */
  readonly workDir: string
  readonly bytes: number
  readonly seed: number
}

const run = promisify(execFile)
const plugin = fileURLToPath(new URL('./lossy-disk.py', import.meta.url))
const pollMs = 20
const patienceMs = 10_000
const triesMax = 50

/** Why this machine cannot have such a disk; undefined if it can. */
export function findWhyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return 'it is no Linux'
  if (process.getuid?.() !== 0) return 'only root may mount a disk'
  for (const file of ['/dev/fuse', '/dev/loop-control']) {
    if (!existsSync(file)) return `there is no ${file}`
  }
  const missing = ['nbdkit', 'nbdfuse', 'fusermount3'].filter(
    (name) => !existsSync(`/usr/bin/${name}`),
  )
  return missing.length === 0 ? undefined : `there is no ${missing.join(', no ')}`
}

/** Makes a disk with a fresh file system on it. */
export async function makeLossyDisk(options: MakeLossyDisk): Promise<LossyDisk> {
  const { workDir } = options
  const folder = join(workDir, 'disk')
  const shown = join(workDir, 'shown')
  await mkdir(folder, { recursive: true })
  await mkdir(shown, { recursive: true })
  let parts: Parts | undefined
  const begin = async (format: boolean) => {
    parts = await connectDisk(options, shown)
    try {
      if (format) await run('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0', parts.loop])
      await run('mount', ['-t', 'ext4', '-o', 'noatime', parts.loop, folder])
    } catch (error) {
      await disconnect(parts, shown)
      throw error
    }
  }
  const end = async () => {
    if (parts === undefined) return
    await insist(() => run('umount', [folder]))
    await disconnect(parts, shown)
    parts = undefined
  }
  // Ended in the middle, this process leaves no mount behind.
  const onExit = () => {
    if (parts === undefined) return
    parts.nbdkit.kill('SIGKILL')
    spawnSync('umount', ['--lazy', folder])
    spawnSync('losetup', ['--detach', parts.loop])
    spawnSync('fusermount3', ['-uz', shown])
    parts.nbdfuse.kill('SIGKILL')
  }
  process.once('exit', onExit)
  await begin(true)
  return {
    folder,
    cut: () => parts?.nbdkit.kill('SIGKILL'),
    restore: async () => {
      await end()
      await begin(false)
    },
    remove: async () => {
      await end()
      process.removeListener('exit', onExit)
      await rm(workDir, { recursive: true, force: true })
    },
  }
}

type Parts = {
  readonly nbdkit: ChildProcess
  readonly nbdfuse: ChildProcess
  readonly loop: string
}

async function connectDisk({ workDir, bytes, seed }: MakeLossyDisk, shown: string): Promise<Parts> {
  const socket = join(workDir, 'nbd.socket')
  await rm(socket, { force: true })
  const nbdkit = spawn(
    'nbdkit',
    [
      ...['--foreground', '--unix', socket, 'python', plugin],
      ...[`file=${join(workDir, 'stable.img')}`, `size=${bytes}`, `seed=${seed}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  await until(() => existsSync(socket), 'nbdkit does not serve')
  const file = join(shown, 'nbd')
  const nbdfuse = spawn('nbdfuse', [file, '--unix', socket], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await until(() => existsSync(file), 'nbdfuse shows nothing')
  const { stdout } = await run('losetup', ['--find', '--show', '--direct-io=on', file]).catch(() =>
    run('losetup', ['--find', '--show', file]),
  )
  return { nbdkit, nbdfuse, loop: stdout.trim() }
}

async function disconnect({ nbdkit, nbdfuse, loop }: Parts, shown: string): Promise<void> {
  await run('losetup', ['--detach', loop])
  await insist(() => run('fusermount3', ['-u', shown]))
  for (const child of [nbdfuse, nbdkit]) await endChild(child)
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

async function until(holds: () => boolean, otherwise: string): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += pollMs) {
    if (waitedMs > patienceMs) throw new Error(otherwise)
    await wait(pollMs)
  }
}

// A device is busy for a moment after its last user has ended.
async function insist(work: () => Promise<unknown>): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (tried >= triesMax) throw error
      await wait(pollMs * 5)
    }
  }
}
