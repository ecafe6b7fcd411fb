import type { LinkState } from '@tillkeeper/sync/link/link-state.ts'
import type { StopReason } from '@tillkeeper/sync/link/session.ts'
import { makeClock, type NodeClock } from '../world/clock.ts'
import { type Disk, makeDisk, type Volume } from '../world/disk.ts'
import type { World } from '../world/world.ts'
import type { FactRow } from './journal.ts'
import { type Process, startProcess } from './process.ts'
import { placeName, type Truth } from './truth.ts'

/** A machine with a disk, a clock, and a program that runs on it or does not. */
export type Machine = {
  readonly name: string
  readonly world: World
  readonly truth: Truth
  readonly disk: Disk
  readonly clock: NodeClock
  readonly running: () => Process | undefined
  /** Begins a run of the program: what was mounted before sees the disk no more. */
  readonly begin: () => { readonly process: Process; readonly volume: Volume }
  /** The program ends at once, or the power goes. */
  readonly crash: (how: 'kill' | 'power', lose?: 'some' | 'all') => void
  /** The program has ended by itself. */
  readonly end: () => void
}

export type CrashKind = Parameters<Machine['crash']>[0]

/** A machine on which nothing runs. `authors`: the names whose facts are sealed on it. */
export function makeMachine(
  world: World,
  truth: Truth,
  { name, authors }: { readonly name: string; readonly authors: readonly string[] },
): Machine {
  const clock = makeClock(world.time.nowMs)
  const disk = makeDisk({
    chance: world.chance.fork(name),
    time: world.time,
    counters: world.counters,
  })
  let process: Process | undefined
  // What is sealed here is sealed, whether or not the disk keeps it: somebody may have been sent it.
  disk.onWrite = ({ table, value }) => {
    if (table !== 'fact' || value === undefined) return
    const row = value as FactRow
    if (!authors.some((author) => row.stream.startsWith(author))) return
    const place = placeName(row.stream, row.seq, row.hash)
    if (truth.sealed.has(place)) return
    truth.sealed.set(place, row)
    world.trace.note(`${name} seals ${place}`)
  }
  const stop = () => {
    process?.end()
    process = undefined
  }
  return {
    name,
    world,
    truth,
    disk,
    clock,
    running: () => process,
    begin: () => {
      stop()
      process = startProcess(world.time)
      world.trace.note(`${name} starts`)
      return { process, volume: disk.mount() }
    },
    end: () => {
      world.trace.note(`${name} ends`)
      stop()
      // What was asked of the disk is there: a program that ends waits for its own writes.
      disk.mount()
    },
    crash: (how, lose) => {
      world.trace.note(`${name} ${how}`)
      world.counters.count(how === 'kill' ? 'process.killed' : 'process.power_cut')
      stop()
      if (how === 'kill') disk.kill()
      else disk.cutPower(lose)
    },
  }
}

/** Counts what a link goes through. */
export function watchState(world: World, name: string): (state: LinkState) => void {
  let listening = false
  let at: LinkState['at'] = 'offline'
  return (state) => {
    if (listening && !state.listening && state.at !== 'offline')
      world.counters.count('link.poke_line_lost')
    if (state.at === 'backoff' && at !== 'backoff') {
      world.counters.count('link.backoff')
      if (state.reason === 'gap') world.counters.count('nack.gap')
      if (state.reason === 'damaged') world.counters.count('nack.damaged')
    }
    if (state.at !== at) world.trace.note(`${name} link ${state.at}`)
    listening = state.listening
    at = state.at
  }
}

/** Takes note that a stream stopped; each reason once. */
export function noteAlarm(
  { world, name, alarms }: Machine & { readonly alarms: Alarm[] },
  stream: string,
  why: StopReason,
): void {
  world.trace.note(`${name} alarm ${stream} ${why}`)
  if (alarms.some((known) => known.stream === stream && known.why === why)) return
  alarms.push({ stream, why })
}

export type Alarm = { readonly stream: string; readonly why: StopReason }
