import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { seriesOf } from '@tillkeeper/core/sale/receipt-number.ts'
import { numberOf } from '@tillkeeper/facts/catalogue/paper-number.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { type Effects, type PaperNumberRow, raiseCounter } from '../apply/effects.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Notes the number of a fact's paper, where it has one: its till's counter of the day is at least there. */
export function addPaperNumber(effects: Effects, { fact }: AppliedFact): void {
  const { id, type, body, businessDate } = fact
  const number = numberOf(type, body)
  if (number === undefined) return
  const at = body as { readonly shopId: string; readonly tillId?: string }
  const series = seriesOf(number.receiptNumber, at)
  raiseCounter(effects, {
    ...{ till_id: series, business_date: businessDate, last: number.receiptCounter },
  })
  effects.paperNumbers.push({
    ...{ fact_id: id, shop_id: at.shopId, series_id: series, business_date: businessDate },
    receipt_number: number.receiptNumber,
  })
}

/** Writes the numbers of fresh facts' papers. */
export async function insertPaperNumbers(
  tx: Tx,
  org: OrgId,
  rows: readonly PaperNumberRow[],
): Promise<void> {
  if (rows.length === 0) return
  await tx`
    INSERT INTO paper_number
      (org_id, fact_id, shop_id, series_id, business_date, receipt_number)
    SELECT ${org}::uuid, fact_id, shop_id, series_id, business_date, receipt_number
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (fact_id uuid, shop_id uuid, series_id uuid, business_date date, receipt_number text)
    ON CONFLICT (org_id, fact_id) DO NOTHING
  `.execute()
}
