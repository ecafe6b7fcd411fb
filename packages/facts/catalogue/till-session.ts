import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { paperNumber } from './paper-number.ts'
import {
  Approval,
  CashAmount,
  CountMinor,
  CurrencyCode,
  currenciesMax,
  Foreign,
  Pieces,
  PositiveMinor,
  type ReadonlyStatic,
  Strict,
  SumMinor,
  TenderMethod,
  Text,
  Uuid,
} from './parts.ts'

/** Where a float came from, by amount: `float = left + loan + variance`. */
const floatFrom = {
  /** What the last close left in the drawer, as the author knew it. */
  leftMinor: CountMinor,
  /** What was taken from the safe. */
  loanMinor: CountMinor,
  loanPieces: Type.Optional(Pieces),
  /** Float less left and loan: what the drawer gained or lost since its last count. */
  varianceMinor: SumMinor,
}

/** The float in a currency that is not the session's own. `minor` is what was counted. */
export const OtherFloat = Strict({ ...CashAmount.properties, ...floatFrom })

/** A till session begins on a counted float. The fact's id is the session's. */
export const TillOpenedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  staffId: Uuid<StaffId>(),
  currency: CurrencyCode,
  floatMinor: CountMinor,
  /** The float as counted; it adds up to `floatMinor`. */
  pieces: Type.Optional(Pieces),
  ...floatFrom,
  others: Type.Optional(Type.Array(OtherFloat, { maxItems: currenciesMax })),
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
  /** The attempt of a cash recycler that moved the money. Of `pay_in` and `pay_out` it is not in the drawer then. Since version 4. */
  attemptId: Type.Optional(Uuid<string>()),
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
  ...paperNumber,
})

const counted = {
  currency: CurrencyCode,
  countedMinor: CountMinor,
  pieces: Type.Optional(Pieces),
  /** What its author expected: float + in − out − dropped + topped up. */
  expectedMinor: SumMinor,
  /** Counted less expected: below zero is a shortage. */
  varianceMinor: SumMinor,
}
/** A drawer's cash of one currency, counted blind. */
export const CountedCash = Strict(counted)

/** What was taken by a way that is not cash, by its own slips, beside what the acts add up to. */
export const DeclaredTender = Strict({
  method: TenderMethod,
  countedMinor: CountMinor,
  expectedMinor: SumMinor,
})

/** At most so many counts of one session are told to be made again. */
export const recountsMax = 10

/** A till session ends on a blind count. The variance never changes after the close. */
export const TillClosedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  /** Who counted. */
  staffId: Uuid<StaffId>(),
  /** Whose session it was, where somebody else counted it. */
  ofStaffId: Type.Optional(Uuid<StaffId>()),
  ...counted,
  /** The drawer's other currencies, one by one. */
  others: Type.Optional(Type.Array(CountedCash, { maxItems: currenciesMax })),
  /** What stays in the drawer as the next float; the rest of what was counted goes to the safe. */
  left: Type.Optional(Type.Array(CashAmount, { maxItems: currenciesMax })),
  /** How often it was counted again before this count was sealed. */
  recounts: Type.Optional(Type.Integer({ minimum: 0, maximum: recountsMax })),
  declared: Type.Optional(Type.Array(DeclaredTender, { maxItems: 5 })),
  /** How many sales and refunds its author knew of: later ones came late. */
  knew: Type.Optional(
    Strict({
      sales: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
      refunds: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    }),
  ),
  note: Type.Optional(Text(200)),
})

const inSession = {
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  /** Who did it. */
  staffId: Uuid<StaffId>(),
}

/** A forgotten session is ended by somebody who may, without a count: it waits for one. */
export const TillEndedBody = Strict({ ...inSession, reason: Text(200, 1) })

/**
 * A drawer goes from one person to another in the middle of a session, on a count. Variances are of the
 * session up to here: each person answers for what was added to it while the drawer was theirs.
 */
export const TillHandedOverBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  fromStaffId: Uuid<StaffId>(),
  toStaffId: Uuid<StaffId>(),
  counted: Type.Array(CountedCash, { minItems: 1, maxItems: currenciesMax }),
  ...paperNumber,
})

/** A session rests, and its till is free: the drawer may be carried to another one. */
export const TillSuspendedBody = Strict(inSession)

/** A session goes on, at `tillId`. */
export const TillResumedBody = Strict({
  ...inSession,
  /** Where it was suspended. */
  fromTillId: Uuid<TillId>(),
  /** What the drawer should hold, which goes with it; none where the till is the same. */
  carried: Type.Array(CashAmount, { maxItems: currenciesMax }),
  ...paperNumber,
})

export const CountKind = Type.Union([
  /** In the middle of a session, the whole drawer. */
  Type.Literal('snap'),
  /** Some faces in a quiet moment. */
  Type.Literal('cycle'),
  /** The count before one that was asked for once more. */
  Type.Literal('recount'),
  /** The count of a second person, who did not see the first. */
  Type.Literal('second'),
])

/** What somebody found in a drawer. It moves nothing. */
export const TillCountedBody = Strict({
  ...inSession,
  kind: CountKind,
  currency: CurrencyCode,
  countedMinor: CountMinor,
  /** All the pieces that were found; of a cycle count those of its faces, also none of a face. */
  faces: Type.Optional(Pieces),
  /** What its author expected of what was counted, where that is known. */
  expectedMinor: Type.Optional(SumMinor),
})

export type OtherFloat = ReadonlyStatic<typeof OtherFloat>
export type CountedCash = ReadonlyStatic<typeof CountedCash>
export type DeclaredTender = ReadonlyStatic<typeof DeclaredTender>
export type CountKind = ReadonlyStatic<typeof CountKind>
export type TillOpenedBody = ReadonlyStatic<typeof TillOpenedBody>
export type CashMovementKind = ReadonlyStatic<typeof CashMovementKind>
export type CashMovedBody = ReadonlyStatic<typeof CashMovedBody>
export type TillClosedBody = ReadonlyStatic<typeof TillClosedBody>
export type TillEndedBody = ReadonlyStatic<typeof TillEndedBody>
export type TillHandedOverBody = ReadonlyStatic<typeof TillHandedOverBody>
export type TillSuspendedBody = ReadonlyStatic<typeof TillSuspendedBody>
export type TillResumedBody = ReadonlyStatic<typeof TillResumedBody>
export type TillCountedBody = ReadonlyStatic<typeof TillCountedBody>
export type TillOpenedFact = Fact<'till.opened', TillOpenedBody>
export type CashMovedFact = Fact<'cash.moved', CashMovedBody>
export type TillClosedFact = Fact<'till.closed', TillClosedBody>
export type TillEndedFact = Fact<'till.ended', TillEndedBody>
export type TillHandedOverFact = Fact<'till.handed_over', TillHandedOverBody>
export type TillSuspendedFact = Fact<'till.suspended', TillSuspendedBody>
export type TillResumedFact = Fact<'till.resumed', TillResumedBody>
export type TillCountedFact = Fact<'till.counted', TillCountedBody>
