import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

// How much time processes spent on the CPUs, as Linux counts it.

let ticksPerSecond: number | undefined

type Stat = {
  readonly parent: number
  /** Its own, and that of its children which have ended. */
  readonly ticks: number
}

/**
 * The milliseconds that `root` and everything under it spent, except `without` and what is under
 * those. Children that have ended are counted by their parent.
 */
export function readTreeMs(root: number, without: ReadonlySet<number> = new Set()): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  let before = readTree(root, without)
  for (let reads = 2; reads <= readsMax; reads += 1) {
    const now = readTree(root, without)
    // One that ended while we looked was seen neither as itself nor, yet, in its parent's time.
    if (now.pids === before.pids) return (now.ticks * 1000) / ticksPerSecond
    before = now
  }
  throw new Error(`the processes under ${root} do not stand still long enough to be counted`)
}

const readsMax = 50

function readTree(root: number, without: ReadonlySet<number>) {
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^[0-9]+$/.test(name) ? readStat(Number(name)) : undefined
    if (stat !== undefined) stats.set(Number(name), stat)
  }
  const belongs = (pid: number): boolean => {
    if (without.has(pid)) return false
    if (pid === root) return true
    const parent = stats.get(pid)?.parent
    return parent !== undefined && parent > 0 && belongs(parent)
  }
  const tree = [...stats].filter(([pid]) => belongs(pid))
  return {
    pids: tree.map(([pid]) => pid).join(' '),
    ticks: tree.reduce((sum, [, stat]) => sum + stat.ticks, 0),
  }
}

function readStat(pid: number): Stat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined // It ended while we looked.
  }
  // The second field is the name in brackets and may hold anything, so we read from behind it:
  // there state is the first field, the parent the second, and the four times the 12th to the 15th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const times = fields.slice(11, 15).map(Number)
  return { parent: Number(fields[1]), ticks: times.reduce((sum, time) => sum + time, 0) }
}
