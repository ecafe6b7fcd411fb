import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Fragment } from 'postgres'
import { addPieces, type PieceRow } from '../cash/inventory.ts'
import { copyRows, copyRowsMin } from '../copy-rows.ts'
import { jsonParameter, type Tx } from '../db.ts'
import type { Effects, TransferRow } from './effects.ts'

/** What of a batch has to be looked at again. */
export type Touched = {
  /** Those of its sales of which some goods had come back before they were known here. */
  readonly refundedBefore: readonly string[]
  /** Those of its sessions that somebody explained or verified, before or in it. */
  readonly lookedAt: readonly string[]
}

/**
 * Writes what a batch of fresh acts adds, in one statement, and says what has to be looked at again. The caller holds the organisation
 * (`lockOrg`), and passes the effects of each act once: only transfers and lines would notice a second
 * time by themselves.
 */
export async function insertEffects(tx: Tx, org: OrgId, effects: Effects): Promise<Touched> {
  const pieces = addPieces(effects.transfers)
  return writeTogether(tx, org, { ...effects, pieces, moved: new Map() })
}

/**
 * As `insertEffects`, for those of a great many acts: lines and transfers are copied. Nothing else is
 * sent meanwhile.
 */
export async function copyEffects(tx: Tx, org: OrgId, effects: Effects): Promise<Touched> {
  const { saleLines, transfers } = effects
  const pieces = addPieces(transfers)
  const copied = { ...effects }
  let moved: Moved = new Map()
  if (saleLines.length >= copyRowsMin) {
    await copyRows(tx, 'sale_line', saleLineColumns, saleLines, { org_id: org })
    copied.saleLines = []
  }
  if (transfers.length >= copyRowsMin) {
    await copyRows(tx, 'cash_transfer', transferColumns, transfers, { org_id: org, note: '' })
    copied.transfers = []
    moved = addLegs(transfers)
  }
  return writeTogether(tx, org, { ...copied, pieces, moved })
}

const saleLineColumns = {
  org_id: 'uuid',
  sale_id: 'uuid',
  line_no: 'int4',
  product_id: 'uuid',
  code: 'text',
  name: 'text',
  quantity: 'int8',
  unit_price_minor: 'int8',
  discount_minor: 'int8',
  total_minor: 'int8',
  vat_basis_points: 'int4',
} as const

const transferColumns = {
  org_id: 'uuid',
  id: 'text',
  fact_id: 'uuid',
  shop_id: 'uuid',
  session_id: 'uuid',
  staff_id: 'uuid',
  type: 'text',
  from_location: 'text',
  to_location: 'text',
  currency: 'text',
  amount_minor: 'int8',
  pieces: 'jsonb',
  category: 'text',
  recipient: 'text',
  note: 'text',
  business_date: 'date',
  occurred_at: 'timestamptz',
} as const

/** What transfers that were copied bring to each place, by place and currency. */
type Moved = ReadonlyMap<
  string,
  { readonly location: string; readonly currency: string; readonly balance_minor: number }
>

function addLegs(transfers: readonly TransferRow[]): Moved {
  const moved = new Map<string, { location: string; currency: string; balance_minor: number }>()
  const add = (location: string, currency: string, minor: number) => {
    const name = `${location}/${currency}`
    const before = moved.get(name)?.balance_minor ?? 0
    const balance_minor = before + minor
    assert(Number.isSafeInteger(balance_minor), 'what a batch adds to a balance is exact')
    moved.set(name, { location, currency, balance_minor })
  }
  for (const { from_location, to_location, currency, amount_minor } of transfers) {
    add(from_location, currency, -amount_minor)
    add(to_location, currency, amount_minor)
  }
  return moved
}

async function writeTogether(
  tx: Tx,
  org: OrgId,
  effects: Effects & { readonly moved: Moved; readonly pieces: readonly PieceRow[] },
): Promise<Touched> {
  const parts = [
    effects.moved.size > 0 ? [tx`moved AS (${legs(tx, org, effects.moved)})`] : [],
    effects.pieces.length > 0 ? [tx`pieces AS (${pieces(tx, org, effects.pieces)})`] : [],
    effects.saleLines.length > 0 ? [tx`sale_lines AS (${saleLines(tx, org, effects)})`] : [],
    effects.refundLines.length > 0 ? [tx`refund_lines AS (${refundLines(tx, org, effects)})`] : [],
    effects.refunded.size > 0 ? [tx`refunded AS (${refunded(tx, org, effects)})`] : [],
    effects.transfers.length > 0
      ? [tx`transfers AS (${transfers(tx, org, effects)})`, tx`balances AS (${balances(tx, org)})`]
      : [],
    effects.sessions.size > 0 ? [tx`sessions AS (${sessions(tx, org, effects)})`] : [],
    effects.sessionCash.size > 0 ? [tx`session_cashes AS (${sessionCash(tx, org, effects)})`] : [],
    effects.days.size > 0 ? [tx`days AS (${days(tx, org, effects)})`] : [],
    effects.hours.size > 0 ? [tx`hours AS (${hours(tx, org, effects)})`] : [],
    effects.counters.size > 0 ? [tx`counters AS (${counters(tx, org, effects)})`] : [],
    effects.machineUses.length > 0 ? [tx`uses AS (${machineUses(tx, org, effects)})`] : [],
  ].flat()
  if (parts.length === 0) return { refundedBefore: [], lookedAt: [] }
  const list = parts.flatMap((part, index) => (index === 0 ? [part] : [tx`,`, part]))
  const sessionIds = [...effects.sessions.values()].map(({ session_id }) => session_id)
  const found = await tx<{ kind: 'sale' | 'session'; id: string }[]>`
    WITH ${list}
    SELECT DISTINCT 'sale' AS kind, sale_id AS id
    FROM sale_line_refunded
    WHERE org_id = ${org} AND sale_id = ANY(${effects.saleIds}::uuid[])
    UNION
    SELECT 'session', session_id
    FROM till_verification
    WHERE org_id = ${org} AND session_id = ANY(${sessionIds}::uuid[])
    UNION
    SELECT 'session', session_id
    FROM till_explanation
    WHERE org_id = ${org} AND session_id = ANY(${sessionIds}::uuid[])
  `.execute()
  const idsOf = (asked: 'sale' | 'session') =>
    found.flatMap(({ kind, id }) => (kind === asked ? [id] : []))
  return { refundedBefore: idsOf('sale'), lookedAt: idsOf('session') }
}

const saleLines = (tx: Tx, org: OrgId, { saleLines: rows }: Effects): Fragment => tx`
  INSERT INTO sale_line
    (org_id, sale_id, line_no, product_id, code, name, quantity, unit_price_minor, discount_minor,
     total_minor, vat_basis_points)
  SELECT ${org}::uuid, sale_id, line_no, product_id, code, name, quantity, unit_price_minor,
    discount_minor, total_minor, vat_basis_points
  FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
    (sale_id uuid, line_no integer, product_id uuid, code text, name text, quantity bigint,
     unit_price_minor bigint, discount_minor bigint, total_minor bigint, vat_basis_points integer)
`

const refundLines = (tx: Tx, org: OrgId, { refundLines: rows }: Effects): Fragment => tx`
  INSERT INTO refund_line
    (org_id, refund_id, line_no, product_id, code, name, quantity, total_minor, vat_basis_points)
  SELECT ${org}::uuid, refund_id, line_no, product_id, code, name, quantity, total_minor,
    vat_basis_points
  FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
    (refund_id uuid, line_no integer, product_id uuid, code text, name text, quantity bigint,
     total_minor bigint, vat_basis_points integer)
`

const refunded = (tx: Tx, org: OrgId, { refunded: rows }: Effects): Fragment => tx`
  INSERT INTO sale_line_refunded AS total (org_id, sale_id, line_no, quantity, total_minor)
  SELECT ${org}::uuid, sale_id, line_no, quantity, total_minor
  FROM jsonb_to_recordset(${jsonParameter(tx, [...rows.values()])}) AS asked
    (sale_id uuid, line_no integer, quantity bigint, total_minor bigint)
  ON CONFLICT (org_id, sale_id, line_no) DO UPDATE
  SET quantity = total.quantity + excluded.quantity,
    total_minor = total.total_minor + excluded.total_minor
`

const transfers = (tx: Tx, org: OrgId, { transfers: rows }: Effects): Fragment => tx`
  INSERT INTO cash_transfer
    (org_id, id, fact_id, shop_id, session_id, staff_id, type, from_location, to_location,
     currency, amount_minor, pieces, category, recipient, note, business_date, occurred_at)
  SELECT ${org}::uuid, id, fact_id, shop_id, session_id, staff_id, type, from_location, to_location,
    currency, amount_minor, pieces, category, recipient, coalesce(note, ''), business_date,
    occurred_at
  FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
    (id text, fact_id uuid, shop_id uuid, session_id uuid, staff_id uuid, type text,
     from_location text, to_location text, currency text, amount_minor bigint, pieces jsonb,
     category text, recipient text, note text, business_date date, occurred_at timestamptz)
  ON CONFLICT (org_id, id) DO NOTHING
  RETURNING from_location, to_location, currency, amount_minor
`

const machineUses = (tx: Tx, org: OrgId, { machineUses: rows }: Effects): Fragment => tx`
  INSERT INTO machine_use
    (org_id, attempt_id, act_id, part, shop_id, kind, staff_id, currency, amount_minor, business_date,
     occurred_at)
  SELECT ${org}::uuid, attempt_id, act_id, part, shop_id, kind, staff_id, currency, amount_minor,
    business_date, occurred_at
  FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
    (attempt_id uuid, act_id uuid, part text, shop_id uuid, kind text, staff_id uuid, currency text,
     amount_minor bigint, business_date date, occurred_at timestamptz)
`

// What a transfer takes from one place it brings to the other: the balances of all places stay zero.
const balances = (tx: Tx, org: OrgId): Fragment => tx`
  INSERT INTO cash_balance AS total (org_id, location, currency, balance_minor)
  SELECT ${org}::uuid, location, currency, sum(amount_minor)::bigint
  FROM (
    SELECT from_location AS location, currency, -amount_minor AS amount_minor FROM transfers
    UNION ALL
    SELECT to_location, currency, amount_minor FROM transfers
  ) AS leg
  GROUP BY location, currency
  ON CONFLICT (org_id, location, currency) DO UPDATE
  SET balance_minor = total.balance_minor + excluded.balance_minor
`

const pieces = (tx: Tx, org: OrgId, rows: readonly PieceRow[]): Fragment => tx`
  INSERT INTO cash_inventory AS total (org_id, location, currency, face_minor, pieces)
  SELECT ${org}::uuid, location, currency, face_minor, pieces
  FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
    (location text, currency text, face_minor bigint, pieces bigint)
  ON CONFLICT (org_id, location, currency, face_minor) DO UPDATE
  SET pieces = total.pieces + excluded.pieces
`

const legs = (tx: Tx, org: OrgId, moved: Moved): Fragment => tx`
  INSERT INTO cash_balance AS total (org_id, location, currency, balance_minor)
  SELECT ${org}::uuid, location, currency, balance_minor
  FROM jsonb_to_recordset(${jsonParameter(tx, [...moved.values()])}) AS asked
    (location text, currency text, balance_minor bigint)
  ON CONFLICT (org_id, location, currency) DO UPDATE
  SET balance_minor = total.balance_minor + excluded.balance_minor
`

const sessions = (tx: Tx, org: OrgId, { sessions: rows }: Effects): Fragment => tx`
  INSERT INTO session_total AS total
    (org_id, session_id, sales, sales_minor, refunds, refunds_minor, tax_minor, cash_in_minor,
     cash_out_minor, pay_in_minor, pay_out_minor, dropped_minor, topped_up_minor, card_minor,
     bank_transfer_minor, promptpay_minor, machine_minor, rounding_minor)
  SELECT ${org}::uuid, session_id, sales, sales_minor, refunds, refunds_minor, tax_minor,
    cash_in_minor, cash_out_minor, pay_in_minor, pay_out_minor, dropped_minor, topped_up_minor,
    card_minor, bank_transfer_minor, promptpay_minor, machine_minor, rounding_minor
  FROM jsonb_to_recordset(${jsonParameter(tx, [...rows.values()])}) AS asked
    (session_id uuid, sales integer, sales_minor bigint, refunds integer, refunds_minor bigint,
     tax_minor bigint, cash_in_minor bigint, cash_out_minor bigint, pay_in_minor bigint,
     pay_out_minor bigint, dropped_minor bigint, topped_up_minor bigint, card_minor bigint,
     bank_transfer_minor bigint, promptpay_minor bigint, machine_minor bigint,
     rounding_minor bigint)
  ON CONFLICT (org_id, session_id) DO UPDATE
  SET sales = total.sales + excluded.sales,
    sales_minor = total.sales_minor + excluded.sales_minor,
    refunds = total.refunds + excluded.refunds,
    refunds_minor = total.refunds_minor + excluded.refunds_minor,
    tax_minor = total.tax_minor + excluded.tax_minor,
    cash_in_minor = total.cash_in_minor + excluded.cash_in_minor,
    cash_out_minor = total.cash_out_minor + excluded.cash_out_minor,
    pay_in_minor = total.pay_in_minor + excluded.pay_in_minor,
    pay_out_minor = total.pay_out_minor + excluded.pay_out_minor,
    dropped_minor = total.dropped_minor + excluded.dropped_minor,
    topped_up_minor = total.topped_up_minor + excluded.topped_up_minor,
    card_minor = total.card_minor + excluded.card_minor,
    bank_transfer_minor = total.bank_transfer_minor + excluded.bank_transfer_minor,
    promptpay_minor = total.promptpay_minor + excluded.promptpay_minor,
    machine_minor = total.machine_minor + excluded.machine_minor,
    rounding_minor = total.rounding_minor + excluded.rounding_minor
`

const sessionCash = (tx: Tx, org: OrgId, { sessionCash: rows }: Effects): Fragment => tx`
  INSERT INTO session_cash AS total
    (org_id, session_id, currency, float_minor, cash_in_minor, cash_out_minor, dropped_minor,
     topped_up_minor, base_minor)
  SELECT ${org}::uuid, session_id, currency, float_minor, cash_in_minor, cash_out_minor,
    dropped_minor, topped_up_minor, base_minor
  FROM jsonb_to_recordset(${jsonParameter(tx, [...rows.values()])}) AS asked
    (session_id uuid, currency text, float_minor bigint, cash_in_minor bigint,
     cash_out_minor bigint, dropped_minor bigint, topped_up_minor bigint, base_minor bigint)
  ON CONFLICT (org_id, session_id, currency) DO UPDATE
  SET float_minor = total.float_minor + excluded.float_minor,
    cash_in_minor = total.cash_in_minor + excluded.cash_in_minor,
    cash_out_minor = total.cash_out_minor + excluded.cash_out_minor,
    dropped_minor = total.dropped_minor + excluded.dropped_minor,
    topped_up_minor = total.topped_up_minor + excluded.topped_up_minor,
    base_minor = total.base_minor + excluded.base_minor
`

const days = (tx: Tx, org: OrgId, { days: rows }: Effects): Fragment => tx`
  INSERT INTO daily_summary AS total
    (org_id, shop_id, business_date, staff_id, currency, sales, sales_minor, refunds, refunds_minor,
     tax_minor, pay_in_minor, pay_out_minor, cash_minor, closes, variance_minor)
  SELECT ${org}::uuid, shop_id, business_date, staff_id, currency, sales, sales_minor, refunds,
    refunds_minor, tax_minor, pay_in_minor, pay_out_minor, cash_minor, closes, variance_minor
  FROM jsonb_to_recordset(${jsonParameter(tx, [...rows.values()])}) AS asked
    (shop_id uuid, business_date date, staff_id uuid, currency text, sales integer,
     sales_minor bigint, refunds integer, refunds_minor bigint, tax_minor bigint,
     pay_in_minor bigint, pay_out_minor bigint, cash_minor bigint, closes integer,
     variance_minor bigint)
  ON CONFLICT (org_id, shop_id, business_date, staff_id, currency) DO UPDATE
  SET sales = total.sales + excluded.sales,
    sales_minor = total.sales_minor + excluded.sales_minor,
    refunds = total.refunds + excluded.refunds,
    refunds_minor = total.refunds_minor + excluded.refunds_minor,
    tax_minor = total.tax_minor + excluded.tax_minor,
    pay_in_minor = total.pay_in_minor + excluded.pay_in_minor,
    pay_out_minor = total.pay_out_minor + excluded.pay_out_minor,
    cash_minor = total.cash_minor + excluded.cash_minor,
    closes = total.closes + excluded.closes,
    variance_minor = total.variance_minor + excluded.variance_minor
`

const hours = (tx: Tx, org: OrgId, { hours: rows }: Effects): Fragment => tx`
  INSERT INTO hourly_summary AS total
    (org_id, shop_id, business_date, hour_at, currency, sales, sales_minor, refunds_minor)
  SELECT ${org}::uuid, shop_id, business_date, hour_at, currency, sales, sales_minor, refunds_minor
  FROM jsonb_to_recordset(${jsonParameter(tx, [...rows.values()])}) AS asked
    (shop_id uuid, business_date date, hour_at timestamptz, currency text, sales integer,
     sales_minor bigint, refunds_minor bigint)
  ON CONFLICT (org_id, shop_id, business_date, hour_at, currency) DO UPDATE
  SET sales = total.sales + excluded.sales,
    sales_minor = total.sales_minor + excluded.sales_minor,
    refunds_minor = total.refunds_minor + excluded.refunds_minor
`

const counters = (tx: Tx, org: OrgId, { counters: rows }: Effects): Fragment => tx`
  INSERT INTO receipt_counter AS counter (org_id, till_id, business_date, last)
  SELECT ${org}::uuid, till_id, business_date, last
  FROM jsonb_to_recordset(${jsonParameter(tx, [...rows.values()])}) AS asked
    (till_id uuid, business_date date, last integer)
  ON CONFLICT (org_id, till_id, business_date) DO UPDATE
  SET last = excluded.last
  WHERE counter.last < excluded.last
`
