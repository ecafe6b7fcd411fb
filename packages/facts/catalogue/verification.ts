import type { SessionId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import { verifiedAtOnceMax } from '@tillkeeper/core/verify/verify-movements.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { CurrencyCode, PositiveMinor, type ReadonlyStatic, Strict, Text, Uuid } from './parts.ts'

// What people other than who worked say of what was counted: they explain, and they verify.

/** As many bookings explain one variance. */
export const bookingsMax = 20

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
/** A place of the ledger, and no drawer: see the projections' location.ts. */
export const cashPlacePattern = `^(safe|bag|transit|advance|fund|customer|supplier|bank|over_short):${uuid}(:${uuid})?$`
export const CashPlace = Type.String({ pattern: cashPlacePattern, maxLength: 90 })

/** A word that programs know and people read in their language; of a newer program it may be another. */
export const wordPattern = '^[a-z][a-z_]{0,39}$'
export const Word = Type.String({ pattern: wordPattern })

/** See the core's variance-class.ts. */
export const VarianceClassName = Type.Union([
  Type.Literal('none'),
  Type.Literal('within_tolerance'),
  Type.Literal('explain'),
  Type.Literal('investigate'),
])

/** Why a session's count differs, and where the cash is booked. Its variance stays what the close says. */
export const TillExplainedBody = Strict({
  shopId: Uuid<ShopId>(),
  sessionId: Uuid<SessionId>(),
  /** Who explains: nobody who had a hand in the session. */
  staffId: Uuid<StaffId>(),
  currency: CurrencyCode,
  reason: Word,
  /** What the variance asked for by the shop's bounds of that moment. */
  class: VarianceClassName,
  note: Text(400),
  /** An attachment. */
  photoId: Type.Optional(Uuid<string>()),
  /** Between over/short and where the cash is. */
  bookings: Type.Array(
    Strict({
      from: CashPlace,
      to: CashPlace,
      type: Type.Literal('correction'),
      currency: CurrencyCode,
      amountMinor: PositiveMinor,
    }),
    { maxItems: bookingsMax },
  ),
})

/** A closed session was looked at, and is done. */
export const TillVerifiedBody = Strict({
  shopId: Uuid<ShopId>(),
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
  note: Type.Optional(Text(400)),
})

/** Movements of cash were looked at, with their papers. */
export const CashVerifiedBody = Strict({
  shopId: Uuid<ShopId>(),
  staffId: Uuid<StaffId>(),
  /** Facts that moved cash. */
  movementIds: Type.Array(Uuid<string>(), { minItems: 1, maxItems: verifiedAtOnceMax }),
})

export type TillExplainedBody = ReadonlyStatic<typeof TillExplainedBody>
export type TillVerifiedBody = ReadonlyStatic<typeof TillVerifiedBody>
export type CashVerifiedBody = ReadonlyStatic<typeof CashVerifiedBody>
export type TillExplainedFact = Fact<'till.explained', TillExplainedBody>
export type TillVerifiedFact = Fact<'till.verified', TillVerifiedBody>
export type CashVerifiedFact = Fact<'cash.verified', CashVerifiedBody>
