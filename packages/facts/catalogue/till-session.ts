import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import {
  Approval,
  CountMinor,
  CurrencyCode,
  Foreign,
  Pieces,
  PositiveMinor,
  type ReadonlyStatic,
  Strict,
  SumMinor,
  Text,
  Uuid,
} from './parts.ts'

/** A till session begins on a counted float. The fact's id is the session's. */
export const TillOpenedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  staffId: Uuid<StaffId>(),
  currency: CurrencyCode,
  floatMinor: CountMinor,
  /** The float as counted; it adds up to `floatMinor`. */
  pieces: Type.Optional(Pieces),
})

export const CashMovementKind = Type.Union([
  /** Into the drawer from outside. */
  Type.Literal('pay_in'),
  /** Out of the drawer to outside: a supplier, an expense. */
  Type.Literal('pay_out'),
  /** From the drawer to the safe. */
  Type.Literal('drop'),
  /** From the safe to the drawer. */
  Type.Literal('top_up'),
])

/** Cash moved in or out of a drawer that is no sale and no refund. */
export const CashMovedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
  kind: CashMovementKind,
  currency: CurrencyCode,
  foreign: Foreign,
  amountMinor: PositiveMinor,
  pieces: Type.Optional(Pieces),
  category: Type.Optional(Text(40, 1)),
  recipient: Type.Optional(Text(100, 1)),
  note: Type.Optional(Text(200)),
  /** A photo, such as of a receipt: what `attachment.added` brings. */
  attachmentId: Type.Optional(Uuid<string>()),
  approval: Type.Optional(Approval),
  /** What it was for, where the shop's other books know it. */
  links: Type.Optional(
    Strict({
      saleId: Type.Optional(Uuid<string>()),
      expenseId: Type.Optional(Uuid<string>()),
      /** A rental, a deposit, a payment of another system, by that system's name for it. */
      bookingId: Type.Optional(Text(60, 1)),
      paymentId: Type.Optional(Text(60, 1)),
    }),
  ),
})

/** A till session ends on a blind count. */
export const TillClosedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
  currency: CurrencyCode,
  countedMinor: CountMinor,
  pieces: Type.Optional(Pieces),
  /** What its author expected: float + in − out − dropped + topped up. */
  expectedMinor: SumMinor,
  /** Counted less expected: below zero is a shortage. It never changes after the close. */
  varianceMinor: SumMinor,
  note: Type.Optional(Text(200)),
})

export type TillOpenedBody = ReadonlyStatic<typeof TillOpenedBody>
export type CashMovementKind = ReadonlyStatic<typeof CashMovementKind>
export type CashMovedBody = ReadonlyStatic<typeof CashMovedBody>
export type TillClosedBody = ReadonlyStatic<typeof TillClosedBody>
export type TillOpenedFact = Fact<'till.opened', TillOpenedBody>
export type CashMovedFact = Fact<'cash.moved', CashMovedBody>
export type TillClosedFact = Fact<'till.closed', TillClosedBody>
