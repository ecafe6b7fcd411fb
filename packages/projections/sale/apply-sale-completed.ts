import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { seriesOf } from '@tillkeeper/core/sale/receipt-number.ts'
import { cashTaken, ownChangeMinor } from '@tillkeeper/core/sale/tender.ts'
import type { SaleTender } from '@tillkeeper/facts/catalogue/sale-completed.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import {
  addToDay,
  addToHour,
  addToSession,
  addToSessionCash,
  type Effects,
  raiseCounter,
} from '../apply/effects.ts'
import { addMachineTenders } from '../cash/machine-use.ts'
import { addCashPart, partOfChange, partOfTender } from '../cash/sale-cash.ts'
import { copyRows } from '../copy-rows.ts'
import { jsonParameter, type Tx } from '../db.ts'

const saleColumns = {
  org_id: 'uuid',
  id: 'uuid',
  shop_id: 'uuid',
  till_id: 'uuid',
  session_id: 'uuid',
  staff_id: 'uuid',
  receipt_number: 'text',
  currency: 'text',
  total_minor: 'int8',
  tax_minor: 'int8',
  change_minor: 'int8',
  change: 'jsonb',
  change_pieces: 'jsonb',
  rounding_minor: 'int8',
  taxes: 'jsonb',
  tenders: 'jsonb',
  customer_number: 'text',
  note: 'text',
  line_count: 'int4',
  business_date: 'date',
  occurred_at: 'timestamptz',
  recorded_at: 'timestamptz',
} as const

/**
 * As `insertSales`, for a great many. The caller holds the organisation, so nobody inserts one of them
 * after we looked.
 */
export async function copySales(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'sale.completed'>[],
): Promise<readonly string[]> {
  // A look into the key for each, whatever the table's size was when this was planned.
  const known = await tx<{ id: string }[]>`
    SELECT asked.id
    FROM unnest(${facts.map(({ fact }) => fact.id)}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT FROM sale WHERE org_id = ${org} AND sale.id = asked.id LIMIT 1
    ) AS found
  `
  const there = new Set(known.map(({ id }) => id))
  const rows = saleRows(facts).filter(({ id }) => !there.has(id))
  await copyRows(tx, 'sale', saleColumns, rows, { org_id: org })
  return rows.map(({ id }) => id)
}

/** Inserts sales; those that are there already are left as they are. Returns the ids that were not. */
export async function insertSales(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'sale.completed'>[],
): Promise<readonly string[]> {
  const rows = saleRows(facts)
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO sale
      (org_id, id, shop_id, till_id, session_id, staff_id, receipt_number, currency, total_minor,
       tax_minor, change_minor, change, change_pieces, rounding_minor, taxes, tenders,
       customer_number, note, line_count, business_date, occurred_at, recorded_at)
    SELECT ${org}::uuid, id, shop_id, till_id, session_id, staff_id, receipt_number, currency,
      total_minor, tax_minor, change_minor, change, change_pieces, rounding_minor, taxes, tenders,
      customer_number, note, line_count, business_date, occurred_at, recorded_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, till_id uuid, session_id uuid, staff_id uuid, receipt_number text,
       currency text, total_minor bigint, tax_minor bigint, change_minor bigint, change jsonb,
       change_pieces jsonb, rounding_minor bigint, taxes jsonb, tenders jsonb, customer_number text, note text,
       line_count integer, business_date date, occurred_at timestamptz, recorded_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

const saleRows = (facts: readonly AppliedOf<'sale.completed'>[]) =>
  facts.map(({ fact: { id, body, businessDate, occurredAt }, recordedAt }) => ({
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    receipt_number: body.receiptNumber,
    currency: body.currency,
    total_minor: body.totalMinor,
    tax_minor: body.taxMinor,
    change_minor: body.changeMinor,
    change: body.change,
    change_pieces: body.changePieces,
    rounding_minor: body.roundingMinor ?? 0,
    taxes: body.taxes,
    tenders: body.tenders,
    customer_number: body.customerNumber,
    note: body.note ?? '',
    line_count: body.lines.length,
    business_date: businessDate,
    occurred_at: occurredAt,
    recorded_at: recordedAt,
  }))

/** What a sale adds to its session, its day, and the cash in the drawer. */
export function addSale(effects: Effects, { fact }: AppliedOf<'sale.completed'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, currency, totalMinor, taxMinor } = body
  for (const line of body.lines) {
    effects.saleLines.push({
      sale_id: id,
      line_no: line.lineNo,
      product_id: line.productId,
      code: line.code,
      name: line.name,
      quantity: line.quantity,
      unit_price_minor: line.unitPriceMinor,
      discount_minor: line.discountMinor,
      total_minor: line.totalMinor,
      vat_basis_points: line.vatBasisPoints,
    })
  }
  addCash(effects, fact)
  addMachineTenders(effects, fact, 'sale')

  const { ownMinor, others } = cashTaken(body)
  for (const [other, { minor, baseMinor }] of others) {
    addToSessionCash(
      effects,
      { session_id: body.sessionId, currency: other },
      { cash_in_minor: minor, base_minor: baseMinor },
    )
  }
  addToSession(effects, body.sessionId, {
    sales: 1,
    sales_minor: totalMinor,
    tax_minor: taxMinor,
    cash_in_minor: ownMinor,
    rounding_minor: body.roundingMinor ?? 0,
    ...otherTenders(body.tenders, 1),
  })
  const day = { shop_id: shopId, business_date: businessDate, currency }
  addToDay(
    effects,
    { ...day, staff_id: body.staffId },
    {
      sales: 1,
      sales_minor: totalMinor,
      tax_minor: taxMinor,
      cash_minor: paidInCash(body.tenders),
    },
  )
  addToHour(effects, { ...day, occurredAt }, { sales: 1, sales_minor: totalMinor })
  raiseCounter(effects, {
    till_id: seriesOf<string>(body.receiptNumber, body),
    business_date: businessDate,
    last: body.receiptCounter,
  })
  effects.saleIds.push(id)
}

function addCash(effects: Effects, fact: AppliedOf<'sale.completed'>['fact']): void {
  const { id, body, businessDate, occurredAt } = fact
  const act = {
    fact_id: id,
    shop_id: body.shopId,
    tillId: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    currency: body.currency,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
  for (const [index, tender] of body.tenders.entries()) {
    if (tender.method !== 'cash') continue
    const named = { part: `sale/${index + 1}`, type: 'sale', to: 'drawer' } as const
    addCashPart(effects, act, partOfTender(tender, named))
  }
  for (const given of body.change ?? []) addCashPart(effects, act, partOfChange(given))
  addCashPart(effects, act, {
    part: 'change',
    type: 'change',
    to: 'customer',
    amountMinor: ownChangeMinor(body),
    pieces: body.changePieces,
  })
}

/** What cash pays, whatever currency it came in, by what it is worth, less the change that a machine owed. */
export function paidInCash(tenders: readonly SaleTender[]): number {
  return tenders.reduce((all, { method, amountMinor, givenMinor }) => {
    if (method === 'cash') return all + amountMinor
    return method === 'machine' ? all - (givenMinor - amountMinor) : all
  }, 0)
}

/** What was paid by other ways than cash, by the column of the session's totals; signed by `sign`. */
export function otherTenders(tenders: readonly SaleTender[], sign: 1 | -1) {
  const paid = { card_minor: 0, bank_transfer_minor: 0, promptpay_minor: 0, machine_minor: 0 }
  for (const { method, amountMinor, givenMinor } of tenders) {
    // Of a machine what it kept: where that was too much, the change came out of the drawer.
    if (method === 'machine') paid.machine_minor += sign * givenMinor
    else if (method !== 'cash') paid[`${method}_minor`] += sign * amountMinor
  }
  return paid
}
