import { Instant, Strict, Text, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import { type StreamId, streamPattern } from '@tillkeeper/facts/seal/stream.ts'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

// What a child and its parent say to each other. Requests go to /sync/v1/<name>; facts travel as NDJSON
// (see ndjson.ts), a header line and then one fact a line, byte for byte as they were sealed.

/** Streams that one message speaks of: a shop's tills over years of epochs stay far below it. */
export const streamsMax = 2_000
/** Facts in one batch, at most. Throughput is flat from 500 up (see docs/specs/replication.md). */
export const batchFactsMax = 1_000
/**
 * Bytes of the facts in one batch, at most. A batch closes before the fact that would pass it, so it
 * must hold the largest fact (`factBytesMax`), and does so twice.
 */
export const batchBytesMax = 4_194_304
/** Positions whose hashes are asked for at once: two histories of 10^9 facts part within five rounds. */
export const hashesMax = 64
/** What a header line and the line ends may add to a batch. */
export const batchOverheadBytesMax = 8_192

const Stream = Type.Unsafe<StreamId>(Type.String({ pattern: streamPattern }))
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** SHA-256 in hexadecimal. */
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
/** Ed25519: 64 bytes in base64. */
const Signature = Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' })
/** A child as an author, such as `t-<till id>`. */
const Author = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' })
const Epoch = Type.String({ pattern: '^[0-9]{1,9}[.][0-9]{1,9}$' })
/** Made at random by a child: see identity/rolling-token.ts. */
const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{22,64}$' })
/** How long a child's clock may be said to be off, in milliseconds: beyond it, it is off by a lot. */
export const offsetMsMax = 31_536_000_000

/** Where a copy of a stream stands. `seq` 0 has the hash of the stream's name. */
export const Position = Strict({ stream: Stream, seq: Seq, hash: Hash })

export const Verdict = Type.Union([
  Type.Literal('resume'),
  Type.Literal('receiver_rolled_back'),
  Type.Literal('sender_rolled_back'),
  Type.Literal('fork'),
  Type.Literal('unknown'),
  Type.Literal('quarantined'),
])

/** A head as its author signs it: whoever holds the signature can show what was said. */
export const SignedPosition = Strict({
  ...Position.properties,
  /** Over `headStatement`; of the child's own streams alone. */
  signature: Type.Optional(Signature),
})

/** The word that a child said last, and the one that it will say next time, until a reply comes. */
export const RollingToken = Strict({ held: Token, next: Token })

/** How a child fares: its parent's people look at it, and nothing is decided by it. */
export const Health = Strict({
  /** Facts that could not be projected. */
  parked: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  /** When the oldest fact was recorded that the parent has not acknowledged. */
  oldestUnackedAt: Type.Optional(Instant),
  /** When its data was last compared with the parent's. */
  reconciledAt: Type.Optional(Instant),
  /** How far its clock is ahead of the parent's. */
  clockOffsetMs: Type.Optional(Type.Integer({ minimum: -offsetMsMax, maximum: offsetMsMax })),
})

/** The child says what it really holds; nobody trusts what was remembered of the other side. */
export const Hello = Strict({
  /** The oldest and the newest version that the child speaks. */
  proto: Type.Tuple([
    Type.Integer({ minimum: 1, maximum: 10_000 }),
    Type.Integer({ minimum: 1, maximum: 10_000 }),
  ]),
  /** The child as an author. */
  node: Author,
  epoch: Epoch,
  build: Text(60),
  /** The child's wall clock: it is compared, and orders nothing. */
  now: Instant,
  /** The author streams that it holds: its own, and those of its own children. */
  heads: Type.Array(SignedPosition, { maxItems: streamsMax }),
  /** The feeds that it holds. */
  feeds: Type.Array(Position, { maxItems: streamsMax }),
  /** From version 2 on: who copied this child's memory cannot go on beside it unseen. */
  token: Type.Optional(RollingToken),
  /** From version 2 on. */
  health: Type.Optional(Health),
})

/**
 * The cloud's word that it holds a stream up to `seq` with this hash, signed (identity/head-statement.ts).
 * The child keeps it: neither side can write the history anew alone.
 */
export const Receipt = Strict({
  stream: Stream,
  seq: Seq,
  hash: Hash,
  at: Instant,
  signature: Signature,
})

export const HelloReply = Strict({
  proto: Type.Integer({ minimum: 1, maximum: 10_000 }),
  now: Instant,
  /**
   * For each of `heads`, where the parent's copy stands, and up to where the cloud has it. From version 2
   * on also streams of the child's that it did not speak of.
   */
  have: Type.Array(Strict({ ...Position.properties, cloudSeq: Seq }), { maxItems: streamsMax }),
  /** The feeds of the scopes that this child may hold, and where each stands. The parent decides. */
  feeds: Type.Array(Position, { maxItems: streamsMax }),
  limits: Strict({
    factsMax: Type.Integer({ minimum: 1, maximum: batchFactsMax }),
    bytesMax: Type.Integer({ minimum: 1, maximum: batchBytesMax }),
    /** How long to wait before the next batch: above zero, the parent is busy. */
    delayMs: Type.Integer({ minimum: 0, maximum: 60_000 }),
  }),
  /** What the parent concludes, for each of `heads` and `feeds`. */
  verdicts: Type.Array(Strict({ stream: Stream, verdict: Verdict }), { maxItems: 2 * streamsMax }),
  /**
   * From version 2 on, and always there then: another has gone on with this child's rolling token. It
   * asks for an epoch of its own (`renew`).
   */
  cloned: Type.Optional(Type.Boolean()),
  /** From version 2 on: of the streams that the cloud holds, those that it signed. */
  receipts: Type.Optional(Type.Array(Receipt, { maxItems: streamsMax })),
})

/**
 * A child asks for a major epoch that nobody had: it was copied, restored, or its history forked. The
 * same `request` is answered the same, since an answer may be lost.
 */
export const RenewRequest = Strict({ node: Author, epoch: Epoch, request: Uuid<string>() })
export const Renewed = Strict({ epoch: Epoch })

/** Asks for the hashes of the parent's copy at some positions: where two histories part is found so. */
export const HashesRequest = Strict({
  stream: Stream,
  seqs: Type.Array(Seq, { minItems: 1, maxItems: hashesMax }),
})
/** Those that the parent holds, by rising position. */
export const Hashes = Strict({
  stream: Stream,
  hashes: Type.Array(Strict({ seq: Seq, hash: Hash }), { maxItems: hashesMax }),
})

/** The first line of a push. The facts follow from position `from`. */
export const PushHeader = Strict({
  stream: Stream,
  from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** The hash before `from`, in the child's copy. */
  prevHash: Hash,
  /**
   * The hash after the last fact, in the child's copy. The parent computes its own; where they differ,
   * bytes were changed on the way, and taking them would fork an honest stream for good.
   */
  lastHash: Hash,
  /** With the tail of a feed that a restored cloud lost: its own word for the last position. */
  receipt: Type.Optional(Receipt),
})

/** The parent has everything up to here for good. */
export const Ack = Strict({ stream: Stream, seq: Seq, hash: Hash, cloudSeq: Seq })

/** Why a push was not taken. After `damaged` and `gap` it is sent again, after the others it stops. */
export const NackCode = Type.Union([
  Type.Literal('damaged'),
  Type.Literal('gap'),
  Type.Literal('fork'),
  Type.Literal('quarantined'),
  Type.Literal('sealed'),
  Type.Literal('stream_not_yours'),
  Type.Literal('fact_refused'),
  Type.Literal('batch_too_large'),
])

/** A feed of a scope that is the child's; from version 2 on, also an author stream that it may bring. */
export const PullRequest = Strict({
  stream: Stream,
  after: Seq,
  limit: Type.Integer({ minimum: 1, maximum: batchFactsMax }),
  /** From version 2 on: the child keeps the parent's word for the last position that it gets. */
  receipt: Type.Optional(Type.Boolean()),
})

/** The first line of what a pull gives. */
export const PullHeader = Strict({
  stream: Stream,
  from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** The hashes before `from` and after the last fact, in the parent's copy. */
  prevHash: Hash,
  lastHash: Hash,
  /** The parent's last position. */
  head: Seq,
  /** Whether there is more than what follows. */
  more: Type.Boolean(),
  /** Of the last fact of a feed, from the cloud, where it was asked for. */
  receipt: Type.Optional(Receipt),
})

/** The child's first words on the poke line: a browser can send no header there. */
export const PokeHello = Strict({ token: Type.String({ minLength: 1, maxLength: 4_096 }) })

/** A hint: positions that grew. Whoever loses it learns the same by the next hello. */
export const Poke = Strict({
  feeds: Type.Array(Strict({ stream: Stream, seq: Seq }), { maxItems: streamsMax }),
  /** Up to where the cloud has the child's streams. */
  cloud: Type.Array(Strict({ stream: Stream, seq: Seq }), { maxItems: streamsMax }),
})

/** Every shape on the wire, for the test that locks them. */
export const messages = {
  Hello,
  HelloReply,
  RenewRequest,
  Renewed,
  HashesRequest,
  Hashes,
  PushHeader,
  Ack,
  NackCode,
  PullRequest,
  PullHeader,
  PokeHello,
  Poke,
}

export type Position = Static<typeof Position>
export type Verdict = Static<typeof Verdict>
export type SignedPosition = Static<typeof SignedPosition>
export type RollingToken = Static<typeof RollingToken>
export type Health = Static<typeof Health>
export type Receipt = Static<typeof Receipt>
export type RenewRequest = Static<typeof RenewRequest>
export type Renewed = Static<typeof Renewed>
export type HashesRequest = Static<typeof HashesRequest>
export type Hashes = Static<typeof Hashes>
export type Hello = Static<typeof Hello>
export type HelloReply = Static<typeof HelloReply>
export type PushHeader = Static<typeof PushHeader>
export type Ack = Static<typeof Ack>
export type NackCode = Static<typeof NackCode>
export type PullRequest = Static<typeof PullRequest>
export type PullHeader = Static<typeof PullHeader>
export type Poke = Static<typeof Poke>

const compiled = {
  helloReply: Compile(HelloReply),
  renewed: Compile(Renewed),
  hashes: Compile(Hashes),
  pushHeader: Compile(PushHeader),
  ack: Compile(Ack),
  nackCode: Compile(NackCode),
  pullHeader: Compile(PullHeader),
  pokeHello: Compile(PokeHello),
  poke: Compile(Poke),
}

/** The shapes that are read outside of a schema-checked route. Each takes any value and never throws. */
export const isHelloReply = (value: unknown): value is HelloReply =>
  compiled.helloReply.Check(value)
export const isRenewed = (value: unknown): value is Renewed => compiled.renewed.Check(value)
export const isHashes = (value: unknown): value is Hashes => compiled.hashes.Check(value)
export const isPushHeader = (value: unknown): value is PushHeader =>
  compiled.pushHeader.Check(value)
export const isAck = (value: unknown): value is Ack => compiled.ack.Check(value)
export const isNackCode = (value: unknown): value is NackCode => compiled.nackCode.Check(value)
export const isPullHeader = (value: unknown): value is PullHeader =>
  compiled.pullHeader.Check(value)
export const isPokeHello = (value: unknown): value is { readonly token: string } =>
  compiled.pokeHello.Check(value)
export const isPoke = (value: unknown): value is Poke => compiled.poke.Check(value)
