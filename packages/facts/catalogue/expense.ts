import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { ExpenseCategoryId, ExpenseId } from '@tillkeeper/core/expense/expense.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { paperNumber } from './paper-number.ts'
import {
  CountMinor,
  CurrencyCode,
  Instant,
  Pieces,
  PositiveMinor,
  type ReadonlyStatic,
  Strict,
  SumMinor,
  Text,
  Uuid,
} from './parts.ts'

// Daily expenses: somebody asks for cash, takes it as an advance, and brings a receipt and the change. Each
// fact stands for itself: what limits and cash need is in it, whichever of them comes first.

export const LimitName = Type.Union([
  Type.Literal('act'),
  Type.Literal('day'),
  Type.Literal('person_day'),
  Type.Literal('shop_day'),
])

const about = {
  shopId: Uuid<ShopId>(),
  expenseId: Uuid<ExpenseId>(),
}

/** The drawer that cash left or came to; neither field where it was the safe. */
const drawer = {
  tillId: Type.Optional(Uuid<TillId>()),
  sessionId: Type.Optional(Uuid<SessionId>()),
}

/** Somebody asked for cash. The fact's id is the expense's. */
export const ExpenseRequestedBody = Strict({
  shopId: Uuid<ShopId>(),
  categoryId: Uuid<ExpenseCategoryId>(),
  /** As it was called then. */
  categoryName: Text(60),
  /** Who asked, and takes the cash. */
  staffId: Uuid<StaffId>(),
  currency: CurrencyCode,
  amountMinor: PositiveMinor,
  purpose: Text(200, 1),
  recipient: Type.Optional(Text(100, 1)),
  /** When receipt and change have to be back. */
  dueAt: Type.Optional(Instant),
  needsReceipt: Type.Boolean(),
  /** The limits that it was above, as far as its author knew: none, and it needs no approval. */
  above: Type.Array(LimitName, { maxItems: 4 }),
})

/** Somebody else allowed one expense, of this amount, once. */
export const ExpenseApprovedBody = Strict({
  ...about,
  approverId: Uuid<StaffId>(),
  method: Type.Union([Type.Literal('pin'), Type.Literal('office')]),
  currency: CurrencyCode,
  amountMinor: PositiveMinor,
  note: Type.Optional(Text(200)),
})

/** Somebody did not allow it, or who asked took the question back. */
export const ExpenseDeclinedBody = Strict({
  ...about,
  approverId: Uuid<StaffId>(),
  note: Type.Optional(Text(200)),
})

/** Cash left a drawer or the safe as an advance in somebody's hands. */
export const ExpensePaidBody = Strict({
  ...about,
  categoryId: Uuid<ExpenseCategoryId>(),
  /** Who gave it out. */
  staffId: Uuid<StaffId>(),
  /** Who took it. */
  takenBy: Uuid<StaffId>(),
  currency: CurrencyCode,
  amountMinor: PositiveMinor,
  pieces: Type.Optional(Pieces),
  ...drawer,
  /** A cash recycler gave it in this attempt: it came out of no drawer, whoever asked for it there. Since version 3. */
  attemptId: Type.Optional(Uuid<string>()),
  /** The approval by which it was paid; without one it kept to the limits. */
  approvalId: Type.Optional(Uuid<string>()),
  /** What held when it was paid: so that nodes that could not hear each other are judged by what they knew. */
  limits: Strict({
    actMinor: Type.Optional(CountMinor),
    dayMinor: Type.Optional(CountMinor),
    personDayMinor: Type.Optional(CountMinor),
    shopDayMinor: Type.Optional(CountMinor),
  }),
  ...paperNumber,
})

/** An advance came home: what was spent, what came back, and the difference. */
export const ExpenseSettledBody = Strict({
  ...about,
  categoryId: Uuid<ExpenseCategoryId>(),
  /** Who counted. */
  staffId: Uuid<StaffId>(),
  takenBy: Uuid<StaffId>(),
  currency: CurrencyCode,
  givenMinor: PositiveMinor,
  spentMinor: CountMinor,
  returnedMinor: CountMinor,
  returnedPieces: Type.Optional(Pieces),
  /** Spent + returned − given: below zero is missing. */
  varianceMinor: SumMinor,
  ...drawer,
  /** The attachment that shows the receipt. */
  photoId: Type.Optional(Uuid<string>()),
  /** Why there is none, where one was asked for. */
  noReceipt: Type.Optional(Text(200, 1)),
  ...paperNumber,
})

export type ExpenseRequestedBody = ReadonlyStatic<typeof ExpenseRequestedBody>
export type ExpenseApprovedBody = ReadonlyStatic<typeof ExpenseApprovedBody>
export type ExpenseDeclinedBody = ReadonlyStatic<typeof ExpenseDeclinedBody>
export type ExpensePaidBody = ReadonlyStatic<typeof ExpensePaidBody>
export type ExpenseSettledBody = ReadonlyStatic<typeof ExpenseSettledBody>
export type ExpenseRequestedFact = Fact<'expense.requested', ExpenseRequestedBody>
export type ExpenseApprovedFact = Fact<'expense.approved', ExpenseApprovedBody>
export type ExpenseDeclinedFact = Fact<'expense.declined', ExpenseDeclinedBody>
export type ExpensePaidFact = Fact<'expense.paid', ExpensePaidBody>
export type ExpenseSettledFact = Fact<'expense.settled', ExpenseSettledBody>
