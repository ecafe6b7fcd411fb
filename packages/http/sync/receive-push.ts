import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { ReadAhead } from '@tillkeeper/projections/journal/read-ahead.ts'
import { type ReadPart, readPart } from '@tillkeeper/projections/journal/read-part.ts'
import {
  type AskedPart,
  type Nack,
  type Received,
  receiveParts,
} from '@tillkeeper/projections/journal/receive-facts.ts'
import type { Batch } from '@tillkeeper/sync/inbox/place-batch.ts'
import { sameBytes } from '@tillkeeper/sync/message/hex.ts'
import type { NackCode } from '@tillkeeper/sync/message/messages.ts'
import type { Child } from './child.ts'
import { mayAuthor } from './may-author.ts'
import { keepFork } from './sync-sql.ts'

/** An author raises its epoch a few times a year; a child that makes streams without end is broken. */
export const streamsOfAuthorMax = 500
/** As many pushes are journalled in one transaction … */
export const groupPushesMax = 64
/** … and not many more facts: whoever waits behind them waits for their flush. */
export const groupFactsMax = 4_000
/** Up to so many facts are what just happened, and never wait behind a backlog's flush. */
export const liveFactsMax = 64

export type Pushed = {
  readonly seq: number
  readonly hash: Uint8Array
  /** How many of the facts were new here. */
  readonly added: number
}

export type PushOutcome = Outcome<Pushed, { readonly code: NackCode }>

type Deps = {
  readonly db: Db
  readonly now: () => Date
  /** Where the projector finds what was read here. */
  readonly readAhead?: ReadAhead | undefined
}

/**
 * Takes a batch of a child's stream into the journal, whole or not at all, and durable when it
 * resolves. Nothing is projected here. The caller has seen that the stream is the child's.
 */
export type ReceivePush = (child: Child, batch: Batch) => Promise<PushOutcome>

type Waiting = {
  readonly asked: AskedPart & { readonly part: ReadPart }
  readonly resolve: (received: Received) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes the one receiver of a server. Batches of different streams that wait together are journalled
 * in one transaction and one flush, each with its own answer; where that fails they are tried one by
 * one, so that what one of them does to the database hurts no other. What just happened and what waited
 * for days are written side by side.
 */
export function createReceiver({ db, now, readAhead }: Deps): ReceivePush {
  const live = createLane({ db, readAhead })
  const bulk = createLane({ db, readAhead })
  const enter = (asked: Waiting['asked']): Promise<Received> =>
    asked.part.facts.length <= liveFactsMax ? live(asked) : bulk(asked)

  return async (child, batch) => {
    const { stream, from, prevHash, facts } = batch
    const recordedAt = now().toISOString()
    // Read and chained once, before anybody waits for it in the database.
    const part = readPart({ org: child.org, stream, from, prevHash, facts, recordedAt })
    // A bit that flipped on the way must not look like another history of an honest stream …
    if (!sameBytes(part.hashes.at(-1) ?? prevHash, batch.lastHash)) {
      return refused({ code: 'damaged' })
    }
    // … and nor must a position that the header names and the facts do not: hashes do not bind it.
    if (isElsewhere(part)) return refused({ code: 'fact_refused' })
    const maySay = (fact: Fact) => mayAuthor(child, fact)
    const received = await enter({ part, maySay, streamsOfAuthorMax })
    if (received.kind === 'ok') return accepted(received)
    const code = nackCodes[received.code]
    if (code === 'fork') await keepBranch(db, child, part)
    return refused({ code })
  }
}

type LaneDeps = Pick<Deps, 'db' | 'readAhead'>

/** A queue of pushes, and the one who journals them. */
function createLane(deps: LaneDeps): (asked: Waiting['asked']) => Promise<Received> {
  const queue: Waiting[] = []
  let writing = false
  const write = async (): Promise<void> => {
    while (queue.length > 0) await journal(deps, takeGroup(queue))
    writing = false
  }
  return (asked) =>
    new Promise((resolve, reject) => {
      queue.push({ asked, resolve, reject })
      if (writing) return
      // Those that come in the same turn of the event loop go together from the first.
      writing = true
      setImmediate(() => void write())
    })
}

/** The pushes that go together: in the order in which they came, and of each stream one. */
function takeGroup(queue: Waiting[]): readonly Waiting[] {
  const group: Waiting[] = []
  const left: Waiting[] = []
  const streams = new Set<string>()
  let facts = 0
  for (const waiting of queue.splice(0)) {
    const { org, stream, facts: own } = waiting.asked.part
    const name = `${org}/${stream}`
    const full = group.length >= groupPushesMax || (facts > 0 && facts + own.length > groupFactsMax)
    if (full || streams.has(name)) left.push(waiting)
    else group.push(waiting)
    streams.add(name)
    if (!full) facts += own.length
  }
  queue.push(...left)
  return group
}

async function journal({ db, readAhead }: LaneDeps, group: readonly Waiting[]): Promise<void> {
  try {
    const asked = group.map((waiting) => waiting.asked)
    const answers = await db.begin((tx) => receiveParts(tx, asked))
    for (const [index, waiting] of group.entries()) {
      const received = answers[index]
      // Before it is answered: whoever hears the answer wakes the projector.
      if (received?.kind === 'ok') readAhead?.keep(waiting.asked.part, received.added)
      if (received === undefined) waiting.reject(new Error('a push has an answer'))
      else waiting.resolve(received)
    }
  } catch (error) {
    // An edge: what failed is told to who asked; here it only decides whether to try them singly.
    if (group.length === 1) for (const { reject } of group) reject(error)
    else for (const each of group) await journal({ db, readAhead }, [each])
  }
}

/** Whether already the first fact is none of this place: then nothing can be told by the position. */
function isElsewhere({ misplaced, from }: ReadPart): boolean {
  return misplaced?.seq === from
}

const nackCodes = {
  gap: 'gap',
  fork: 'fork',
  hash_differs: 'fork',
  quarantined: 'quarantined',
  sealed: 'sealed',
  bad_fact: 'fact_refused',
  wrong_org: 'fact_refused',
  wrong_author: 'fact_refused',
} as const satisfies Record<Nack['code'], NackCode>

async function keepBranch(
  db: Db,
  { author: peer }: Child,
  { org, stream, from, hashes, facts, recordedAt }: ReadPart,
): Promise<void> {
  await keepFork(db, { org, stream, from, hashes, facts, peer, recordedAt })
}
