import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

// What a run of the tests left behind. Ours is a process that carries the run's mark in its
// environment, or that works in the run's folder: a database server is given no environment, and
// an orphan no longer has us as its parent. Reads /proc; elsewhere nothing is found.

export type Leftover = {
  readonly pid: number
  readonly command: string
  /** TCP ports that it listens on. */
  readonly ports: readonly number[]
}

const commandChars = 120
const listening = '0A'

/** Processes other than this one that carry `mark` or work in `folder`. */
export function findLeftovers(mark: string, folder: string): Leftover[] {
  const ports = readListeningPorts()
  return listPids()
    .filter((pid) => pid !== process.pid && isOfRun(pid, mark, folder))
    .map((pid) => ({
      pid,
      command: readProc(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(0, commandChars),
      ports: listSockets(pid).flatMap((inode) => ports.get(inode) ?? []),
    }))
}

function isOfRun(pid: number, mark: string, folder: string): boolean {
  const cwd = readLink(`/proc/${pid}/cwd`)
  return (
    readProc(pid, 'environ').includes(mark) ||
    readProc(pid, 'cmdline').includes(folder) ||
    cwd.startsWith(folder) ||
    // A database that could not lie in its data folder says beside it whose it is.
    readText(join(cwd, '..', 'owner.json')).includes(folder)
  )
}

function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isSafeInteger)
  } catch {
    return [] // No /proc on this system.
  }
}

/** The ports that somebody listens on, by the inode of the socket. */
function readListeningPorts(): ReadonlyMap<string, number> {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readText(file).split('\n'))
  return new Map(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter((fields) => fields[3] === listening)
      .map((fields) => [fields[9] ?? '', Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)]),
  )
}

function listSockets(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .map((fd) => /^socket:\[([0-9]+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`))?.[1])
      .filter((inode) => inode !== undefined)
  } catch {
    return [] // It ended while we looked.
  }
}

const readProc = (pid: number, name: string) => readText(`/proc/${pid}/${name}`)

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
