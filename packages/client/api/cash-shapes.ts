import { CurrencyCode, Instant, Pieces, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// Where cash lies, and how it got there.

/** A place that holds cash, or the outside that it came from. All of a currency add up to zero. */
export const CashLocation = Type.Object({
  location: Type.String(),
  kind: Type.Union([
    Type.Literal('drawer'),
    Type.Literal('safe'),
    Type.Literal('bag'),
    Type.Literal('transit'),
    Type.Literal('advance'),
    Type.Literal('fund'),
    Type.Literal('recycler'),
    Type.Literal('cash_box'),
    Type.Literal('customer'),
    Type.Literal('supplier'),
    Type.Literal('bank'),
    Type.Literal('over_short'),
    Type.Literal('owner'),
    Type.Literal('exchange'),
  ]),
  shopId: Type.Union([Uuid<string>(), Type.Null()]),
  currency: CurrencyCode,
  balanceMinor: Type.Integer(),
})

export type CashLocation = Static<typeof CashLocation>

/** What a place holds of a currency, as far as it is known by piece. */
export const HeldCash = Type.Object({
  currency: CurrencyCode,
  balanceMinor: Type.Integer(),
  /** High to low. */
  pieces: Pieces,
  /** The balance less what the pieces are worth: cash whose pieces nobody said. */
  unknownMinor: Type.Integer(),
})
export const HeldCashList = Type.Object({ items: Type.Array(HeldCash) })

export type HeldCash = Static<typeof HeldCash>
export type HeldCashList = Static<typeof HeldCashList>

/** A total that is not what its acts add up to. */
export const DriftPlace = Type.Object({
  place: Type.String(),
  /** What is kept, and after the stroke what the acts add up to. */
  detail: Type.String(),
})
export const Recalculated = Type.Object({
  at: Instant,
  drift: Type.Array(DriftPlace),
})
