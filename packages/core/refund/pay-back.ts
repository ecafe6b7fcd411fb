import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, piecesAddUp } from '../money/denominations.ts'
import type { Minor } from '../money/money.ts'
import type { Tender } from '../sale/tender.ts'
import type { PayBack, PayBackRefusal } from './refund.ts'

/** Pays an amount back, whole, by one method. Nothing is paid back by no tender. */
export function payBack(
  totalMinor: Minor,
  { method, pieces }: PayBack,
): Outcome<readonly Tender[], PayBackRefusal> {
  if (pieces !== undefined) {
    if (method !== 'cash') return refused({ code: 'pieces_only_of_cash', of: 'refund' })
    if (!piecesAddUp(pieces, totalMinor)) {
      return refused({ code: 'pieces_do_not_add_up', of: 'refund' })
    }
  }
  if (totalMinor === 0) return accepted([])
  const held = pieces !== undefined && { pieces: orderPieces(pieces) }
  return accepted([{ method, amountMinor: totalMinor, givenMinor: totalMinor, ...held }])
}
