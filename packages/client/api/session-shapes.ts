import type { Currency } from '@tillkeeper/core/money/money.ts'
import {
  AmountMinor,
  CashAmount,
  CurrencyCode,
  Day,
  Instant,
  Pieces,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import {
  CountedCash,
  CountKind,
  DeclaredTender,
  OtherFloat,
} from '@tillkeeper/facts/catalogue/till-session.ts'
import { type StreamId, streamPattern } from '@tillkeeper/facts/seal/stream.ts'
import Type, { type Static } from 'typebox'

// A till session as it is read.

/** Sessions that a till knows at once: the one that people work in, and those that wait. */
export const sessionsAskedMax = 21

/** What moved in a drawer in one currency. */
const CashTotals = Type.Object({
  floatMinor: AmountMinor,
  cashInMinor: AmountMinor,
  cashOutMinor: AmountMinor,
  droppedMinor: AmountMinor,
  toppedUpMinor: AmountMinor,
  /** What sales less refunds in it are worth in the session's currency. Left out: nothing. */
  baseMinor: Type.Optional(AmountMinor),
})
const OtherCash = Type.Unsafe<Readonly<Record<Currency, Static<typeof CashTotals>>>>(
  Type.Record(CurrencyCode, CashTotals),
)

const SessionTotals = Type.Object({
  sales: Type.Integer(),
  salesMinor: AmountMinor,
  refunds: Type.Integer(),
  refundsMinor: AmountMinor,
  taxMinor: AmountMinor,
  cashInMinor: AmountMinor,
  cashOutMinor: AmountMinor,
  payInMinor: AmountMinor,
  payOutMinor: AmountMinor,
  droppedMinor: AmountMinor,
  toppedUpMinor: AmountMinor,
  cardMinor: AmountMinor,
  bankTransferMinor: AmountMinor,
  promptpayMinor: AmountMinor,
  /** What cash recyclers kept of sales, less what they gave for refunds: none of it is in the drawer. */
  machineMinor: AmountMinor,
  /** What was paid more than the totals, or less, because cash is rounded. Left out: nothing. */
  roundingMinor: Type.Optional(AmountMinor),
  /** Of each currency that is not the session's own, where there was any. */
  others: Type.Optional(OtherCash),
})

export const SessionState = Type.Union([
  Type.Literal('open'),
  /** Ended without a count, which is still to come. */
  Type.Literal('reconciling'),
  Type.Literal('closed'),
  Type.Literal('closed_with_variance'),
  Type.Literal('verified'),
])

export const Session = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  tillNumber: Type.Integer(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  state: SessionState,
  /** It rests, and its till is free. */
  suspended: Type.Boolean(),
  currency: CurrencyCode,
  businessDate: Day,
  openedAt: Instant,
  floatMinor: AmountMinor,
  floatPieces: Type.Union([Pieces, Type.Null()]),
  /** Where the float came from: `float = left + loan + variance`. */
  opening: Type.Object({
    leftMinor: AmountMinor,
    loanMinor: AmountMinor,
    /** What the drawer gained or lost since it was counted last. */
    varianceMinor: AmountMinor,
  }),
  /** Floats of other currencies. */
  others: Type.Array(OtherFloat),
  /** Null, like the expected amount, for who may not see it before the count is sealed: it would tell. */
  totals: Type.Union([SessionTotals, Type.Null()]),
  /** Float + in − out − dropped + topped up. Null for who may not see it before the count is sealed. */
  expectedMinor: Type.Union([AmountMinor, Type.Null()]),
  close: Type.Union([
    Type.Object({
      id: Uuid<string>(),
      staffId: Uuid<string>(),
      /** Whose session it was, where somebody else counted it. */
      ofStaffId: Type.Union([Uuid<string>(), Type.Null()]),
      countedMinor: AmountMinor,
      countedPieces: Type.Union([Pieces, Type.Null()]),
      expectedMinor: AmountMinor,
      varianceMinor: AmountMinor,
      others: Type.Array(CountedCash),
      /** What stayed in the drawer as the next float. */
      left: Type.Array(CashAmount),
      recounts: Type.Integer(),
      declared: Type.Array(DeclaredTender),
      note: Type.String(),
      closedAt: Instant,
    }),
    Type.Null(),
  ]),
  verification: Type.Union([
    Type.Object({
      staffId: Uuid<string>(),
      staffName: Type.String(),
      note: Type.String(),
      verifiedAt: Instant,
    }),
    Type.Null(),
  ]),
})

export type Session = Static<typeof Session>

/**
 * A session as a till needs it to go on with it. What a drawer should hold follows from it, so only devices are
 * given it, never people: a till's own book says the same of its own sessions, and its screens do not.
 */
export const SessionOfTill = Type.Object({
  ...Type.Pick(Session, [
    ...(['id', 'shopId', 'tillId', 'tillNumber', 'staffId', 'staffName', 'state'] as const),
    ...([
      'suspended',
      'currency',
      'businessDate',
      'openedAt',
      'floatMinor',
      'floatPieces',
    ] as const),
  ]).properties,
  openingVarianceMinor: AmountMinor,
  totals: SessionTotals,
  /** How often it was counted and asked for once more. */
  recounts: Type.Integer(),
  /** Acts of the store server that are in `totals`; left out where they are too many, or it does not say. */
  heard: Type.Optional(Type.Array(Uuid<string>())),
})
export const SessionsOfTill = Type.Object({ items: Type.Array(SessionOfTill) })
export type SessionOfTill = Static<typeof SessionOfTill>

const ActPlace = Type.Object({
  stream: Type.Unsafe<StreamId>(Type.String({ pattern: streamPattern })),
  seq: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
})

/** What a till asks its store server: what did you record yourself that I do not know? */
export const AskActs = Type.Object(
  {
    sessions: Type.Array(Uuid<string>(), { maxItems: sessionsAskedMax }),
    /** Where it holds its feeds. */
    feeds: Type.Array(ActPlace, { maxItems: 100 }),
    /** The place that the answer before said: what follows it is asked for. */
    after: Type.Optional(ActPlace),
  },
  { additionalProperties: false },
)

/**
 * What a store server recorded itself and its till needs: facts as they were sealed. No fact that says what a drawer
 * should hold in all is among them.
 */
export const ActsTold = Type.Object({
  /** Acts that moved cash of the sessions. */
  acts: Type.Array(Type.String()),
  /** Whose a drawer is now. */
  handedOver: Type.Array(
    Type.Object({ id: Uuid<string>(), sessionId: Uuid<string>(), toStaffId: Uuid<string>() }),
  ),
  /** Edits of settings that no feed up to there says. */
  edits: Type.Array(Type.String()),
  /** There are more acts, after this place. */
  next: Type.Union([ActPlace, Type.Null()]),
})
export type ActsTold = Static<typeof ActsTold>

const SessionStep = Type.Object({
  id: Uuid<string>(),
  kind: Type.Union([
    Type.Literal('ended'),
    Type.Literal('handed_over'),
    Type.Literal('suspended'),
    Type.Literal('resumed'),
  ]),
  /** Who did it; of a hand-over who gave the drawer away. */
  staffId: Uuid<string>(),
  staffName: Type.String(),
  toStaffId: Type.Union([Uuid<string>(), Type.Null()]),
  toStaffName: Type.Union([Type.String(), Type.Null()]),
  /** Of a hand-over; null for who may not see it before the count is sealed. */
  counted: Type.Union([Type.Array(CountedCash), Type.Null()]),
  reason: Type.String(),
  occurredAt: Instant,
})

/** What happened to a session that moved no cash, and whose its variance is. */
export const SessionLife = Type.Object({
  steps: Type.Array(SessionStep),
  counts: Type.Array(
    Type.Object({
      id: Uuid<string>(),
      kind: CountKind,
      staffId: Uuid<string>(),
      staffName: Type.String(),
      currency: CurrencyCode,
      countedMinor: AmountMinor,
      /** Null where it is not known, and for who may not see it before the count is sealed. */
      expectedMinor: Type.Union([AmountMinor, Type.Null()]),
      occurredAt: Instant,
    }),
  ),
  /** Each person's part of the variance, in the order in which they had the drawer. */
  shares: Type.Array(
    Type.Object({
      staffId: Uuid<string>(),
      staffName: Type.String(),
      currency: CurrencyCode,
      varianceMinor: AmountMinor,
    }),
  ),
})
export type SessionLife = Static<typeof SessionLife>
