import {
  AmountMinor,
  CurrencyCode,
  Instant,
  Pieces,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** An act at a till, by its fact. */
export const RewoundAct = Type.Object({
  id: Uuid<string>(),
  kind: Type.String(),
  at: Instant,
})

/** A drawer’s cash in one currency; what is not known by piece is said. */
const RewoundCash = Type.Object({
  currency: CurrencyCode,
  balanceMinor: AmountMinor,
  pieces: Pieces,
  unknownMinor: AmountMinor,
})

/** What was sold or given back in the act. */
const Basket = Type.Object({
  receiptNumber: Type.String(),
  currency: CurrencyCode,
  totalMinor: AmountMinor,
  changeMinor: AmountMinor,
  staffName: Type.String(),
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      name: Type.String(),
      quantity: Type.Integer(),
      totalMinor: AmountMinor,
    }),
  ),
})

/** A drawer at one instant: see the projections' read-rewind.ts. */
export const Rewind = Type.Object({
  session: Type.Object({
    id: Uuid<string>(),
    shopId: Uuid<string>(),
    tillId: Uuid<string>(),
    tillNumber: Type.Integer(),
    staffName: Type.String(),
    openedAt: Instant,
    closedAt: OrNull(Instant),
  }),
  act: RewoundAct,
  previous: OrNull(RewoundAct),
  next: OrNull(RewoundAct),
  around: Type.Array(RewoundAct),
  before: Type.Array(RewoundCash),
  after: Type.Array(RewoundCash),
  basket: OrNull(Basket),
  /** Of a step of the session: between whom, or which tills. */
  step: OrNull(
    Type.Object({
      fromStaffName: Type.String(),
      toStaffName: OrNull(Type.String()),
      fromTillNumber: OrNull(Type.Integer()),
      toTillNumber: Type.Integer(),
    }),
  ),
  movements: Type.Array(
    Type.Object({
      id: Type.String(),
      into: Type.Boolean(),
      type: Type.String(),
      currency: CurrencyCode,
      amountMinor: AmountMinor,
      category: OrNull(Type.String()),
      recipient: OrNull(Type.String()),
      note: Type.String(),
      staffName: Type.String(),
    }),
  ),
})

export type Rewind = Static<typeof Rewind>
