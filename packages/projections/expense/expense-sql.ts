import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type {
  Expense,
  ExpenseCategory,
  ExpenseCategoryId,
  ExpenseId,
  ExpenseState,
  LimitName,
  SpentSoFar,
} from '@tillkeeper/core/expense/expense.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

export type ExpenseAnswer = {
  readonly id: string
  readonly approved: boolean
  readonly approverId: StaffId
  readonly approverName: string
  readonly method: 'pin' | 'office' | null
  readonly note: string
  readonly answeredAt: Instant
}

export type ExpensePayment = {
  readonly id: string
  readonly staffId: StaffId
  readonly staffName: string
  readonly amountMinor: Minor
  /** Both null where the safe paid. */
  readonly tillId: TillId | null
  readonly sessionId: SessionId | null
  /** Paid by an approval: it does not count against the limits. */
  readonly approved: boolean
  readonly businessDate: Day
  readonly paidAt: Instant
}

export type ExpenseSettlement = {
  readonly id: string
  readonly staffId: StaffId
  readonly staffName: string
  readonly spentMinor: Minor
  readonly returnedMinor: Minor
  /** Below zero: missing. */
  readonly varianceMinor: Minor
  readonly photoId: string | null
  readonly noReceipt: string
  readonly businessDate: Day
  readonly settledAt: Instant
}

/** An expense with all that became of it. Of several acts of a kind the one with the lowest id. */
export type ExpenseRow = {
  readonly id: ExpenseId
  readonly shopId: ShopId
  readonly categoryId: ExpenseCategoryId
  readonly categoryName: string
  readonly staffId: StaffId
  readonly staffName: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly purpose: string
  readonly recipient: string
  readonly dueAt: Instant | null
  readonly needsReceipt: boolean
  readonly above: readonly LimitName[]
  readonly state: ExpenseState
  readonly businessDate: Day
  readonly requestedAt: Instant
  readonly answer: ExpenseAnswer | null
  readonly payment: ExpensePayment | null
  readonly settlement: ExpenseSettlement | null
}

export type ExpenseFilter = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly id?: string | undefined
  readonly state?: ExpenseState | undefined
  readonly staffId?: StaffId | undefined
  readonly categoryId?: string | undefined
  readonly from?: Day | undefined
  readonly to?: Day | undefined
  /** Only what is not at its end yet, or was paid on this day: what a till has to know of. */
  readonly openOrPaidOn?: Day | undefined
  readonly after?: readonly [requestedAt: string, id: string] | undefined
  readonly limit: number
}

/** The expenses of the shops, the newest first. */
export async function listExpenses(
  sql: Reader,
  org: OrgId,
  filter: ExpenseFilter,
): Promise<Page<ExpenseRow>> {
  const { limit } = filter
  const rows = await sql<ExpenseRow[]>`
    SELECT id, "shopId", "categoryId", "categoryName", "staffId", "staffName", currency,
      "amountMinor", purpose, recipient, "dueAt", "needsReceipt", above, state, "businessDate",
      "requestedAt", answer, payment, settlement
    FROM (${expenses(sql, org, filter)}) AS listed
    WHERE ${filter.state === undefined ? sql`TRUE` : sql`state = ${filter.state}`}
      AND ${
        filter.openOrPaidOn === undefined
          ? sql`TRUE`
          : sql`(state IN ('requested', 'approved', 'paid')
              OR payment ->> 'businessDate' = ${filter.openOrPaidOn})`
      }
    ORDER BY "requestedAt" DESC, id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows.map(withInstants), limit, ({ requestedAt, id }) => [requestedAt, id])
}

/** One expense, where the shops have it. */
export async function findExpense(
  sql: Reader,
  org: OrgId,
  { id, shops }: { readonly id: string; readonly shops: ShopScope },
): Promise<ExpenseRow | undefined> {
  const { items } = await listExpenses(sql, org, { id, shops, limit: 1 })
  return items[0]
}

// Inside of json an instant has the database's own spelling.
function withInstants(row: ExpenseRow): ExpenseRow {
  const { answer, payment, settlement } = row
  const at = (instant: Instant) => new Date(instant).toISOString()
  return {
    ...row,
    answer: answer && { ...answer, answeredAt: at(answer.answeredAt) },
    payment: payment && { ...payment, paidAt: at(payment.paidAt) },
    settlement: settlement && { ...settlement, settledAt: at(settlement.settledAt) },
  }
}

const nameOf = (sql: Reader, column: string) => sql`
  coalesce((
    SELECT name FROM employee WHERE employee.org_id = expense.org_id AND employee.id = ${sql(column)}
  ), '')
`

const expenses = (sql: Reader, org: OrgId, filter: ExpenseFilter) => sql`
  SELECT expense.id, expense.shop_id AS "shopId", expense.category_id AS "categoryId",
    coalesce(nullif(category.name, ''), expense.category_name) AS "categoryName",
    expense.staff_id AS "staffId", ${nameOf(sql, 'expense.staff_id')} AS "staffName",
    expense.currency, expense.amount_minor AS "amountMinor", expense.purpose, expense.recipient,
    expense.due_at AS "dueAt", expense.needs_receipt AS "needsReceipt", expense.above,
    CASE
      WHEN settlement.json IS NOT NULL THEN 'settled'
      WHEN payment.json IS NOT NULL THEN 'paid'
      WHEN answer.json IS NULL THEN 'requested'
      WHEN (answer.json ->> 'approved')::boolean THEN 'approved'
      ELSE 'declined'
    END AS state,
    expense.business_date AS "businessDate", expense.requested_at AS "requestedAt",
    answer.json AS answer, payment.json AS payment, settlement.json AS settlement
  FROM expense
  LEFT JOIN expensecategory AS category
    ON category.org_id = expense.org_id AND category.id = expense.category_id
  LEFT JOIN LATERAL (
    -- Of an approval and a refusal that met, the refusal stands.
    SELECT jsonb_build_object('id', given.id, 'approved', approved, 'approverId', approver_id,
      'approverName', ${nameOf(sql, 'given.approver_id')}, 'method', method, 'note', note,
      'answeredAt', answered_at) AS json
    FROM expense_answer AS given
    WHERE given.org_id = expense.org_id AND given.expense_id = expense.id
    ORDER BY approved, given.id
    LIMIT 1
  ) AS answer ON TRUE
  LEFT JOIN LATERAL (
    SELECT jsonb_build_object('id', paid.id, 'staffId', paid.staff_id,
      'staffName', ${nameOf(sql, 'paid.staff_id')}, 'amountMinor', paid.amount_minor,
      'tillId', till_id, 'sessionId', session_id, 'approved', approval_id IS NOT NULL,
      'businessDate', paid.business_date, 'paidAt', paid_at) AS json
    FROM expense_payment AS paid
    WHERE paid.org_id = expense.org_id AND paid.expense_id = expense.id
    ORDER BY paid.id
    LIMIT 1
  ) AS payment ON TRUE
  LEFT JOIN LATERAL (
    SELECT jsonb_build_object('id', home.id, 'staffId', home.staff_id,
      'staffName', ${nameOf(sql, 'home.staff_id')}, 'spentMinor', spent_minor,
      'returnedMinor', returned_minor, 'varianceMinor', variance_minor, 'photoId', photo_id,
      'noReceipt', no_receipt, 'businessDate', home.business_date, 'settledAt', settled_at) AS json
    FROM expense_settlement AS home
    WHERE home.org_id = expense.org_id AND home.expense_id = expense.id
    ORDER BY home.id
    LIMIT 1
  ) AS settlement ON TRUE
  WHERE expense.org_id = ${org} AND ${inScope(sql, 'expense.shop_id', filter.shops)}
    AND ${filter.id === undefined ? sql`TRUE` : sql`expense.id = ${filter.id}`}
    AND ${filter.shopId === undefined ? sql`TRUE` : sql`expense.shop_id = ${filter.shopId}`}
    AND ${filter.staffId === undefined ? sql`TRUE` : sql`expense.staff_id = ${filter.staffId}`}
    AND ${
      filter.categoryId === undefined ? sql`TRUE` : sql`expense.category_id = ${filter.categoryId}`
    }
    AND ${filter.from === undefined ? sql`TRUE` : sql`expense.business_date >= ${filter.from}`}
    AND ${filter.to === undefined ? sql`TRUE` : sql`expense.business_date <= ${filter.to}`}
    AND ${
      filter.after === undefined
        ? sql`TRUE`
        : sql`(expense.requested_at, expense.id)
            < (${filter.after[0]}::timestamptz, ${filter.after[1]}::uuid)`
    }
`

/** An expense as decisions take it; the caller holds the organisation. */
export async function readExpense(
  sql: Reader,
  org: OrgId,
  id: string,
): Promise<(Expense & { readonly needsReceipt: boolean }) | undefined> {
  const row = await findExpense(sql, org, { id, shops: 'all' })
  return row === undefined ? undefined : toExpense(row)
}

/** What a decision needs of an expense that was read. */
export function toExpense(row: ExpenseRow): Expense & { readonly needsReceipt: boolean } {
  const { id, shopId, categoryId, staffId, currency, amountMinor, state, needsReceipt } = row
  const { answer, payment } = row
  return {
    ...{ id, shopId, categoryId, staffId, currency, amountMinor, state, needsReceipt },
    ...(answer?.approved === true && { approvalId: answer.id }),
    ...(payment !== null && { paid: { amountMinor: payment.amountMinor } }),
  }
}

/** What counts against an expense's limits on a day of its shop; the caller holds the organisation. */
export async function readSpent(
  sql: Reader,
  org: OrgId,
  of: {
    readonly shopId: ShopId
    readonly categoryId: string
    readonly staffId: StaffId
    readonly currency: Currency
    readonly businessDate: Day
  },
): Promise<SpentSoFar> {
  const [row] = await sql<SpentSoFar[]>`
    SELECT coalesce(sum(amount_minor), 0)::bigint AS "shopDayMinor",
      coalesce(sum(amount_minor) FILTER (WHERE category_id = ${of.categoryId}), 0)::bigint
        AS "dayMinor",
      coalesce(sum(amount_minor) FILTER (
        WHERE category_id = ${of.categoryId} AND taken_by = ${of.staffId}
      ), 0)::bigint AS "personDayMinor"
    FROM expense_payment
    WHERE org_id = ${org} AND shop_id = ${of.shopId} AND business_date = ${of.businessDate}
      AND approval_id IS NULL AND currency = ${of.currency}
  `
  return row ?? { dayMinor: 0, personDayMinor: 0, shopDayMinor: 0 }
}

type CategoryRow = Pick<ExpenseCategory, 'id' | 'name' | 'active' | 'needsReceipt'> & {
  readonly currency: Currency | null
  readonly actMinor: Minor | null
  readonly dayMinor: Minor | null
  readonly personDayMinor: Minor | null
}

/** As many categories are read: a list that a person chooses from. */
export const categoriesMax = 200

/** The categories by name, or one of them. */
export async function listExpenseCategories(
  sql: Reader,
  org: OrgId,
  { id }: { readonly id?: string | undefined } = {},
): Promise<readonly ExpenseCategory[]> {
  const rows = await sql<CategoryRow[]>`
    SELECT id, name, active, needs_receipt AS "needsReceipt", currency, act_minor AS "actMinor",
      day_minor AS "dayMinor", person_day_minor AS "personDayMinor"
    FROM expensecategory
    WHERE org_id = ${org} AND ${id === undefined ? sql`TRUE` : sql`id = ${id}`}
    ORDER BY name, id
    LIMIT ${categoriesMax}
  `
  return rows.map(({ currency, actMinor, dayMinor, personDayMinor, ...category }) => ({
    ...category,
    ...(currency !== null && {
      limits: {
        currency,
        ...(actMinor !== null && { actMinor }),
        ...(dayMinor !== null && { dayMinor }),
        ...(personDayMinor !== null && { personDayMinor }),
      },
    }),
  }))
}
