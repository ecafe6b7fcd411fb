import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { seriesOf } from '@tillkeeper/core/sale/receipt-number.ts'
import { cashTaken } from '@tillkeeper/core/sale/tender.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import {
  addToDay,
  addToHour,
  addToRefunded,
  addToSession,
  addToSessionCash,
  type Effects,
  raiseCounter,
} from '../apply/effects.ts'
import { addMachineTenders } from '../cash/machine-use.ts'
import { addCashPart, partOfTender } from '../cash/sale-cash.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { otherTenders, paidInCash } from '../sale/apply-sale-completed.ts'

/** A refund, or a void, which is one of a whole sale. */
type Refunded = AppliedOf<'sale.refunded'> | AppliedOf<'sale.voided'>

/** Inserts refunds and voids; those that are there already are left as they are. Returns the ids that were not. */
export async function insertRefunds(
  tx: Tx,
  org: OrgId,
  facts: readonly Refunded[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, type, body, businessDate, occurredAt }, recordedAt }) => ({
    id,
    voids: type === 'sale.voided',
    sale_id: body.saleId,
    shop_id: body.shopId,
    till_id: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    receipt_number: body.receiptNumber,
    currency: body.currency,
    total_minor: body.totalMinor,
    tax_minor: body.taxMinor,
    rounding_minor: body.roundingMinor ?? 0,
    taxes: body.taxes,
    tenders: body.tenders,
    reason: body.reason,
    line_count: body.lines.length,
    business_date: businessDate,
    occurred_at: occurredAt,
    recorded_at: recordedAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO refund
      (org_id, id, sale_id, shop_id, till_id, session_id, staff_id, receipt_number, currency,
       total_minor, tax_minor, rounding_minor, taxes, tenders, reason, line_count, business_date,
       occurred_at, recorded_at, voids)
    SELECT ${org}::uuid, id, sale_id, shop_id, till_id, session_id, staff_id, receipt_number,
      currency, total_minor, tax_minor, rounding_minor, taxes, tenders, reason, line_count,
      business_date, occurred_at, recorded_at, voids
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, sale_id uuid, shop_id uuid, till_id uuid, session_id uuid, staff_id uuid,
       receipt_number text, currency text, total_minor bigint, tax_minor bigint,
       rounding_minor bigint, taxes jsonb,
       tenders jsonb, reason text, line_count integer, business_date date,
       occurred_at timestamptz, recorded_at timestamptz, voids boolean)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** What a refund takes off its session and its day, and pays out of the drawer. */
export function addRefund(effects: Effects, { fact }: Refunded): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, currency, totalMinor, taxMinor } = body
  for (const line of body.lines) {
    effects.refundLines.push({
      refund_id: id,
      line_no: line.lineNo,
      product_id: line.productId,
      code: line.code,
      name: line.name,
      quantity: line.quantity,
      total_minor: line.totalMinor,
      vat_basis_points: line.vatBasisPoints,
    })
    if (body.saleId === undefined) continue
    addToRefunded(
      effects,
      { sale_id: body.saleId, line_no: line.lineNo },
      { quantity: line.quantity, total_minor: line.totalMinor },
    )
  }
  if (body.saleId !== undefined) effects.salesRefunded.add(body.saleId)
  addCash(effects, fact)
  addMachineTenders(effects, fact, 'refund')

  const { ownMinor, others } = cashTaken(body)
  for (const [other, { minor, baseMinor }] of others) {
    addToSessionCash(
      effects,
      { session_id: body.sessionId, currency: other },
      { cash_out_minor: minor, base_minor: -baseMinor },
    )
  }
  addToSession(effects, body.sessionId, {
    refunds: 1,
    refunds_minor: totalMinor,
    tax_minor: -taxMinor,
    cash_out_minor: ownMinor,
    rounding_minor: -(body.roundingMinor ?? 0),
    ...otherTenders(body.tenders, -1),
  })
  const day = { shop_id: shopId, business_date: businessDate, currency }
  addToDay(
    effects,
    { ...day, staff_id: body.staffId },
    {
      refunds: 1,
      refunds_minor: totalMinor,
      tax_minor: -taxMinor,
      cash_minor: -paidInCash(body.tenders),
    },
  )
  addToHour(effects, { ...day, occurredAt }, { refunds_minor: totalMinor })
  raiseCounter(effects, {
    till_id: seriesOf<string>(body.receiptNumber, body),
    business_date: businessDate,
    last: body.receiptCounter,
  })
}

/** Pays the refund's cash out of the drawer, each part in the currency that it is paid back in. */
function addCash(effects: Effects, fact: Refunded['fact']): void {
  const { id, body, businessDate, occurredAt } = fact
  const act = {
    fact_id: id,
    shop_id: body.shopId,
    tillId: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    currency: body.currency,
    note: body.reason,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
  for (const [index, tender] of body.tenders.entries()) {
    if (tender.method !== 'cash') continue
    const named = { part: `refund/${index + 1}`, type: 'refund', to: 'customer' } as const
    addCashPart(effects, act, partOfTender(tender, named))
  }
}
