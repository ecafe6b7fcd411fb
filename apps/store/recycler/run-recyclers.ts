import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type {
  Attempt,
  Driver,
  DriverPorts,
  Work,
} from '@tillkeeper/devices/cash-recycler/contract.ts'
import type { RecyclerState } from '@tillkeeper/devices/cash-recycler/recycler-state.ts'
import {
  type Order,
  type Recycler,
  type RecyclerNews,
  runRecycler,
} from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import {
  findOpenAttempt,
  listMachines,
  type Machine,
  type NotedAttempt,
  readLastSeqNo,
} from '@tillkeeper/projections/recycler/recycler-sql.ts'
import type { StoreNode } from '../act/record-act.ts'
import { type AskedBy, concludeAttempt, noteAttempt } from './journal-recycler.ts'
import { type Frame, keepFrames } from './keep-frames.ts'
import { type Attempted, endedView, type Live, type Watch, watchMachine } from './watch-machine.ts'

/** Opens the line to one machine. A driver of a kind that is not in the table is not opened. */
export type DriverFactory = (machine: Machine, ports: DriverPorts) => Driver

export type WorkAsked = {
  readonly recyclerId: string
  readonly attemptId: string
  readonly currency: Currency
  readonly work: Work
  readonly by: AskedBy
}

export type WorkRefusal =
  | { readonly code: 'recycler_not_found' }
  | { readonly code: 'recycler_offline' | 'recycler_busy' | 'recycler_stopped' }
  | { readonly code: 'id_exists_with_different_content' }

export type Recyclers = {
  /**
   * Begins work: accepted once its intent is journalled. How it goes on is news. The same attempt, asked for
   * again while it is open, begins nothing and is answered alike.
   */
  readonly start: (asked: WorkAsked) => Promise<Answer>
  /**
   * Tells a machine something about its work, or to look after itself. With `of` only where that attempt is the
   * open one.
   */
  readonly order: (
    recyclerId: string,
    order: Exclude<Order, { type: 'work' }>,
    of?: string,
  ) => Outcome<undefined, WorkRefusal>
  readonly machine: (recyclerId: string) => Machine | undefined
  readonly state: (recyclerId: string) => RecyclerState | undefined
  /** Each machine that runs, as it is this moment, by its name. */
  readonly live: () => readonly Live[]
  /** Hears each machine, whole, whenever something of it is another; until the answer is called. */
  readonly follow: (hear: (live: Live) => void) => () => void
  readonly frames: (recyclerId: string) => readonly Frame[]
  /** Somebody said how the last attempt of a machine ended. */
  readonly resolved: (view: Attempted) => void
  /** Looks at the register again: opens, closes and reopens machines as it says now. It tells of what goes wrong. */
  readonly refresh: () => Promise<void>
  /** Opens the line of a machine anew: how we log in there is another now. */
  readonly reopen: (recyclerId: string) => Promise<void>
  readonly close: () => Promise<void>
}

export type RecyclersOptions = {
  readonly node: StoreNode
  readonly drivers: Readonly<Record<string, DriverFactory>>
  /**
   * Whether the shop's data is whole. Before that no machine is opened: an attempt whose end is not loaded yet would be
   * looked for, and ended a second time.
   */
  readonly ready?: (() => boolean) | undefined
  /** All that a machine tells besides ends of attempts, with how it stands then. */
  readonly onNews?: (machine: Machine, news: RecyclerNews, state: () => RecyclerState) => void
  /** A machine was opened, or is run no more. */
  readonly onOpened?: (machine: Machine, state: () => RecyclerState) => void
  readonly onClosed?: (recyclerId: string) => void
  /** Something could not be written down. */
  readonly onFault?: (error: unknown) => void
  /** Passed in, so that a test owns time. */
  readonly after?: (ms: number, then: () => void) => () => void
}

/** Tenths of a second since 1970 have eleven digits until the year 2286. */
const seqNoUnitMs = 100
const seqNoDigits = 11

type Answer = Outcome<{ readonly seqNo: string }, WorkRefusal>

type Running = {
  machine: Machine
  readonly recycler: Recycler
  readonly watch: Watch
  readonly frames: readonly Frame[]
  /** What is being written down of it. */
  readonly writing: Set<Promise<void>>
  /** As it was told last, and its text: who listens hears of a change, once. */
  live: Live
  text: string
}

/** An attempt that is open: who asked, for what, and what they are answered. */
type Begun = {
  readonly recyclerId: string
  readonly by: AskedBy
  readonly asked: string
  readonly answer: Promise<Answer>
}

/** What the machines of one shop share. */
type Floor = RecyclersOptions & {
  /** The last number that an attempt has, of all machines. */
  readonly numbers: { last: number }
  readonly running: Map<string, Running>
  readonly listeners: Set<(live: Live) => void>
  /** By attempt. */
  readonly begun: Map<string, Begun>
  /** By attempt: who waits to hear that its intent is written. */
  readonly waiting: Map<string, (answer: Answer) => void>
}

/**
 * Runs the machines of a shop that are active and whose driver is known. What the journal holds of one without an
 * end is asked after before anything else is begun.
 */
export async function runRecyclers(options: RecyclersOptions): Promise<Recyclers> {
  const floor: Floor = {
    ...{ ...options, numbers: { last: 0 } },
    ...{ running: new Map(), listeners: new Set(), begun: new Map(), waiting: new Map() },
  }
  const { running, listeners } = floor
  let closed = false
  // One after the other: what is opened is always by the register's last word.
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const done = turn.then(() => (closed ? undefined : act()))
    turn = done.catch(() => {})
    return done
  }
  await inTurn(() => matchRegister(floor))
  return {
    start: (asked) => startWork(floor, asked),
    order: (recyclerId, order, of) => {
      const found = running.get(recyclerId)
      if (found === undefined) return refused({ code: 'recycler_not_found' })
      found.recycler.order(order, of)
      return accepted(undefined)
    },
    machine: (recyclerId) => running.get(recyclerId)?.machine,
    state: (recyclerId) => running.get(recyclerId)?.recycler.state(),
    live: () =>
      [...running.values()]
        .sort((a, b) => (a.machine.name < b.machine.name ? -1 : 1))
        .map(({ live }) => live),
    follow: (hear) => {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    frames: (recyclerId) => running.get(recyclerId)?.frames ?? [],
    resolved: (view) => {
      const found = running.get(view.recyclerId)
      if (found?.live.attempt?.attemptId !== view.attemptId) return
      found.watch.ended(view)
      look(floor, found)
    },
    refresh: () => inTurn(() => matchRegister(floor)).catch((error) => floor.onFault?.(error)),
    reopen: (recyclerId) =>
      inTurn(async () => {
        const machine = running.get(recyclerId)?.machine
        if (machine === undefined) return
        await closeMachine(floor, recyclerId)
        await openMachine(floor, machine)
      }),
    close: async () => {
      await inTurn(async () => {
        closed = true
        await Promise.all([...running.keys()].map((id) => closeMachine(floor, id)))
      })
    },
  }
}

/** Whether a line has to be opened anew for what the register says now. */
const lineOf = ({ driver, address, active, currencies }: Machine) =>
  JSON.stringify([driver, address, active, currencies])

async function matchRegister(floor: Floor): Promise<void> {
  const { node, running, numbers, ready } = floor
  if (ready?.() === false) return
  if (running.size === 0) {
    const last = await readLastSeqNo(node.db, node.org, node.shopId)
    numbers.last = Math.max(numbers.last, last)
  }
  const machines = await listMachines(node.db, node.org, node.shopId)
  const gone = [...running.keys()].filter((id) => !machines.some((machine) => machine.id === id))
  for (const id of gone) await closeMachine(floor, id)
  for (const machine of machines) {
    const found = running.get(machine.id)
    if (found !== undefined && lineOf(found.machine) === lineOf(machine)) {
      found.machine = machine
      continue
    }
    if (found !== undefined) await closeMachine(floor, machine.id)
    await openMachine(floor, machine)
  }
}

async function closeMachine(floor: Floor, recyclerId: string): Promise<void> {
  const found = floor.running.get(recyclerId)
  if (found === undefined) return
  floor.running.delete(recyclerId)
  floor.onClosed?.(recyclerId)
  await found.recycler.close()
  await Promise.allSettled(found.writing)
  for (const [attemptId, begun] of floor.begun) {
    if (begun.recyclerId !== recyclerId) continue
    floor.begun.delete(attemptId)
    // Its intent may be in the journal or not: whoever asks again is told by that.
    answer(floor, attemptId, refused({ code: 'recycler_offline' }))
  }
  const { attempt } = found.live
  // Work under way goes on at the machine, and is recalled when that is opened again.
  const left = attempt === null || attempt.state === 'ended' ? attempt : asOpen(attempt)
  tellAll(floor, { ...found.live, at: 'offline', condition: { is: 'offline' }, attempt: left })
}

const asOpen = (attempt: Attempted): Attempted => ({ ...attempt, state: 'open' })

async function openMachine(floor: Floor, machine: Machine): Promise<void> {
  const { node, drivers } = floor
  const recyclerId = machine.id
  const noted = await findOpenAttempt(node.db, node.org, recyclerId)
  const factory = machine.active ? drivers[machine.driver] : undefined
  // One that is used no more still runs where nobody knows how its work ended: a person has to give it up.
  if (factory === undefined && noted === undefined) return
  if (noted !== undefined) recall(floor, recyclerId, noted)
  const byOf = ({ attemptId }: Attempt): AskedBy => {
    const begun = floor.begun.get(attemptId)
    assert(begun !== undefined, 'who asked is kept until the end is journalled')
    return begun.by
  }
  const { frames, trace } = keepFrames(node.now)
  const watch = watchMachine(recyclerId, byOf)
  const writing = new Set<Promise<void>>()
  const write = async (act: () => Promise<void>): Promise<void> => {
    const done = act()
    writing.add(done)
    try {
      await done
    } catch (error) {
      // It is tried again, or the machine is told nothing; who runs the server has to know why.
      floor.onFault?.(error)
      throw error
    } finally {
      writing.delete(done)
    }
  }
  const parts: { running?: Running } = {}
  const lookAgain = () => {
    if (parts.running !== undefined) look(floor, parts.running)
  }
  const recycler = runRecycler({
    openDriver: (ports) => {
      const tell: DriverPorts['tell'] = (event) => {
        if (event.type === 'lost') watch.lost(event.why)
        ports.tell(event)
        if (event.type === 'lost') lookAgain()
      }
      return factory?.(machine, { ...ports, tell }) ?? absent
    },
    note: async (attempt) => {
      await write(() => noteAttempt(node, { recyclerId, by: byOf(attempt) }, attempt))
      answer(floor, attempt.attemptId, accepted({ seqNo: attempt.seqNo }))
    },
    conclude: async (ended) => {
      const by = byOf(ended.attempt)
      await write(() => concludeAttempt(node, { recyclerId, by }, ended))
      watch.ended(endedView(recyclerId, by, ended))
      floor.begun.delete(ended.attempt.attemptId)
      lookAgain()
    },
    tell: (news) => {
      if (news.type === 'refuse') {
        floor.begun.delete(news.attemptId)
        answer(floor, news.attemptId, refused({ code: `recycler_${news.code}` }))
      }
      watch.hear(news)
      lookAgain()
      const running = parts.running
      if (running !== undefined) floor.onNews?.(running.machine, news, running.recycler.state)
    },
    moved: lookAgain,
    ...{ trace, after: floor.after ?? later, open: noted },
  })
  const live = watch.live(recycler.state())
  const running: Running = { machine, recycler, watch, frames, writing, live, text: '' }
  parts.running = running
  floor.running.set(recyclerId, running)
  look(floor, running)
  floor.onOpened?.(machine, recycler.state)
}

const absent: Driver = { send: () => {}, close: async () => {} }

function recall({ begun }: Floor, recyclerId: string, noted: NotedAttempt): void {
  const { attemptId, seqNo, staffId, actor, currency, work } = noted
  const where = { tillId: noted.tillId ?? undefined, sessionId: noted.sessionId ?? undefined }
  const asker = actor?.startsWith('key:') ? actor : undefined
  const by = { staffId, asker, ...where, links: noted.links ?? undefined }
  const asked = canonicalJson({ currency, work })
  const known = Promise.resolve(accepted({ seqNo }))
  begun.set(attemptId, { recyclerId, by, asked, answer: known })
}

/** Says how a machine is now, if that is another word than the last. */
function look(floor: Floor, running: Running): void {
  const live = running.watch.live(running.recycler.state())
  const text = JSON.stringify(live)
  if (text === running.text) return
  running.text = text
  running.live = live
  tellAll(floor, live)
}

function tellAll({ listeners }: Floor, live: Live): void {
  for (const hear of listeners) hear(live)
}

function startWork(
  floor: Floor,
  { recyclerId, attemptId, currency, work, by }: WorkAsked,
): Promise<Answer> {
  const { running, begun, waiting } = floor
  const found = running.get(recyclerId)
  if (found === undefined) return Promise.resolve(refused({ code: 'recycler_not_found' }))
  const asked = canonicalJson({ currency, work })
  const before = begun.get(attemptId)
  if (before !== undefined) {
    const same = before.asked === asked && before.recyclerId === recyclerId
    return same
      ? before.answer
      : Promise.resolve(refused({ code: 'id_exists_with_different_content' }))
  }
  const heard = new Promise<Answer>((resolve) => {
    waiting.set(attemptId, resolve)
  })
  begun.set(attemptId, { recyclerId, by, asked, answer: heard })
  const attempt = { attemptId, seqNo: nextSeqNo(floor), currency, work, before: [] }
  found.recycler.order({ type: 'work', attempt })
  return heard
}

/** By the clock as well as by the journal: a shop that lost its tail gives no number again. */
function nextSeqNo({ numbers, node }: Floor): string {
  numbers.last = Math.max(numbers.last + 1, Math.floor(node.now().getTime() / seqNoUnitMs))
  return String(numbers.last).padStart(seqNoDigits, '0')
}

function answer({ waiting }: Floor, attemptId: string, outcome: Answer): void {
  waiting.get(attemptId)?.(outcome)
  waiting.delete(attemptId)
}

function later(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}
