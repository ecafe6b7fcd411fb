import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { BagId } from '@tillkeeper/core/safe/deposit-bag.ts'
import type { StatementLineId } from '@tillkeeper/core/safe/match-statement.ts'
import type { ChangeOrderId } from '@tillkeeper/core/safe/order-change.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import {
  AmountMinor,
  CurrencyCode,
  Day,
  type ReadonlyStatic,
  Strict,
  SumMinor,
  Text,
  Uuid,
} from './parts.ts'

/** As many lines of a statement are in one fact; a longer file is several of them. */
export const statementLinesMax = 500
/** As many bags or orders may one line of a statement be. */
export const matchedMax = 20

export const StatementLine = Strict({
  /** Made of what the line says: the same line in another file is the same. */
  id: Uuid<StatementLineId>(),
  bookedOn: Day,
  /** Above zero where the bank put money on the account; never zero. */
  amountMinor: AmountMinor,
  reference: Text(100),
  description: Text(200),
})

/** A bank's statement was read in. */
export const StatementImportedBody = Strict({
  shopId: Uuid<ShopId>(),
  staffId: Uuid<StaffId>(),
  /** What the shop calls the account; may be empty. */
  account: Text(40),
  currency: CurrencyCode,
  fileName: Text(100),
  lines: Type.Array(StatementLine, { minItems: 1, maxItems: statementLinesMax }),
})

/** A person said what a line is. */
export const StatementMatchedBody = Strict({
  shopId: Uuid<ShopId>(),
  staffId: Uuid<StaffId>(),
  lineId: Uuid<StatementLineId>(),
  currency: CurrencyCode,
  lineMinor: AmountMinor,
  /** Credits of the bags less what the orders brought. */
  bookedMinor: SumMinor,
  bags: Type.Array(Uuid<BagId>(), { maxItems: matchedMax }),
  orders: Type.Array(Uuid<ChangeOrderId>(), { maxItems: matchedMax }),
})

/** A line is no deposit and no change order. */
export const StatementSetAsideBody = Strict({
  shopId: Uuid<ShopId>(),
  staffId: Uuid<StaffId>(),
  lineId: Uuid<StatementLineId>(),
  reason: Text(200, 1),
})

/** What was said of a line is taken back, and it waits again. */
export const StatementUndoneBody = Strict({
  ...StatementSetAsideBody.properties,
  /** The match, or the setting aside. */
  undoneId: Uuid<string>(),
  currency: CurrencyCode,
  /** What the match had booked as over or short; zero where it booked nothing. */
  varianceMinor: SumMinor,
})

export type StatementLine = ReadonlyStatic<typeof StatementLine>
export type StatementImportedBody = ReadonlyStatic<typeof StatementImportedBody>
export type StatementMatchedBody = ReadonlyStatic<typeof StatementMatchedBody>
export type StatementSetAsideBody = ReadonlyStatic<typeof StatementSetAsideBody>
export type StatementUndoneBody = ReadonlyStatic<typeof StatementUndoneBody>

export type StatementFact =
  | Fact<'statement.imported', StatementImportedBody>
  | Fact<'statement.matched', StatementMatchedBody>
  | Fact<'statement.set_aside', StatementSetAsideBody>
  | Fact<'statement.undone', StatementUndoneBody>
