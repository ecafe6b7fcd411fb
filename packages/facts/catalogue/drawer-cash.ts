import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { paperNumber } from './paper-number.ts'
import {
  AmountMinor,
  Approval,
  CountMinor,
  CurrencyCode,
  Foreign,
  Pieces,
  PositiveMinor,
  type ReadonlyStatic,
  Strict,
  Text,
  Uuid,
} from './parts.ts'

const place = {
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
}

/** Cash left a drawer for another one: signed by who gave it. The fact's id is the transfer's. */
export const CashGivenBody = Strict({
  ...place,
  toTillId: Uuid<TillId>(),
  currency: CurrencyCode,
  foreign: Foreign,
  amountMinor: PositiveMinor,
  pieces: Type.Optional(Pieces),
  note: Type.Optional(Text(200)),
  ...paperNumber,
})

/**
 * The other signature of a transfer. `accepted`: counted into the drawer of `tillId`, which is the giver's own
 * where cash comes back. `declined`: said, and nothing moved; it is on its way until the giver takes it back.
 */
export const CashReceivedBody = Strict({
  ...place,
  transferId: Uuid<string>(),
  /** Whose session gave it. */
  fromSessionId: Uuid<SessionId>(),
  answer: Type.Union([Type.Literal('accepted'), Type.Literal('declined')]),
  currency: CurrencyCode,
  foreign: Foreign,
  /** What the giver said. */
  givenMinor: PositiveMinor,
  /** What the receiver counted; 0 where it was declined. */
  countedMinor: CountMinor,
  pieces: Type.Optional(Pieces),
  /** Counted less given; 0 where it was declined. */
  varianceMinor: AmountMinor,
  note: Type.Optional(Text(200)),
  ...paperNumber,
})

/** The receiver's signature of a drop: what of it was found in the safe. */
export const CashConfirmedBody = Strict({
  shopId: Uuid<ShopId>(),
  /** Whose drop it was. */
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
  /** The drop: a `cash.moved`. */
  movementId: Uuid<string>(),
  currency: CurrencyCode,
  droppedMinor: PositiveMinor,
  countedMinor: CountMinor,
  pieces: Type.Optional(Pieces),
  /** Counted less dropped. */
  varianceMinor: AmountMinor,
  note: Type.Optional(Text(200)),
})

/** Notes changed for others of the same worth: the drawer holds as much as before, in other pieces. */
export const CashSwappedBody = Strict({
  ...place,
  currency: CurrencyCode,
  amountMinor: PositiveMinor,
  /** Out of the drawer. */
  given: Pieces,
  /** Into the drawer. */
  taken: Pieces,
  with: Type.Union([Type.Literal('customer'), Type.Literal('safe')]),
})

/** A drawer was opened with nothing sold, given back or moved. */
export const DrawerOpenedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  /** Left out where nobody's session was open. */
  sessionId: Type.Optional(Uuid<SessionId>()),
  staffId: Uuid<StaffId>(),
  reason: Text(100, 1),
  approval: Type.Optional(Approval),
})

export type CashGivenBody = ReadonlyStatic<typeof CashGivenBody>
export type CashReceivedBody = ReadonlyStatic<typeof CashReceivedBody>
export type CashConfirmedBody = ReadonlyStatic<typeof CashConfirmedBody>
export type CashSwappedBody = ReadonlyStatic<typeof CashSwappedBody>
export type DrawerOpenedBody = ReadonlyStatic<typeof DrawerOpenedBody>
export type CashGivenFact = Fact<'cash.given', CashGivenBody>
export type CashReceivedFact = Fact<'cash.received', CashReceivedBody>
export type CashConfirmedFact = Fact<'cash.confirmed', CashConfirmedBody>
export type CashSwappedFact = Fact<'cash.swapped', CashSwappedBody>
export type DrawerOpenedFact = Fact<'drawer.opened', DrawerOpenedBody>
