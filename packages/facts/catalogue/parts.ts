import { type StaffId, uuidPattern } from '@tillkeeper/core/base/id.ts'
import { dayPattern, instantPattern } from '@tillkeeper/core/base/instant.ts'
import { amountMax, type Currency, type Minor } from '@tillkeeper/core/money/money.ts'
import { rateMax, rateScaleMax } from '@tillkeeper/core/money/rate.ts'
import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox'

// Fields that many facts and requests share. Every text and list is bounded here, once.

/** 1,000,000 pieces, in thousandths. */
export const quantityMax = 1_000_000_000
export const denominationsMax = 40
export const piecesMax = 1_000_000

// No control characters and no ends of a line: U+0000 cannot be stored by PostgreSQL, and none belongs on
// a receipt. No half of a surrogate pair: it has no UTF-8, so it would not come back as it went.
const printable = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ud800-\\udfff]*$'
/** One line of text that a person wrote. Lengths count code points, as JSON Schema does. */
export const Text = (maxLength: number, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: printable })

export const Uuid = <T extends string>() => Type.Unsafe<T>(Type.String({ pattern: uuidPattern }))
export const CurrencyCode = Type.Unsafe<Currency>(Type.String({ pattern: '^[A-Z]{3}$' }))
/** An amount that may be below zero. An integer: JSON `12.0` is 12, and `12.5` is refused. */
export const AmountMinor = Type.Unsafe<Minor>(
  Type.Integer({ minimum: -amountMax, maximum: amountMax }),
)
/** A sum over many acts, which each keep to `amountMax`: as far as a number is exact. */
export const SumMinor = Type.Unsafe<Minor>(
  Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
)
/** An amount that is zero or more. */
export const CountMinor = Type.Unsafe<Minor>(Type.Integer({ minimum: 0, maximum: amountMax }))
/** An amount above zero. */
export const PositiveMinor = Type.Unsafe<Minor>(Type.Integer({ minimum: 1, maximum: amountMax }))
/** In thousandths of the product's unit: 1000 is one piece. */
export const Quantity = Type.Integer({ minimum: 1, maximum: quantityMax })
/** A rate in hundredths of a per cent: 700 is 7 %. */
export const BasisPoints = Type.Integer({ minimum: 0, maximum: 10_000 })
/** An instant of the calendar: ISO 8601 in UTC with milliseconds, as `toISOString` writes it. */
export const Instant = Type.String({ pattern: instantPattern })
/** A day of the calendar, `YYYY-MM-DD`. */
export const Day = Type.String({ pattern: dayPattern })

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

/** Currencies that one act counts or carries. */
export const currenciesMax = 12
/** Cash of one currency, by piece where that is known: the pieces add up to `minor`. */
export const CashAmount = Type.Object(
  { currency: CurrencyCode, minor: CountMinor, pieces: Type.Optional(Pieces) },
  { additionalProperties: false },
)
/** A rate of exchange: one unit of a currency is worth `rate × 10^−scale` units of another. */
export const RateNumber = Type.Integer({ minimum: 0, maximum: rateMax })
export const RateScale = Type.Integer({ minimum: 0, maximum: rateScaleMax })

export const TenderMethod = Type.Union([
  Type.Literal('cash'),
  Type.Literal('card'),
  Type.Literal('bank_transfer'),
  Type.Literal('promptpay'),
  Type.Literal('machine'),
])

/** Cash of several currencies, each once. */
export const Cash = Type.Array(CashAmount, { maxItems: currenciesMax })
/** Said where cash is of another currency than its session's own, and so counts in that one's sums. */
export const Foreign = Type.Optional(Type.Literal(true))

/** An object that takes its fields and no other. */
export const Strict = <P extends TProperties>(properties: P): TObject<P> =>
  Type.Object(properties, { additionalProperties: false })

/**
 * Another person let an act happen: who, what, up to which amount. It is good for the one act that carries it
 * (core/approval/check-approval.ts).
 */
export const Approval = Strict({
  id: Uuid<string>(),
  approverId: Uuid<StaffId>(),
  /** What was allowed: the name of a permission. */
  permission: Text(60, 1),
  /** Of acts that are about an amount, that amount. */
  amountMinor: Type.Optional(CountMinor),
  currency: Type.Optional(CurrencyCode),
  at: Instant,
  /** By a PIN beside the act, or from afar. */
  method: Type.Union([Type.Literal('pin'), Type.Literal('cloud')]),
})

/** The type of a schema's values, every field of it readonly: a fact is never edited. */
export type ReadonlyStatic<S extends TSchema> = DeepReadonly<Static<S>>

export type CashAmount = ReadonlyStatic<typeof CashAmount>

// Branded texts and numbers are objects to the compiler, so they are let through first.
type DeepReadonly<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
