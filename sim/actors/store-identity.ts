import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { authorStreamId, parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { findFork } from '@tillkeeper/sync/identity/find-fork.ts'
import type { MendWire, Self } from '@tillkeeper/sync/link/ports.ts'
import type { StopReason } from '@tillkeeper/sync/link/session.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { RollingToken } from '@tillkeeper/sync/message/messages.ts'
import type { Volume } from '../world/disk.ts'
import type { Random } from '../world/random.ts'
import type { World } from '../world/world.ts'
import { sha256 } from './hash.ts'
import type { Journal } from './journal.ts'

// Who a store server is, and how it goes on where another speaks with its memory: a word that is used
// once, an epoch of its own, and the tail that it had sealed, sealed again (docs/specs, identity).

/** `node.json`: who the server is, beside its database. */
export type IdentityRow = {
  readonly author: string
  readonly epochMajor: number
  readonly epochMinor: number
  /** Set while the server runs: found set at a start, the stop before was not a clean one. */
  readonly running: boolean
  /** The request for another major epoch that is under way. */
  readonly renewing?: string
}

const identityKey = ['node.json', 0] as const

export const epochOf = ({ epochMajor, epochMinor }: IdentityRow): string =>
  `${epochMajor}.${epochMinor}`

export const readIdentity = (volume: Volume) =>
  volume.get('file', identityKey) as IdentityRow | undefined

export function writeIdentity(volume: Volume, identity: IdentityRow): Promise<void> {
  return volume.commit([{ table: 'file', key: identityKey, value: identity }], { strict: true })
}

type Deps = {
  readonly world: World
  readonly volume: Volume
  readonly journal: Journal
  readonly org: string
  readonly chance: Random
  readonly nowMs: () => number
  readonly wire: Pick<MendWire, 'renew' | 'hashes'>
  readonly identity: () => IdentityRow
  readonly change: (identity: IdentityRow) => void
  readonly onMended: () => void
}

/** What the server says of itself in a hello, and what it makes of the answer. */
export function storeSelf(deps: Deps, onCloned: () => void): Self {
  const { volume, chance, identity } = deps
  const key = () => [`own/${identity().epochMajor}`, 0] as const
  const word = () => Buffer.from(chance.bytes(18)).toString('base64url')
  return {
    introduce: async () => {
      const held = volume.get('own_token', key()) as RollingToken | undefined
      const token = held ?? { held: word(), next: word() }
      if (held === undefined) await keepToken(volume, key(), token)
      return { token, health: { parked: 0 }, signatures: new Map() }
    },
    hear: async (reply, said) => {
      const at = key()
      const held = volume.get('own_token', at) as RollingToken | undefined
      if (held?.held === said.held && held.next === said.next) {
        await keepToken(volume, at, { held: said.next, next: word() })
      }
      if (reply.cloned === true) onCloned()
    },
  }
}

function keepToken(volume: Volume, key: readonly [string, number], value: RollingToken) {
  return volume.commit([{ table: 'own_token', key, value }], { strict: true })
}

/** Mends the server's own streams, one thing at a time, beside selling. */
export function storeMender(deps: Deps) {
  let tail: Promise<void> = Promise.resolve()
  const waiting = new Set<string>()
  const enter = (what: string, act: () => Promise<boolean>): void => {
    if (waiting.has(what)) return
    waiting.add(what)
    tail = tail
      .then(act)
      .then((done) => {
        if (done) deps.onMended()
      })
      .catch((error: unknown) => deps.world.trace.note(`cannot mend: ${String(error)}`))
      .finally(() => waiting.delete(what))
  }
  return {
    cloned: () => {
      const { epochMajor } = deps.identity()
      enter('cloned', async () => deps.identity().epochMajor === epochMajor && renewEpoch(deps))
    },
    stopped: (stream: StreamId, why: StopReason) => {
      const name = parseStreamId(stream)
      if (name?.kind !== 'author' || name.author !== deps.identity().author) return
      if (why === 'fork') enter(stream, () => mendFork(deps, stream))
      if (why === 'sender_rolled_back') {
        enter(stream, async () => {
          deps.world.counters.count('stream.rolled_back')
          return isCurrent(deps, stream) ? renewEpoch(deps) : true
        })
      }
    },
  }
}

const currentStream = ({ identity }: Deps): StreamId =>
  authorStreamId(identity().author, epochOf(identity()), 'business')

const isCurrent = (deps: Deps, stream: StreamId) => currentStream(deps) === stream

async function mendFork(deps: Deps, stream: StreamId): Promise<boolean> {
  const { journal, wire, identity, org, world } = deps
  world.counters.count('stream.forked')
  if (isCurrent(deps, stream) && !(await renewEpoch(deps))) return false
  const { seq } = journal.head(stream)
  const common = await findFork(seq, {
    hashAt: async (at) => {
      const hash = journal.hashAt(stream, at)
      return hash === undefined ? undefined : toHex(hash)
    },
    ask: async (seqs) => {
      const answer = await wire.hashes({ stream, seqs: [...seqs] })
      if (!answer.ok) return undefined
      return new Map(answer.value.hashes.map((each) => [each.seq, each.hash]))
    },
  })
  if (common === undefined || common === seq) return false
  const sealer = { org, author: identity().author, epoch: epochOf(identity()), sha256 }
  const moved = await journal.reseal(sealer, { stream, common, into: currentStream(deps) })
  world.counters.count('tail.resealed', moved)
  return true
}

/** Asks for a major epoch that nobody had, and goes on in it. The request is written down first. */
async function renewEpoch(deps: Deps): Promise<boolean> {
  const { volume, wire, identity, change, chance, nowMs, world } = deps
  const before = identity()
  const request = before.renewing ?? uuidv7(nowMs(), chance.bytes(10))
  if (before.renewing === undefined) {
    await writeIdentity(volume, { ...before, renewing: request })
    change({ ...before, renewing: request })
  }
  const granted = await wire.renew({ node: before.author, epoch: epochOf(before), request })
  if (!granted.ok) return false
  const { renewing: _, ...rest } = identity()
  const [epochMajor = 1, epochMinor = 0] = granted.value.epoch.split('.').map(Number)
  const next: IdentityRow = { ...rest, epochMajor, epochMinor }
  // On the disk first: what is sealed under it must not be continued by an older start.
  await writeIdentity(volume, next)
  change(next)
  world.counters.count('epoch.renewed')
  return true
}
