import {
  CashAmount,
  CountMinor,
  CurrencyCode,
  currenciesMax,
  Instant,
  Pieces,
  Strict,
  TenderMethod,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import { CountKind, recountsMax } from '@tillkeeper/facts/catalogue/till-session.ts'
import Type, { type Static } from 'typebox'

// What is asked of a till session, from its float to its count.

/** Chosen by the asker; asking twice does it once. May be left out if `Idempotency-Key` is sent. */
const OptionalId = Type.Optional(Uuid<string>())

const AskFloat = Strict({
  floatMinor: CountMinor,
  pieces: Type.Optional(Pieces),
  /** Of the float, from the safe. Left out: all of it where nothing was left in the drawer, else nothing. */
  loanMinor: Type.Optional(CountMinor),
  loanPieces: Type.Optional(Pieces),
})

export const AskTillSession = Strict({
  id: OptionalId,
  tillId: Uuid<string>(),
  /** Whose session it is. A person may leave it out; a key has to name somebody. */
  staffId: Type.Optional(Uuid<string>()),
  occurredAt: Type.Optional(Instant),
  currency: CurrencyCode,
  ...AskFloat.properties,
  /** Floats in other currencies. */
  others: Type.Optional(
    Type.Array(Strict({ currency: CurrencyCode, ...AskFloat.properties }), {
      maxItems: currenciesMax,
    }),
  ),
})

const AskCount = Strict({
  currency: CurrencyCode,
  countedMinor: CountMinor,
  pieces: Type.Optional(Pieces),
})

export const AskClose = Strict({
  id: OptionalId,
  occurredAt: Type.Optional(Instant),
  countedMinor: CountMinor,
  /** The count by denomination; it adds up to `countedMinor`. */
  pieces: Type.Optional(Pieces),
  /** The drawer's other currencies. */
  others: Type.Optional(Type.Array(AskCount, { maxItems: currenciesMax })),
  /** What stays in the drawer as the next float; left out: nothing. */
  left: Type.Optional(Type.Array(CashAmount, { maxItems: currenciesMax })),
  /** How often it was counted again before this count. */
  recounts: Type.Optional(Type.Integer({ minimum: 0, maximum: recountsMax })),
  /** What was taken by ways that are not cash, by their own slips. */
  declared: Type.Optional(
    Type.Array(Strict({ method: TenderMethod, countedMinor: CountMinor }), { maxItems: 5 }),
  ),
  note: Type.Optional(Text(200)),
})

/** A session that was forgotten is ended without a count. */
export const AskEnd = Strict({
  id: OptionalId,
  occurredAt: Type.Optional(Instant),
  reason: Text(200, 1),
})

/** A drawer goes to another person, counted. */
export const AskHandOver = Strict({
  id: OptionalId,
  occurredAt: Type.Optional(Instant),
  toStaffId: Uuid<string>(),
  counts: Type.Array(AskCount, { minItems: 1, maxItems: currenciesMax }),
})

export const AskSuspend = Strict({ id: OptionalId, occurredAt: Type.Optional(Instant) })

/** A session goes on at a till. */
export const AskResume = Strict({
  id: OptionalId,
  occurredAt: Type.Optional(Instant),
  tillId: Uuid<string>(),
})

/** What was found in a drawer, which moves nothing. */
export const AskTillCount = Strict({
  id: OptionalId,
  occurredAt: Type.Optional(Instant),
  kind: CountKind,
  currency: CurrencyCode,
  countedMinor: CountMinor,
  faces: Type.Optional(Pieces),
})

export type AskTillSession = Static<typeof AskTillSession>
export type AskClose = Static<typeof AskClose>
