import type { Currency } from '@tillkeeper/core/money/money.ts'
import { LimitName } from '@tillkeeper/facts/catalogue/expense.ts'
import {
  AmountMinor,
  CountMinor,
  CurrencyCode,
  Day,
  Instant,
  Pieces,
  PositiveMinor,
  Strict,
  SumMinor,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import { ExpenseCategoryChangedBody } from '@tillkeeper/facts/catalogue/registers.ts'
import Type, { type Static, type TSchema } from 'typebox'

// Daily expenses as they are asked for, answered, paid, settled and read.

const OptionalId = Type.Optional(Uuid<string>())
const OptionalInstant = Type.Optional(Instant)
const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

// ---- requests

export const AskExpense = Strict({
  id: OptionalId,
  occurredAt: OptionalInstant,
  /** Who takes the cash. A person asks for themself; a key has to name somebody. */
  staffId: Type.Optional(Uuid<string>()),
  categoryId: Uuid<string>(),
  /** In the shop's currency. */
  amountMinor: PositiveMinor,
  purpose: Text(200, 1),
  recipient: Type.Optional(Text(100, 1)),
  /** When receipt and change have to be back. */
  dueAt: OptionalInstant,
})

/** Says yes or no to an expense, once. */
export const AskAnswer = Strict({
  id: OptionalId,
  approve: Type.Boolean(),
  note: Type.Optional(Text(200)),
})

export const AskPayment = Strict({
  id: OptionalId,
  occurredAt: OptionalInstant,
  /** The session whose drawer pays. Left out: the safe does. */
  sessionId: Type.Optional(Uuid<string>()),
  pieces: Type.Optional(Pieces),
  /** The attempt of a cash recycler that gave it, in place of drawer and safe. */
  attemptId: OptionalId,
})

export const AskSettlement = Strict({
  id: OptionalId,
  occurredAt: OptionalInstant,
  /** The session whose drawer the change comes to. Left out: the safe. */
  sessionId: Type.Optional(Uuid<string>()),
  spentMinor: CountMinor,
  returnedMinor: CountMinor,
  returnedPieces: Type.Optional(Pieces),
  /** The attachment that shows the receipt. */
  photoId: Type.Optional(Uuid<string>()),
  /** Why there is no receipt, where one is asked for. */
  noReceipt: Type.Optional(Text(200, 1)),
})

/** In the cloud: what shops spend cash on. An upsert, as all that is set up there. */
export const PutExpenseCategory = Strict({
  orgId: Type.Optional(Uuid<string>()),
  id: Uuid<string>(),
  ...ExpenseCategoryChangedBody.properties.fields.properties,
})

// ---- replies

export const ExpenseStateName = Type.Union([
  Type.Literal('requested'),
  Type.Literal('approved'),
  Type.Literal('declined'),
  Type.Literal('paid'),
  Type.Literal('settled'),
])

const Answer = Type.Object({
  id: Uuid<string>(),
  approved: Type.Boolean(),
  approverId: Uuid<string>(),
  approverName: Type.String(),
  method: OrNull(Type.Union([Type.Literal('pin'), Type.Literal('office')])),
  note: Type.String(),
  answeredAt: Instant,
})
const Payment = Type.Object({
  id: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  amountMinor: PositiveMinor,
  tillId: OrNull(Uuid<string>()),
  sessionId: OrNull(Uuid<string>()),
  approved: Type.Boolean(),
  businessDate: Day,
  paidAt: Instant,
})
const Settlement = Type.Object({
  id: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  spentMinor: CountMinor,
  returnedMinor: CountMinor,
  varianceMinor: AmountMinor,
  photoId: OrNull(Uuid<string>()),
  noReceipt: Type.String(),
  businessDate: Day,
  settledAt: Instant,
})

export const ExpenseView = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  categoryId: Uuid<string>(),
  categoryName: Type.String(),
  /** Who asked, and takes the cash. */
  staffId: Uuid<string>(),
  staffName: Type.String(),
  currency: CurrencyCode,
  amountMinor: PositiveMinor,
  purpose: Type.String(),
  recipient: Type.String(),
  dueAt: OrNull(Instant),
  needsReceipt: Type.Boolean(),
  /** The limits that it was above when it was asked for. */
  above: Type.Array(LimitName),
  state: ExpenseStateName,
  businessDate: Day,
  requestedAt: Instant,
  answer: OrNull(Answer),
  payment: OrNull(Payment),
  settlement: OrNull(Settlement),
})

export const ExpenseCategoryView = Type.Object({
  id: Uuid<string>(),
  name: Type.String(),
  active: Type.Boolean(),
  needsReceipt: Type.Boolean(),
  /** Left out where nobody set any: each expense needs an approval. */
  limits: Type.Optional(
    Type.Object({
      currency: Type.Unsafe<Currency>(CurrencyCode),
      actMinor: Type.Optional(CountMinor),
      dayMinor: Type.Optional(CountMinor),
      personDayMinor: Type.Optional(CountMinor),
    }),
  ),
})

export const ExpenseTotalsBy = Type.Union([
  Type.Literal('category'),
  Type.Literal('person'),
  Type.Literal('day'),
])

export const ExpenseTotal = Type.Object({
  /** The category's or person's id, or the day. */
  key: Type.String(),
  name: Type.String(),
  currency: CurrencyCode,
  settled: Type.Integer(),
  spentMinor: SumMinor,
  varianceMinor: SumMinor,
  /** Advances of these days that are not home. */
  open: Type.Integer(),
  openMinor: SumMinor,
})

export type ExpenseView = Static<typeof ExpenseView>
export type ExpenseCategoryView = Static<typeof ExpenseCategoryView>
export type ExpenseTotal = Static<typeof ExpenseTotal>
export type ExpenseTotalsBy = Static<typeof ExpenseTotalsBy>
