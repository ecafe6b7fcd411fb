import { assert } from '@tillkeeper/core/base/assert.ts'

// What fresh acts add to the tables beside their own row: lines, cash transfers and running totals. An
// act says it as values; effects-sql.ts writes those of a whole batch at once. Each is a row to insert
// once or an amount to add, so the order of acts does not matter.

/** Amounts to add to one row of totals, by column. */
type Amounts = Record<string, number>
/** Rows of totals: what names the row, and what is added to it. */
type Tally<Key> = Map<string, Key & Amounts>

export type LineRow = {
  readonly line_no: number
  readonly product_id: string
  readonly code: string
  readonly name: string
  readonly quantity: number
  readonly total_minor: number
  readonly vat_basis_points: number
}
export type SaleLineRow = LineRow & {
  readonly sale_id: string
  readonly unit_price_minor: number
  readonly discount_minor: number
}
export type RefundLineRow = LineRow & { readonly refund_id: string }

/** What cash moves for. */
export const transferTypes = [
  'float',
  'takings',
  'sale',
  'change',
  'refund',
  'pay_in',
  'pay_out',
  'drop',
  'top_up',
  'shortage',
  'surplus',
  'hand_over',
  'swap',
  'exchange',
  'bag',
  'deposit',
  'change_order',
  'fund_issue',
  'fund_return',
  'advance',
  'advance_return',
  'expense',
  'correction',
  'opening',
  // Of a cash recycler: from and to customers, out of and into the safe, into its own cash box.
  'machine_in',
  'machine_out',
  'machine_fill',
  'machine_collect',
  'machine_box',
] as const
export type TransferType = (typeof transferTypes)[number]

/** Cash from one place to another. An amount of nothing is no transfer, and is left out. */
export type TransferRow = {
  /** `<fact id>/<part>`. */
  readonly id: string
  readonly fact_id: string
  readonly shop_id: string
  /** Left out where no till took part. */
  readonly session_id?: string | undefined
  readonly staff_id: string
  /** What the movement was for: see the glossary, movement. */
  readonly type: TransferType
  readonly from_location: string
  readonly to_location: string
  readonly currency: string
  readonly amount_minor: number
  readonly pieces?: unknown
  readonly category?: string | undefined
  readonly recipient?: string | undefined
  readonly note?: string | undefined
  readonly business_date: string
  readonly occurred_at: string
}

export type SessionKey = { readonly session_id: string }
export type SessionCashKey = SessionKey & { readonly currency: string }
export type DayKey = {
  readonly shop_id: string
  readonly business_date: string
  readonly staff_id: string
  readonly currency: string
}
export type HourKey = {
  readonly shop_id: string
  readonly business_date: string
  readonly hour_at: string
  readonly currency: string
}
export type RefundedKey = { readonly sale_id: string; readonly line_no: number }
export type CounterKey = {
  readonly till_id: string
  readonly business_date: string
  readonly last: number
}

export type PaperNumberRow = {
  readonly fact_id: string
  readonly shop_id: string
  /** A till, or the shop where its office gave the number. */
  readonly series_id: string
  readonly business_date: string
  readonly receipt_number: string
}

/** What an act says that an attempt of a cash recycler moved for it. */
export type MachineUseRow = {
  readonly attempt_id: string
  readonly act_id: string
  /** Names the tender within its act. */
  readonly part: string
  readonly shop_id: string
  readonly kind: 'sale' | 'refund' | 'pay_in' | 'pay_out' | 'drop' | 'top_up' | 'expense'
  readonly staff_id: string
  readonly currency: string
  /** Into the machine above zero, out of it below. */
  readonly amount_minor: number
  readonly business_date: string
  readonly occurred_at: string
}

/** What facts of the safe, the bank and funds are about: whether a rule is broken there is looked at again. */
export type Touched = {
  readonly bags: Set<string>
  /** Counts of safes that differ. */
  readonly counts: Set<string>
  readonly orders: Set<string>
  /** Places of staff funds. */
  readonly funds: Set<string>
  /** Returns of funds that were short or over. */
  readonly settlements: Set<string>
  /** Lines of statements. */
  readonly lines: Set<string>
  /** Attempts of cash recyclers. */
  readonly attempts: Set<string>
  readonly recyclers: Set<string>
}

export type Effects = {
  readonly saleLines: SaleLineRow[]
  readonly refundLines: RefundLineRow[]
  readonly transfers: TransferRow[]
  readonly sessions: Tally<SessionKey>
  /** Of currencies that are not the session's own. */
  readonly sessionCash: Tally<SessionCashKey>
  readonly days: Tally<DayKey>
  readonly hours: Tally<HourKey>
  readonly refunded: Tally<RefundedKey>
  readonly counters: Map<string, CounterKey>
  /** Numbers of papers that no sale and no refund left. */
  readonly paperNumbers: PaperNumberRow[]
  readonly machineUses: MachineUseRow[]
  readonly saleIds: string[]
  /** Sales that something came back of. */
  readonly salesRefunded: Set<string>
  /** Sessions that a fact closes. */
  readonly sessionsClosed: Set<string>
  /** Expenses that something happened to. */
  readonly expenses: Set<string>
  /** Days of shops on which cash was given out for expenses, as `<shop>/<day>`. */
  readonly expenseDays: Set<string>
  readonly touched: Touched
  /** Sessions of which a fact changes where they stand: see session-now-sql.ts. */
  readonly sessionsChanged: Set<string>
}

export function noEffects(): Effects {
  return {
    saleLines: [],
    refundLines: [],
    transfers: [],
    sessions: new Map(),
    sessionCash: new Map(),
    days: new Map(),
    hours: new Map(),
    refunded: new Map(),
    counters: new Map(),
    paperNumbers: [],
    machineUses: [],
    saleIds: [],
    salesRefunded: new Set(),
    sessionsClosed: new Set(),
    expenses: new Set(),
    expenseDays: new Set(),
    touched: {
      bags: new Set(),
      counts: new Set(),
      orders: new Set(),
      funds: new Set(),
      settlements: new Set(),
      lines: new Set(),
      attempts: new Set(),
      recyclers: new Set(),
    },
    sessionsChanged: new Set(),
  }
}

/** The columns of `session_total` that are added to. */
export const sessionColumns = [
  'sales',
  'sales_minor',
  'refunds',
  'refunds_minor',
  'tax_minor',
  'cash_in_minor',
  'cash_out_minor',
  'pay_in_minor',
  'pay_out_minor',
  'dropped_minor',
  'topped_up_minor',
  'card_minor',
  'bank_transfer_minor',
  'promptpay_minor',
  'machine_minor',
  'rounding_minor',
] as const
/** The columns of `session_cash` that are added to. */
export const sessionCashColumns = [
  'float_minor',
  'cash_in_minor',
  'cash_out_minor',
  'dropped_minor',
  'topped_up_minor',
  'base_minor',
] as const
/** The columns of `daily_summary` that are added to. */
export const dayColumns = [
  'sales',
  'sales_minor',
  'refunds',
  'refunds_minor',
  'tax_minor',
  'pay_in_minor',
  'pay_out_minor',
  'cash_minor',
  'closes',
  'variance_minor',
] as const
/** The columns of `hourly_summary` that are added to. */
export const hourColumns = ['sales', 'sales_minor', 'refunds_minor'] as const
const refundedColumns = ['quantity', 'total_minor'] as const

type Added<Columns extends readonly string[]> = { readonly [C in Columns[number]]?: number }

export function addToSession(
  effects: Effects,
  sessionId: string,
  added: Added<typeof sessionColumns>,
): void {
  tally(
    effects.sessions,
    { session_id: sessionId },
    {
      name: sessionId,
      columns: sessionColumns,
      added,
    },
  )
}

/** Cash of a currency that is not the session's own: that has its columns in `addToSession`. */
export function addToSessionCash(
  effects: Effects,
  key: SessionCashKey,
  added: Added<typeof sessionCashColumns>,
): void {
  const name = `${key.session_id}/${key.currency}`
  tally(effects.sessionCash, key, { name, columns: sessionCashColumns, added })
}

/** A fact changes where a session stands: its state, its till or its person. */
export function changeSession(effects: Effects, sessionId: string): void {
  effects.sessionsChanged.add(sessionId)
}

export function addToDay(effects: Effects, key: DayKey, added: Added<typeof dayColumns>): void {
  const { shop_id, business_date, staff_id, currency } = key
  const name = `${shop_id}/${business_date}/${staff_id}/${currency}`
  tally(effects.days, key, { name, columns: dayColumns, added })
}

/** The hour is UTC's. */
export function addToHour(
  effects: Effects,
  { occurredAt, ...key }: Omit<HourKey, 'hour_at'> & { readonly occurredAt: string },
  added: Added<typeof hourColumns>,
): void {
  const hour_at = `${occurredAt.slice(0, 13)}:00:00.000Z`
  const name = `${key.shop_id}/${key.business_date}/${hour_at}/${key.currency}`
  tally(effects.hours, { ...key, hour_at }, { name, columns: hourColumns, added })
}

export function addToRefunded(
  effects: Effects,
  key: RefundedKey,
  added: Added<typeof refundedColumns>,
): void {
  const name = `${key.sale_id}/${key.line_no}`
  tally(effects.refunded, key, { name, columns: refundedColumns, added })
}

/** A receipt number was given out: the till's counter of the day is at least there. */
export function raiseCounter(effects: Effects, counter: CounterKey): void {
  const name = `${counter.till_id}/${counter.business_date}`
  const before = effects.counters.get(name)
  if (before === undefined || before.last < counter.last) effects.counters.set(name, counter)
}

export function addTransfer(effects: Effects, transfer: TransferRow): void {
  if (transfer.amount_minor !== 0) effects.transfers.push(transfer)
}

function tally<Key extends object>(
  rows: Tally<Key>,
  key: Key,
  {
    name,
    columns,
    added,
  }: {
    /** The key as one text. */
    readonly name: string
    readonly columns: readonly string[]
    readonly added: Readonly<Record<string, number>>
  },
): void {
  const known: Amounts | undefined = rows.get(name)
  const row = known ?? Object.fromEntries(columns.map((column) => [column, 0]))
  for (const column of Object.keys(added)) {
    const total = (row[column] ?? 0) + (added[column] ?? 0)
    assert(Number.isSafeInteger(total), 'what a batch adds to a total is exact')
    row[column] = total
  }
  if (known === undefined) rows.set(name, { ...key, ...row } as Key & Amounts)
}
