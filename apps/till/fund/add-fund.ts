import { addMovement, type SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { FundIssuedBody } from '@tillkeeper/facts/catalogue/staff-fund.ts'

/** The totals of a session after change went out of its drawer or came back to it. */
export function addFund(
  totals: SessionTotals,
  kind: 'drop' | 'top_up',
  { cash, drawer }: Pick<FundIssuedBody, 'cash' | 'drawer'>,
): SessionTotals {
  return cash.reduce((after, { currency, minor: amountMinor, pieces }) => {
    const foreign = currency === drawer?.currency ? undefined : (true as const)
    return addMovement(after, { kind, currency, foreign, amountMinor, pieces })
  }, totals)
}
