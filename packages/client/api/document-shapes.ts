import {
  AmountMinor,
  CurrencyCode,
  Day,
  Instant,
  Strict,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// Papers: of sales, refunds, voids, and of cash that moved.

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A sale is taken back whole; needs another person's approval, see `POST /v1/approvals`. */
export const AskVoid = Strict({
  id: Type.Optional(Uuid<string>()),
  occurredAt: Type.Optional(Instant),
  /** The open session whose drawer pays back. */
  sessionId: Uuid<string>(),
  /** The attempt of a cash recycler that gave back what one took. Left out: that is paid back out of the drawer. */
  attemptId: Type.Optional(Uuid<string>()),
  reason: Text(200, 1),
  approvalId: Type.Optional(Uuid<string>()),
})

export const AskReprint = Strict({
  id: Type.Optional(Uuid<string>()),
  reason: Type.Optional(Text(200, 1)),
})

export const Reprinted = Type.Object({ id: Uuid<string>() })

export const Document = Type.Object({
  /** The fact that it is of. */
  id: Uuid<string>(),
  key: Type.String(),
  /** `sale`, `refund`, `void`, or the type of a movement. */
  kind: Type.String(),
  number: OrNull(Type.String()),
  shopId: Uuid<string>(),
  sessionId: OrNull(Uuid<string>()),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  currency: CurrencyCode,
  totalMinor: AmountMinor,
  note: Type.String(),
  /** How often it was printed again. */
  copies: Type.Integer(),
  businessDate: Day,
  occurredAt: Instant,
})

export const DocumentStatistics = Type.Object({
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      currency: CurrencyCode,
      count: Type.Integer(),
      totalMinor: AmountMinor,
      copies: Type.Integer(),
    }),
  ),
  /** Till days on which fewer numbers are known than were given: on their way, or lost. */
  gaps: Type.Array(
    Type.Object({
      shopId: Uuid<string>(),
      tillNumber: Type.Integer(),
      businessDate: Day,
      missing: Type.Integer(),
    }),
  ),
})

/** The Z report of one closed session, as it prints. */
export const DayReport = Type.Object({
  sessionId: Uuid<string>(),
  shopId: Uuid<string>(),
  tillNumber: Type.Integer(),
  staffName: Type.String(),
  openedAt: Instant,
  text: Type.String(),
})

/** The paper of cash that moved by hand. */
export const PaperText = Type.Object({
  number: OrNull(Type.String()),
  text: Type.String(),
  /** Attachments that show what it was for. */
  photoIds: Type.Array(Uuid<string>()),
})

export type PaperText = Static<typeof PaperText>
export type DayReport = Static<typeof DayReport>
export type Document = Static<typeof Document>
export type DocumentStatistics = Static<typeof DocumentStatistics>
