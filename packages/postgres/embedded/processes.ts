import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

// A process id is used again after its process has ended, so an id alone proves nothing. These
// functions say whether a process is the one we mean.

const pollMs = 20
const hasProc = existsSync('/proc/self/stat')

/** Whether a process with this id runs (a zombie, which only waits to be collected, does not). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !hasProc || readStat(pid)?.state !== 'Z'
}

/** A text that differs between two processes that had the same id. Undefined if none runs. */
export function findStartMark(pid: number): string | undefined {
  if (hasProc) return readStat(pid)?.startedAt
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined // ps fails when there is no such process.
  }
}

/** Whether process `pid` is a PostgreSQL server on the data folder `cluster` (a real path). */
export function isPostgresOn(pid: number, cluster: string): boolean {
  if (!isRunning(pid)) return false
  try {
    // The server makes its data folder its working directory, and nothing else of ours does.
    if (hasProc) {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return command.includes('postgres') && readlinkSync(`/proc/${pid}/cwd`) === cluster
    }
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes('postgres') && command.includes(cluster)
  } catch {
    return false // It ended while we looked, or it is somebody else's and we may not look.
  }
}

/** Waits until `pid` has ended; false if it has not within `timeoutMs`. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; isRunning(pid); waitedMs += pollMs) {
    if (waitedMs >= timeoutMs) return false
    await wait(pollMs)
  }
  return true
}

function readStat(pid: number): { readonly state: string; readonly startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name in brackets and may hold anything, so we read from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
