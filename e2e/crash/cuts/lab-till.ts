import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Tokens } from '@tillkeeper/client/api/login-shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import {
  type FactDraft,
  type SealedFact,
  type StreamHead,
  seal,
} from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { isWhole } from '@tillkeeper/sync/inbox/place-batch.ts'
import type { Inbox, Outbox, Timer } from '@tillkeeper/sync/link/ports.ts'
import { type Link, runLink } from '@tillkeeper/sync/link/run-link.ts'
import { httpWire, type Socket } from '@tillkeeper/sync/wire/http-wire.ts'
import { type BaseChain, currency, manager } from '../lab/base-chain.ts'

// A device that a manager made a till of the shop: it seals its own facts and brings them by the real link
// and the real wire. What a browser keeps in IndexedDB it keeps in arrays, which no fault reaches here.

export type LabTill = {
  readonly stream: StreamId
  /** What it has sealed so far, in order. */
  readonly sealed: readonly SealedFact[]
  /** Up to where the store server has acknowledged. */
  readonly acked: () => number
  /** Pays some cash in, and has it carried to the store server. */
  readonly payIn: (amountMinor: number) => void
  /** Cuts a wait short: the line may be back. */
  readonly hurry: () => void
  readonly stop: () => void
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const floatMinor = 50_000

/** Enrols the till at `storeUrl`, and brings its facts by `wireUrl` from then on. */
export async function startTill(
  base: BaseChain,
  { storeUrl, wireUrl, tillId }: Readonly<Record<'storeUrl' | 'wireUrl' | 'tillId', string>>,
): Promise<LabTill> {
  const { token, author, epoch } = await enrol(storeUrl, tillId)
  const stream = authorStreamId(author, epoch, 'business')
  const sealed: SealedFact[] = []
  let head: StreamHead = { stream, seq: 0, hash: genesisHash(sha256, stream) }
  let hlc = hlcZero
  let acked = 0
  const journal = (draft: FactDraft) => {
    const next = seal(
      { org: base.orgId, author, epoch, sha256 },
      { head, hlc, nowMs: Date.now() },
      [draft],
    )
    sealed.push(...next.sealed)
    head = next.head
    hlc = next.hlc
  }
  const link = linkOf({
    ...{ author, epoch, wireUrl, token, stream, sealed },
    head: () => head,
    onAck: (seq) => {
      acked = Math.max(acked, seq)
    },
    acked: () => acked,
  })
  const session = { id: makeId(), tillId }
  const float = { floatMinor, leftMinor: 0, loanMinor: floatMinor, varianceMinor: 0 }
  journal(draftOf(base, session, { type: 'till.opened', id: session.id, body: float }))
  link.start()
  return {
    stream,
    sealed,
    acked: () => acked,
    payIn: (amountMinor) => {
      const body = { kind: 'pay_in', amountMinor }
      journal(draftOf(base, session, { type: 'cash.moved', id: makeId(), body }))
      link.wake()
    },
    hurry: link.start,
    stop: link.stop,
  }
}

type Enrolled = { readonly token: string; readonly author: string; readonly epoch: string }

async function enrol(storeUrl: string, tillId: string): Promise<Enrolled> {
  const nobody = createClient({ baseUrl: storeUrl, credentials: { kind: 'none' } })
  const { number, pin } = manager
  const login = await nobody.post<Tokens>('/v1/auth/pin', { number, pin })
  if (!login.ok) throw new Error(`the manager is not let in: ${JSON.stringify(login.failure)}`)
  const credentials = { kind: 'login', tokens: login.reply } as const
  const client = createClient({ baseUrl: storeUrl, credentials })
  const enrolled = await client.post<Enrolled>(`/v1/tills/${tillId}/enrol`, {})
  if (!enrolled.ok) throw new Error(`no till was made: ${JSON.stringify(enrolled.failure)}`)
  return enrolled.reply
}

type Said = {
  readonly type: 'till.opened' | 'cash.moved'
  readonly id: string
  readonly body: object
}

function draftOf(
  { shopId, staffId }: BaseChain,
  session: { readonly id: string; readonly tillId: string },
  { type, id, body }: Said,
): FactDraft {
  const occurredAt = new Date().toISOString()
  const { id: sessionId, tillId } = session
  const opened = type === 'till.opened'
  return {
    ...{ id, type, occurredAt, v: catalogue[type].v, refs: [] },
    scope: `shop:${shopId}`,
    actor: `staff:${staffId}`,
    businessDate: occurredAt.slice(0, 10),
    keys: [`session:${sessionId}`],
    body: { shopId, tillId, staffId, currency, ...(opened ? {} : { sessionId }), ...body },
  }
}

type Linked = {
  readonly author: string
  readonly epoch: string
  readonly wireUrl: string
  readonly token: string
  readonly stream: StreamId
  readonly sealed: readonly SealedFact[]
  readonly head: () => StreamHead
  readonly acked: () => number
  readonly onAck: (seq: number) => void
}

function linkOf(till: Linked): Link {
  const { author, epoch, wireUrl, token } = till
  return runLink({
    node: author,
    epoch: () => epoch,
    build: 'crash-lab',
    outbox: outboxOf(till),
    inbox: inboxOf(),
    wire: httpWire({
      baseUrl: wireUrl,
      fetch,
      openSocket: (url) => new WebSocket(url) as unknown as Socket,
      gzip: async (bytes) => Uint8Array.from(await promisify(gzip)(bytes)),
      token: async () => token,
      timer,
    }),
    timer,
    now: () => new Date().toISOString(),
    random: Math.random,
  })
}

function outboxOf({ stream, sealed, head, acked, onAck }: Linked): Outbox {
  const hashAt = (seq: number) => (seq === 0 ? genesisHash(sha256, stream) : sealed[seq - 1]?.hash)
  return {
    heads: async () => [{ ...head(), ackedSeq: acked() }],
    hashAt: async (_, seq) => hashAt(seq),
    read: async (_, after, { factsMax }) => {
      const part = sealed.slice(after, after + factsMax)
      const prevHash = hashAt(after)
      const last = part.at(-1)
      if (prevHash === undefined || last === undefined) throw new Error('there is a part to send')
      return {
        ...{ stream, prevHash },
        from: after + 1,
        lastHash: last.hash,
        seq: last.fact.seq,
        facts: part.map(({ bytes }) => bytes),
      }
    },
    noteAcks: async (acks) => {
      for (const { seq } of acks) onAck(seq)
    },
    noteCloud: async () => {},
  }
}

/** Takes the feeds as a till does: the next part, whole, or nothing. */
function inboxOf(): Inbox {
  const held = new Map<StreamId, StreamHead>()
  return {
    feeds: async () => [...held.values()],
    receive: async (batch) => {
      if (!isWhole(sha256, batch)) return refused({ code: 'damaged' })
      const seq = held.get(batch.stream)?.seq ?? 0
      if (batch.from !== seq + 1) return refused({ code: 'gap' })
      const next = batch.from + batch.facts.length - 1
      held.set(batch.stream, { stream: batch.stream, seq: next, hash: batch.lastHash })
      return accepted({ seq: next })
    },
  }
}

const timer: Timer = {
  after: (ms, call) => {
    const waiting = setTimeout(call, ms)
    return () => clearTimeout(waiting)
  },
  elapsed: () => performance.now(),
}
