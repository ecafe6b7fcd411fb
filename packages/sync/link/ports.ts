import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Batch, PlaceRefusal } from '../inbox/place-batch.ts'
import type {
  Ack,
  Hashes,
  HashesRequest,
  Health,
  Hello,
  HelloReply,
  NackCode,
  Poke,
  PullRequest,
  Receipt,
  Renewed,
  RenewRequest,
  RollingToken,
} from '../message/messages.ts'

// What the link needs of the world. A till gives IndexedDB and the browser's fetch, a store server
// PostgreSQL and Node's, the simulation arrays and a seeded network.

/** An author stream as it is held here. */
export type OutboxHead = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
  /** What the parent had acknowledged, as it was noted. It is compared, never trusted. */
  readonly ackedSeq: number
}

/** Facts to send; `seq` is the position of the last. Of a feed, with the cloud's word for that. */
export type OutboxBatch = Batch & { readonly seq: number; readonly receipt?: Receipt }

/** The author streams that are sent: our own, and those of our own children. */
export type Outbox = {
  readonly heads: () => Promise<readonly OutboxHead[]>
  /** Whether it offers a restored cloud the tails of feeds that it lost. Left out: it does not. */
  readonly offersFeeds?: boolean
  /** The hash of our copy at a position from 0 up to its head. */
  readonly hashAt: (stream: StreamId, seq: number) => Promise<Uint8Array | undefined>
  /** The next facts after a position: at least one where there is one, however large. */
  readonly read: (
    stream: StreamId,
    after: number,
    bounds: { readonly factsMax: number; readonly bytesMax: number },
  ) => Promise<OutboxBatch>
  /** Takes note of what the parent, and what the cloud, hold for good. */
  readonly noteAcks: (acks: readonly Acked[]) => Promise<void>
  /** Takes note of what the cloud holds, as the parent says. Lost, it is said again. */
  readonly noteCloud: (
    positions: readonly { readonly stream: StreamId; readonly seq: number }[],
  ) => Promise<void>
}

export type Acked = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
  readonly cloudSeq: number
}

/** What a child says of itself in a hello, beside what it holds. */
export type Introduction = {
  readonly token: RollingToken
  readonly health: Health
  /** Of heads of its own streams, in base64. */
  readonly signatures: ReadonlyMap<StreamId, string>
}

/** The child's knowledge of itself, from version 2 on. */
export type Self = {
  /** Writes down what it will say before it says it: until it is answered, it says the same. */
  readonly introduce: (heads: readonly OutboxHead[]) => Promise<Introduction>
  /** Takes note of the answer: of the word that is held now, of receipts, of a copy that was found. */
  readonly hear: (reply: HelloReply, said: RollingToken) => Promise<void>
}

/** The feeds that are received, and lost tails of author streams. */
export type Inbox = {
  readonly feeds: () => Promise<
    readonly { readonly stream: StreamId; readonly seq: number; readonly hash: Uint8Array }[]
  >
  /** Stores what is new in a batch, whole or not at all, and says where the copy stands then. */
  readonly receive: (
    batch: Batch & { readonly receipt?: Receipt },
  ) => Promise<Outcome<{ readonly seq: number }, PlaceRefusal>>
}

/** Why an exchange led to nothing. Each is tried again later, after a wait. */
export type WireFault = {
  readonly code: 'unreachable' | 'busy' | 'unauthorised' | 'version_not_spoken' | 'bad_answer'
  /** The parent asked for this pause. */
  readonly retryAfterMs?: number
}

export type PulledBatch = Batch & {
  readonly head: number
  readonly more: boolean
  readonly receipt?: Receipt
}

/** The way to the parent. It waits for an answer for a bounded time, and never throws. */
export type Wire = {
  readonly hello: (hello: Hello) => Promise<Outcome<HelloReply, WireFault>>
  readonly push: (
    batch: Batch & { readonly receipt?: Receipt },
  ) => Promise<Outcome<Ack, WireFault | { readonly code: 'nack'; readonly nack: NackCode }>>
  readonly pull: (
    request: PullRequest,
  ) => Promise<Outcome<PulledBatch, WireFault | { readonly code: 'feed_refused' }>>
  /** Opens the poke line and returns how to close it. It calls `onDown` once, when the line fails. */
  readonly listen: (on: PokeListener) => () => void
}

/** What mending a stream asks of the parent beside pulls: two exchanges, as bounded as the others. */
export type MendWire = Pick<Wire, 'pull'> & {
  /** Asks for a major epoch that nobody had. Asked again with the same `request`, it is the same. */
  readonly renew: (request: RenewRequest) => Promise<Outcome<Renewed, WireFault>>
  /** The hashes of the parent's copy at some positions, as far as it holds them. */
  readonly hashes: (request: HashesRequest) => Promise<Outcome<Hashes, WireFault>>
}

export type PokeListener = {
  readonly onUp: () => void
  readonly onPoke: (poke: Poke) => void
  readonly onDown: () => void
}

export type Timer = {
  /** Calls back once after so many milliseconds, unless it is cancelled. */
  readonly after: (ms: number, call: () => void) => () => void
  /** A clock that only counts up, in milliseconds: for how long something took. */
  readonly elapsed: () => number
}
