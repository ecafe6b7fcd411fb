import { verifiedAtOnceMax } from '@tillkeeper/core/verify/verify-movements.ts'
import {
  AmountMinor,
  CurrencyCode,
  Day,
  Instant,
  PositiveMinor,
  Strict,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import {
  bookingsMax,
  CashPlace,
  VarianceClassName,
  Word,
} from '@tillkeeper/facts/catalogue/verification.ts'
import Type, { type Static } from 'typebox'

// The evening: what was counted is explained and verified, and the day can end.

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })

/** Why a count differs, and where the cash is. */
export const AskExplanation = Strict({
  id: Type.Optional(Uuid<string>()),
  currency: CurrencyCode,
  /** One word, such as `missing_drop` or `unknown`. */
  reason: Word,
  note: Type.Optional(Text(400)),
  photoId: Type.Optional(Uuid<string>()),
  /** What of it is booked where it belongs; left out: nothing was found. */
  places: Type.Optional(
    Type.Array(Strict({ place: CashPlace, amountMinor: PositiveMinor }), { maxItems: bookingsMax }),
  ),
})

export const AskVerification = Strict({
  id: Type.Optional(Uuid<string>()),
  note: Type.Optional(Text(400)),
})

export const AskMovementVerification = Strict({
  id: Type.Optional(Uuid<string>()),
  /** Facts that moved cash. */
  movementIds: Type.Array(Uuid<string>(), { minItems: 1, maxItems: verifiedAtOnceMax }),
})

export const MovementVerification = Type.Object({ id: Uuid<string>() })

export const ExplanationView = Type.Object({
  id: Uuid<string>(),
  staffName: Type.String(),
  currency: CurrencyCode,
  reason: Type.String(),
  class: Type.String(),
  note: Type.String(),
  photoId: OrNull(Uuid<string>()),
  bookings: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      amountMinor: AmountMinor,
      currency: CurrencyCode,
    }),
  ),
  explainedAt: Instant,
})

/** A session as the evening's list has it. */
export const EveningSession = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  tillNumber: Type.Integer(),
  staffName: Type.String(),
  businessDate: Day,
  currency: CurrencyCode,
  openedAt: Instant,
  sales: Type.Integer(),
  salesMinor: AmountMinor,
  closedAt: OrNull(Instant),
  closedByName: Type.String(),
  /** Counted, expected and their difference, by currency; none while it is not closed. */
  counts: Type.Array(
    Type.Object({
      currency: CurrencyCode,
      countedMinor: AmountMinor,
      expectedMinor: AmountMinor,
      varianceMinor: AmountMinor,
      class: VarianceClassName,
      explained: Type.Boolean(),
      /** What explanations booked of it. */
      bookedMinor: AmountMinor,
    }),
  ),
  /** The class that asks most. */
  class: VarianceClassName,
  note: Type.String(),
  verifiedAt: OrNull(Instant),
  verifiedByName: Type.String(),
  /** Whether the asker had a hand in it, and so neither explains nor verifies it. */
  own: Type.Boolean(),
})

/** Cash that somebody moved by hand, with its paper. */
export const EveningMovement = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  sessionId: OrNull(Uuid<string>()),
  type: Type.String(),
  tillNumber: OrNull(Type.Integer()),
  staffName: Type.String(),
  currency: CurrencyCode,
  amountMinor: AmountMinor,
  category: OrNull(Type.String()),
  recipient: OrNull(Type.String()),
  note: Type.String(),
  photoId: OrNull(Uuid<string>()),
  occurredAt: Instant,
  /** Of a drop: its receiver signed for it. */
  confirmed: Type.Boolean(),
  verified: Type.Boolean(),
  /** Whether the asker moved it, and so does not verify it. */
  own: Type.Boolean(),
})

export const BlockKind = Type.Union([
  /** A session that nobody counted and closed. */
  Type.Literal('session_open'),
  /** A variance above the tolerance that nobody explained. */
  Type.Literal('variance_unexplained'),
  Type.Literal('session_unverified'),
  /** A till with facts that this server has not. */
  Type.Literal('till_unsynced'),
  Type.Literal('drop_unconfirmed'),
  /** Totals that are not the sum of their acts. */
  Type.Literal('drift'),
  /** Expense cash that has not come home. */
  Type.Literal('advance_open'),
  /** Cash that was given and not received. */
  Type.Literal('transfer_open'),
  Type.Literal('facts_parked'),
])

/** What would keep the day from ending if it ended now. */
export const EveningBlock = Type.Object({
  kind: BlockKind,
  shopId: Uuid<string>(),
  /** What it is about: a session, a movement, a place, an author; empty for all of a shop. */
  about: Type.String(),
  /** A till's number, or a person, as people say it. */
  label: Type.String(),
  amountMinor: OrNull(AmountMinor),
  currency: OrNull(CurrencyCode),
  /** How many facts, where that says more than one line. */
  count: Count,
})

/** A day of business as it is finished. */
export const Evening = Type.Object({
  businessDate: Day,
  sessions: Type.Array(EveningSession),
  movements: Type.Array(EveningMovement),
  blocks: Type.Array(EveningBlock),
  /** What lies in the safes, and in bags that the bank has not. */
  cash: Type.Array(
    Type.Object({
      location: Type.String(),
      kind: Type.String(),
      shopId: Uuid<string>(),
      currency: CurrencyCode,
      balanceMinor: AmountMinor,
    }),
  ),
})

export type AskExplanation = Static<typeof AskExplanation>
export type ExplanationView = Static<typeof ExplanationView>
export type EveningSession = Static<typeof EveningSession>
export type EveningMovement = Static<typeof EveningMovement>
export type EveningBlock = Static<typeof EveningBlock>
export type Evening = Static<typeof Evening>
