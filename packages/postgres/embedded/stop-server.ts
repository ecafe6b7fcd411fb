import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isPostgresOn, waitForEnd } from './processes.ts'

/** A fast shutdown writes a checkpoint; a disk that takes longer than this is treated as stuck. */
const fastMs = 15_000
/** An immediate one writes nothing: it only has to end its processes. */
const immediateMs = 5_000

/**
 * Stops the server with process id `pid`: fast (sessions end, data is flushed), and if that takes
 * too long immediately (the next start then recovers from the log; nothing committed is lost).
 */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', fastMs],
    ['SIGQUIT', immediateMs],
    ['SIGKILL', immediateMs],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      return // It has ended by itself.
    }
    if (await waitForEnd(pid, timeoutMs)) return
  }
  throw new Error(`the database server (process ${pid}) does not end`)
}

/**
 * Makes the data directory `cluster` free to start on: a server that a killed run left behind is
 * stopped, and the note of one that is gone is removed. A process that only happens to have the
 * noted id is left alone.
 */
export async function clearLeftServer(cluster: string): Promise<'nothing' | 'stopped' | 'removed'> {
  const note = join(cluster, 'postmaster.pid')
  if (!existsSync(note)) return 'nothing'
  const pid = Number((await readFile(note, 'utf8')).split('\n')[0])
  if (Number.isSafeInteger(pid) && pid > 0 && isPostgresOn(pid, cluster)) {
    await stopServer(pid)
    return 'stopped'
  }
  await rm(note, { force: true })
  return 'removed'
}
