import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { Fragment } from 'postgres'
import type { Reader } from '../db.ts'

/**
 * The totals of a session's other currencies, in the shape of `SessionTotals.others`; null where there are none.
 * `session` and `org` are columns or values of the query around it.
 */
export const otherCash = (
  sql: Reader,
  { org, session }: { readonly org: Fragment; readonly session: Fragment },
): Fragment => sql`
  (
    SELECT jsonb_object_agg(other.currency, jsonb_strip_nulls(jsonb_build_object(
      'floatMinor', other.float_minor, 'cashInMinor', other.cash_in_minor,
      'cashOutMinor', other.cash_out_minor, 'droppedMinor', other.dropped_minor,
      'toppedUpMinor', other.topped_up_minor, 'baseMinor', nullif(other.base_minor, 0))))
    FROM session_cash AS other
    WHERE other.org_id = ${org} AND other.session_id = ${session}
  )
`

/** Totals as a query gives them: others are null and the rounding is zero where there are none. */
export type TotalsRow = Omit<SessionTotals, 'others' | 'roundingMinor'> & {
  readonly roundingMinor: Minor
  readonly others: SessionTotals['others'] | null
}

/** The totals of a row, which may have more columns. */
export function toTotals(row: TotalsRow): SessionTotals {
  const { sales, salesMinor, refunds, refundsMinor, taxMinor, cashInMinor, cashOutMinor } = row
  const { payInMinor, payOutMinor, droppedMinor, toppedUpMinor } = row
  const { cardMinor, bankTransferMinor, promptpayMinor, machineMinor, roundingMinor, others } = row
  return {
    ...{ sales, salesMinor, refunds, refundsMinor, taxMinor, cashInMinor, cashOutMinor },
    ...{ payInMinor, payOutMinor, droppedMinor, toppedUpMinor },
    ...{ cardMinor, bankTransferMinor, promptpayMinor, machineMinor },
    ...(roundingMinor !== 0 && { roundingMinor }),
    ...(others === null || others === undefined ? {} : { others }),
  }
}
