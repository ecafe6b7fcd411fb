import { parkReasons, type ParkReason as Reason } from '@tillkeeper/core/parking/resolve-fact.ts'
import { FactResolvedBody } from '@tillkeeper/facts/catalogue/fact-resolved.ts'
import { Instant, Strict, Text, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// How replication fares, and what a person can do about it (docs/operate/sync-health.md).

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })

export const ParkReason = Type.Unsafe<Reason>(
  Type.Union(parkReasons.map((reason) => Type.Literal(reason))),
)

/** A fact that is in the journal and not in the tables. */
export const Parked = Type.Object({
  factId: Uuid<string>(),
  stream: Type.String(),
  seq: Type.Integer(),
  /** Who sealed it: `s-<shop>`, `t-<till>`, `cloud`. */
  author: Type.String(),
  /** Null where the fact is the chain's. */
  shopId: OrNull(Uuid<string>()),
  type: Type.String(),
  reason: ParkReason,
  /** For who mends it: an error's code and constraint, or the type and version that is not known. */
  detail: Type.String(),
  /** Facts that share a key with it wait behind it. */
  keys: Type.Array(Type.String()),
  holdsBack: Count,
  /** Who acted, and when, as sealed. */
  actor: Type.String(),
  occurredAt: Instant,
  /** Since when this server could not project it. */
  firstAt: Instant,
  tries: Count,
  /** What it says; null where that is a secret, or longer than a page can show. */
  body: Type.Unknown(),
})

/** Which parked facts to try: one, those of one reason, or all. */
export const AskRetry = Strict({
  factId: Type.Optional(Uuid<string>()),
  reason: Type.Optional(ParkReason),
})

export const RetryDone = Type.Object({
  /** Facts that are in the tables now and were not before, with those that waited behind them. */
  applied: Count,
  /** Facts that were tried and are still parked. */
  parked: Count,
})

export const AskResolve = Strict({
  /** Chosen by the asker; asking twice does it once. */
  id: Type.Optional(Uuid<string>()),
  how: FactResolvedBody.properties.how,
  note: Text(200, 1),
  replacementId: Type.Optional(Uuid<string>()),
})

export const ResolveDone = Type.Object({
  id: Uuid<string>(),
  /** How many facts went on that had waited behind it. */
  released: Count,
})

export const NodeState = Type.Union([
  Type.Literal('alarm'),
  Type.Literal('attention'),
  Type.Literal('away'),
  Type.Literal('behind'),
  Type.Literal('well'),
])

/** A store server or till, as the server that is asked knows it. */
export const NodeHealth = Type.Object({
  author: Type.String(),
  /** The worst that is true of it. */
  state: NodeState,
  /** Null where it does not speak with this server itself: a till, in the cloud. */
  linkUp: OrNull(Type.Boolean()),
  /** Its last word: a hello, or else its last fact. */
  heardAt: OrNull(Instant),
  /** Its facts that are held here. */
  facts: Count,
  /** Facts that it has and the server above it has not. */
  lagFacts: Count,
  /** The age of the oldest of them, as the node said it. */
  lagSeconds: Count,
  /** In a store server: its facts that the cloud has not acknowledged. */
  unacknowledged: Count,
  oldestUnackedAt: OrNull(Instant),
  /** Its facts that are parked on this server; and what it says is parked on itself. */
  parkedHere: Count,
  parkedThere: OrNull(Count),
  /** Its clock less ours, in milliseconds. */
  clockOffsetMs: OrNull(Type.Integer()),
  openIncidents: Count,
  reconciledAt: OrNull(Instant),
  epoch: OrNull(Type.String()),
  build: OrNull(Type.String()),
  proto: OrNull(Type.Integer()),
})

export const TillHealth = Type.Object({
  ...NodeHealth.properties,
  tillId: Uuid<string>(),
  number: Type.Integer(),
  name: Type.String(),
})

export const ShopHealth = Type.Object({
  shopId: Uuid<string>(),
  code: Type.String(),
  name: Type.String(),
  state: NodeState,
  /** Of the shop's facts, how many are where they should be: in the cloud. */
  facts: Count,
  arrived: Count,
  server: NodeHealth,
  tills: Type.Array(TillHealth),
})

export const SyncHealth = Type.Object({
  /** When this was read. */
  at: Instant,
  program: Type.Union([Type.Literal('store'), Type.Literal('cloud')]),
  build: Type.String(),
  proto: Type.Integer(),
  /** Towards the cloud; in the cloud itself it is up. */
  linkUp: Type.Boolean(),
  lastContactAt: OrNull(Instant),
  /** Facts are not acknowledged though the line is up. */
  stuck: Type.Boolean(),
  parked: Type.Array(Type.Object({ reason: ParkReason, facts: Count })),
  openIncidents: Count,
  reconciledAt: OrNull(Instant),
  shops: Type.Array(ShopHealth),
})

/** Something that was noticed, and that a person should look at. Nothing waits for it. */
export const SyncIncident = Type.Object({
  id: Uuid<string>(),
  kind: Type.String(),
  node: Type.String(),
  shopId: OrNull(Uuid<string>()),
  stream: OrNull(Type.String()),
  detail: Type.Record(Type.String(), Type.Unknown()),
  at: Instant,
  resolvedAt: OrNull(Instant),
  resolvedBy: OrNull(Type.String()),
})
export const SyncIncidents = Type.Object({ items: Type.Array(SyncIncident) })
export const IncidentResolved = Type.Object({ id: Uuid<string>() })

/** A rule that facts broke when they arrived. They stand; a manager looks. */
export const ExceptionView = Type.Object({
  id: Type.String(),
  shopId: OrNull(Uuid<string>()),
  kind: Type.String(),
  keys: Type.Array(Type.String()),
  detail: Type.Record(Type.String(), Type.Unknown()),
  /** When somebody marked it as seen on this server. */
  seenAt: OrNull(Instant),
})
export const AskSeen = Strict({ exceptionId: Text(120, 1) })
export const Seen = Type.Object({ exceptionId: Type.String() })

/** Cash that moved in a session. */
export const SessionMovement = Type.Object({
  id: Type.String(),
  factId: Uuid<string>(),
  type: Type.String(),
  staffId: Type.String(),
  staffName: Type.String(),
  from: Type.String(),
  to: Type.String(),
  currency: Type.String(),
  amountMinor: Type.Integer(),
  category: OrNull(Type.String()),
  recipient: OrNull(Type.String()),
  note: Type.String(),
  businessDate: Type.String(),
  occurredAt: Type.String(),
})

export type Parked = Static<typeof Parked>
export type AskRetry = Static<typeof AskRetry>
export type RetryDone = Static<typeof RetryDone>
export type AskResolve = Static<typeof AskResolve>
export type ResolveDone = Static<typeof ResolveDone>
export type NodeHealth = Static<typeof NodeHealth>
export type TillHealth = Static<typeof TillHealth>
export type ShopHealth = Static<typeof ShopHealth>
export type SyncHealth = Static<typeof SyncHealth>
export type SyncIncident = Static<typeof SyncIncident>
export type ExceptionView = Static<typeof ExceptionView>
export type SessionMovement = Static<typeof SessionMovement>
