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
import {
  findOpenAttempt,
  listMachines,
  type Machine,
  readLastSeqNo,
} from '@tillkeeper/projections/recycler/recycler-sql.ts'
import type { StoreNode } from '../act/record-act.ts'
import { type AskedBy, concludeAttempt, noteAttempt } from './journal-recycler.ts'

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

export type Recyclers = {
  /** Begins work: accepted once its intent is journalled. How it goes on is news. */
  readonly start: (asked: WorkAsked) => Promise<Answer>
  /** Tells a machine something about its work, or to look after itself. */
  readonly order: (
    recyclerId: string,
    order: Exclude<Order, { type: 'work' }>,
  ) => Outcome<undefined, WorkRefusal>
  readonly state: (recyclerId: string) => RecyclerState | undefined
  /** Hears all news of all machines, in their order, until the answer is called. */
  readonly follow: (hear: (recyclerId: string, news: RecyclerNews) => void) => () => void
  readonly close: () => Promise<void>
}

export type RecyclersOptions = {
  readonly node: StoreNode
  readonly drivers: Readonly<Record<string, DriverFactory>>
  /** Every frame of every machine. */
  readonly trace?: (recyclerId: string, ...frame: Parameters<DriverPorts['trace']>) => void
  /** Passed in, so that a test owns time. */
  readonly after?: (ms: number, then: () => void) => () => void
}

/** Tenths of a second since 1970 have eleven digits until the year 2286. */
const seqNoUnitMs = 100
const seqNoDigits = 11

type Answer = Outcome<{ readonly seqNo: string }, WorkRefusal>

/** What the machines of one shop share. */
type Floor = RecyclersOptions & {
  readonly running: Map<string, Recycler>
  readonly listeners: Set<(recyclerId: string, news: RecyclerNews) => void>
  /** By attempt: who asked for it. */
  readonly askers: Map<string, AskedBy>
  /** By attempt: who waits to hear that its intent is written. */
  readonly waiting: Map<string, (answer: Answer) => void>
}

/**
 * Runs the machines of a shop that are active and whose driver is known. What the journal holds of one without an
 * end is asked after before anything else is begun.
 */
export async function runRecyclers(options: RecyclersOptions): Promise<Recyclers> {
  const { node } = options
  const [machines, last] = await Promise.all([
    listMachines(node.db, node.org, node.shopId),
    readLastSeqNo(node.db, node.org, node.shopId),
  ])
  const floor: Floor = {
    ...options,
    ...{ running: new Map(), listeners: new Set(), askers: new Map(), waiting: new Map() },
  }
  for (const machine of machines) await openMachine(floor, machine)
  const { running, listeners } = floor
  const nextSeqNo = countFrom(last, node.now)
  return {
    start: (asked) => startWork(floor, asked, nextSeqNo),
    order: (recyclerId, order) => {
      const recycler = running.get(recyclerId)
      if (recycler === undefined) return refused({ code: 'recycler_not_found' })
      recycler.order(order)
      return accepted(undefined)
    },
    state: (recyclerId) => running.get(recyclerId)?.state(),
    follow: (hear) => {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    close: async () => {
      await Promise.all([...running.values()].map((recycler) => recycler.close()))
      for (const attemptId of floor.waiting.keys()) {
        answer(floor, attemptId, refused({ code: 'recycler_offline' }))
      }
    },
  }
}

async function openMachine(floor: Floor, machine: Machine): Promise<void> {
  const { node, drivers, askers } = floor
  const open = drivers[machine.driver]
  if (!machine.active || open === undefined) return
  const recyclerId = machine.id
  const noted = await findOpenAttempt(node.db, node.org, recyclerId)
  if (noted !== undefined) {
    const { staffId, tillId, sessionId } = noted
    const at = { tillId: tillId ?? undefined, sessionId: sessionId ?? undefined }
    askers.set(noted.attemptId, { staffId, ...at })
  }
  const askedOf = ({ attemptId }: Attempt) => {
    const by = askers.get(attemptId)
    assert(by !== undefined, 'who asked is kept until the end is journalled')
    return { recyclerId, by }
  }
  const recycler = runRecycler({
    openDriver: (ports) => open(machine, ports),
    note: async (attempt) => {
      await noteAttempt(node, askedOf(attempt), attempt)
      answer(floor, attempt.attemptId, accepted({ seqNo: attempt.seqNo }))
    },
    conclude: async (ended) => {
      await concludeAttempt(node, askedOf(ended.attempt), ended)
      askers.delete(ended.attempt.attemptId)
    },
    tell: (news) => {
      if (news.type === 'refuse') {
        askers.delete(news.attemptId)
        answer(floor, news.attemptId, refused({ code: `recycler_${news.code}` }))
      }
      for (const hear of floor.listeners) hear(recyclerId, news)
    },
    trace: (...frame) => floor.trace?.(recyclerId, ...frame),
    after: floor.after ?? later,
    open: noted,
  })
  floor.running.set(recyclerId, recycler)
}

function startWork(
  { running, askers, waiting }: Floor,
  { recyclerId, attemptId, currency, work, by }: WorkAsked,
  nextSeqNo: () => string,
): Promise<Answer> {
  const recycler = running.get(recyclerId)
  if (recycler === undefined) return Promise.resolve(refused({ code: 'recycler_not_found' }))
  // One id is one attempt: whoever asks again looks at what became of the first.
  if (askers.has(attemptId)) return Promise.resolve(refused({ code: 'recycler_busy' }))
  askers.set(attemptId, by)
  const heard = new Promise<Answer>((resolve) => {
    waiting.set(attemptId, resolve)
  })
  const attempt = { attemptId, seqNo: nextSeqNo(), currency, work, before: [] }
  recycler.order({ type: 'work', attempt })
  return heard
}

/** By the clock as well as by the journal: a shop that lost its tail gives no number again. */
function countFrom(last: number, now: () => Date): () => string {
  let given = last
  return () => {
    given = Math.max(given + 1, Math.floor(now().getTime() / seqNoUnitMs))
    return String(given).padStart(seqNoDigits, '0')
  }
}

function answer({ waiting }: Floor, attemptId: string, outcome: Answer): void {
  waiting.get(attemptId)?.(outcome)
  waiting.delete(attemptId)
}

function later(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}
