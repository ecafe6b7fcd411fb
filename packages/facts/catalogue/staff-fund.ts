import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { paperNumber } from './paper-number.ts'
import {
  Cash,
  CurrencyCode,
  currenciesMax,
  type ReadonlyStatic,
  Strict,
  SumMinor,
  Text,
  Uuid,
} from './parts.ts'

const fund = {
  shopId: Uuid<ShopId>(),
  /** Who holds the change. */
  staffId: Uuid<StaffId>(),
  /** Who gave it out, or took it back. */
  byStaffId: Uuid<StaffId>(),
  cash: Cash,
  /** The session of the drawer that it came out of or went back to; left out: the safe. */
  drawer: Type.Optional(
    Strict({
      tillId: Uuid<TillId>(),
      sessionId: Uuid<SessionId>(),
      /** The session's own: cash of another one counts in that one's sums. */
      currency: CurrencyCode,
    }),
  ),
  note: Type.Optional(Text(200)),
  ...paperNumber,
}

/** Change went from the safe or a drawer to somebody who works with it apart from a drawer. */
export const FundIssuedBody = Strict(fund)

/** Change came back to the safe or a drawer. */
export const FundReturnedBody = Strict({
  ...fund,
  /** All came back; these differences are booked as short (below zero) or over. */
  settled: Type.Optional(
    Type.Array(Strict({ currency: CurrencyCode, varianceMinor: SumMinor }), {
      maxItems: currenciesMax,
    }),
  ),
})

export type FundIssuedBody = ReadonlyStatic<typeof FundIssuedBody>
export type FundReturnedBody = ReadonlyStatic<typeof FundReturnedBody>

export type FundFact = Fact<'fund.issued', FundIssuedBody> | Fact<'fund.returned', FundReturnedBody>
