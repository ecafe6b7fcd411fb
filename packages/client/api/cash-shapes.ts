import { CurrencyCode, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
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
