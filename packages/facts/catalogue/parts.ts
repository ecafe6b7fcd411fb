import { uuidPattern } from '@tillkeeper/core/base/id.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import Type, { type TObject, type TProperties } from 'typebox'

// Fields that many facts and requests share. Every text and list is bounded here, once.

/**
 * The largest amount that one act may carry: ten billion in a currency with two decimals. Far above
 * any sale, and far enough below 2^53 that no sum over a shop's life leaves the exact range.
 */
export const amountMax = 1_000_000_000_000
/** 1,000,000 pieces, in thousandths. */
export const quantityMax = 1_000_000_000
/** The longest invoice of the trading data we run on has 593 lines. */
export const linesMax = 1_000
export const tendersMax = 20
export const denominationsMax = 40
export const piecesMax = 1_000_000

// No control characters: U+0000 cannot be stored by PostgreSQL, and none belongs on a receipt.
const printable = '^[^\\u0000-\\u001f\\u007f]*$'
/** One line of text a person wrote: no control characters. */
export const Text = (maxLength: number, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: printable })

export const Uuid = <T extends string>() => Type.Unsafe<T>(Type.String({ pattern: uuidPattern }))
export const CurrencyCode = Type.Unsafe<Currency>(Type.String({ pattern: '^[A-Z]{3}$' }))
/** An amount that may be below zero. An integer: JSON `12.0` is 12, and `12.5` is refused. */
export const AmountMinor = Type.Unsafe<Minor>(
  Type.Integer({ minimum: -amountMax, maximum: amountMax }),
)
/** An amount that is zero or more. */
export const CountMinor = Type.Unsafe<Minor>(Type.Integer({ minimum: 0, maximum: amountMax }))
/** An amount above zero. */
export const PositiveMinor = Type.Unsafe<Minor>(Type.Integer({ minimum: 1, maximum: amountMax }))
/** In thousandths of the product's unit: 1000 is one piece. */
export const Quantity = Type.Integer({ minimum: 1, maximum: quantityMax })
/** A rate in hundredths of a per cent: 700 is 7 %. */
export const BasisPoints = Type.Integer({ minimum: 0, maximum: 10_000 })
/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Instant = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$',
})
export const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })

/** Notes and coins of one face value. */
export const Denomination = Type.Object(
  {
    faceMinor: PositiveMinor,
    pieces: Type.Integer({ minimum: 0, maximum: piecesMax }),
  },
  { additionalProperties: false },
)
/** Cash by denomination, high to low. */
export const Pieces = Type.Array(Denomination, { maxItems: denominationsMax })

export const TenderMethod = Type.Union([
  Type.Literal('cash'),
  Type.Literal('card'),
  Type.Literal('bank_transfer'),
  Type.Literal('promptpay'),
])

/** An object that takes its fields and no other. */
export const Strict = <P extends TProperties>(properties: P): TObject<P> =>
  Type.Object(properties, { additionalProperties: false })
