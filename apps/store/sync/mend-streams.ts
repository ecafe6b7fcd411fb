import { randomUUID } from 'node:crypto'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { forgetTokens } from '@tillkeeper/http/sync/identity-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { type IncidentKind, noteIncident } from '@tillkeeper/projections/journal/incident-sql.ts'
import { resealTail } from '@tillkeeper/projections/journal/reseal-tail.ts'
import { findHash, findHead } from '@tillkeeper/projections/journal/stream-sql.ts'
import { findFork } from '@tillkeeper/sync/identity/find-fork.ts'
import type { MendWire } from '@tillkeeper/sync/link/ports.ts'
import type { StopReason } from '@tillkeeper/sync/link/session.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { changeIdentity, epochOf, type Identity } from '../node/identity.ts'
import type { LiveIdentity } from '../node/start-run.ts'
import type { Store } from '../store.ts'

export type MendDeps = {
  readonly db: Db
  readonly dataDir: string
  readonly store: Pick<Store, 'goOnIn' | 'node'>
  readonly identity: LiveIdentity
  readonly wire: Pick<MendWire, 'renew' | 'hashes'>
  readonly now: () => Date
  /** The link says hello again: what was mended goes on. */
  readonly onMended: () => void
  readonly onFault: (error: unknown) => void
}

export type Mender = {
  /** Another goes on from this server's memory: it needs an epoch of its own. */
  readonly cloned: () => void
  /** A stream stopped. What is not ours to mend is left to people. */
  readonly stopped: (stream: StreamId, why: StopReason) => void
  /** Resolves when nothing is being mended. */
  readonly settled: () => Promise<void>
}

/**
 * Mends this server's own streams, one thing at a time, beside selling. Each step may be cut off and
 * done again: the link says at its next hello what is still wrong.
 */
export function createMender(deps: MendDeps): Mender {
  let tail: Promise<void> = Promise.resolve()
  const waiting = new Set<string>()
  const enter = (what: string, act: () => Promise<boolean>): void => {
    // The same is said at each hello, until it is mended.
    if (waiting.has(what)) return
    waiting.add(what)
    tail = tail
      .then(act)
      .then((done) => {
        if (done) deps.onMended()
      })
      .catch((error: unknown) => deps.onFault(error))
      .finally(() => waiting.delete(what))
  }
  return {
    cloned: () => {
      const { epochMajor } = deps.identity.current()
      enter('cloned', async () => {
        // Said of the epoch that it was said in: a grant that came meanwhile has answered it.
        if (deps.identity.current().epochMajor !== epochMajor) return false
        await note(deps, 'clone_suspected')
        return renewEpoch(deps)
      })
    },
    stopped: (stream, why) => {
      const name = parseStreamId(stream)
      if (name?.kind !== 'author' || name.author !== deps.identity.current().author) return
      if (why === 'fork') enter(stream, () => mendFork(deps, stream))
      if (why === 'sender_rolled_back') enter(stream, () => leaveStream(deps, stream))
    },
    settled: () => tail,
  }
}

/** The parent holds more of the stream that we seal in: in another epoch, its tail can be pulled. */
async function leaveStream(deps: MendDeps, stream: StreamId): Promise<boolean> {
  await note(deps, 'rollback', stream)
  // What children said since the backup was made is forgotten here: none of them is a copy for it.
  await forgetTokens(deps.db, deps.identity.current().org)
  return isCurrent(deps, stream) ? renewEpoch(deps) : true
}

async function mendFork(deps: MendDeps, stream: StreamId): Promise<boolean> {
  const { db, wire, now } = deps
  const { org } = deps.identity.current()
  await note(deps, 'fork', stream)
  if (isCurrent(deps, stream) && !(await renewEpoch(deps))) return false
  const head = await findHead(db, org, stream)
  if (head === undefined) return false
  const common = await findFork(head.seq, {
    hashAt: async (seq) => {
      const hash = await findHash(db, org, { stream, seq })
      return hash === undefined ? undefined : toHex(hash)
    },
    ask: async (seqs) => {
      const answer = await wire.hashes({ stream, seqs: [...seqs] })
      if (!answer.ok) return undefined
      return new Map(answer.value.hashes.map(({ seq, hash }) => [seq, hash]))
    },
  })
  // The parent cannot be asked now, or the histories are the same by now: the next hello tells.
  if (common === undefined || common === head.seq) return false
  await resealTail(db, deps.store.node.author, { stream, common, now })
  return true
}

function isCurrent({ store }: MendDeps, stream: StreamId): boolean {
  return store.node.author.stream === stream
}

/**
 * Asks for a major epoch that nobody had, and goes on in it. The request is written down before it is
 * said, so that a server that was cut off is granted the same; selling waits for one turn of the writer.
 */
async function renewEpoch({ dataDir, store, identity, wire }: MendDeps): Promise<boolean> {
  const before = identity.current()
  const request = before.renewing ?? randomUUID()
  if (before.renewing === undefined) {
    const asking = { ...before, renewing: request }
    await changeIdentity(dataDir, asking)
    identity.change(asking)
  }
  const granted = await wire.renew({ node: before.author, epoch: epochOf(before), request })
  if (!granted.ok) return false
  const { renewing: _, ...rest } = identity.current()
  const [epochMajor = 1, epochMinor = 0] = granted.value.epoch.split('.').map(Number)
  const next: Identity = { ...rest, epochMajor, epochMinor }
  return store.goOnIn(epochOf(next), async () => {
    // On the disk first: what is sealed under it must not be continued by an older start.
    await changeIdentity(dataDir, next)
    identity.change(next)
  })
}

async function note(
  { db, identity, now }: MendDeps,
  kind: IncidentKind,
  stream: StreamId | null = null,
): Promise<void> {
  const { org, author: node } = identity.current()
  const detail = { epoch: epochOf(identity.current()) }
  await noteIncident(db, org, { kind, node, stream, detail, at: now().toISOString() })
}
