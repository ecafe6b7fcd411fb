import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToDay, addToSession, addTransfer, type Effects } from '../apply/effects.ts'
import { advance, customer, drawer, overShort, safe, supplier } from '../cash/location.ts'
import { addMachineUse } from '../cash/machine-use.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts requests; those that are there already are left as they are. Returns the ids that were not. */
export async function insertExpenses(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'expense.requested'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    category_id: body.categoryId,
    category_name: body.categoryName,
    staff_id: body.staffId,
    currency: body.currency,
    amount_minor: body.amountMinor,
    purpose: body.purpose,
    recipient: body.recipient ?? '',
    due_at: body.dueAt,
    needs_receipt: body.needsReceipt,
    above: body.above,
    business_date: businessDate,
    requested_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO expense
      (org_id, id, shop_id, category_id, category_name, staff_id, currency, amount_minor, purpose,
       recipient, due_at, needs_receipt, above, business_date, requested_at)
    SELECT ${org}::uuid, id, shop_id, category_id, category_name, staff_id, currency, amount_minor,
      purpose, recipient, due_at, needs_receipt, ARRAY(SELECT jsonb_array_elements_text(above)),
      business_date, requested_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, category_id uuid, category_name text, staff_id uuid, currency text,
       amount_minor bigint, purpose text, recipient text, due_at timestamptz, needs_receipt boolean,
       above jsonb, business_date date, requested_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** A question moves no cash. */
export function addExpense(effects: Effects, { fact }: AppliedOf<'expense.requested'>): void {
  effects.expenses.add(fact.id)
}

type Answer = AppliedOf<'expense.approved'> | AppliedOf<'expense.declined'>

/** Inserts answers of either kind; those that are there are left. Returns the ids that were not. */
export async function insertAnswers(
  tx: Tx,
  org: OrgId,
  facts: readonly Answer[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, type, body, occurredAt } }) => ({
    expense_id: body.expenseId,
    id,
    shop_id: body.shopId,
    approver_id: body.approverId,
    approved: type === 'expense.approved',
    method: 'method' in body ? body.method : undefined,
    amount_minor: 'amountMinor' in body ? body.amountMinor : undefined,
    note: body.note ?? '',
    answered_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO expense_answer
      (org_id, expense_id, id, shop_id, approver_id, approved, method, amount_minor, note,
       answered_at)
    SELECT ${org}::uuid, expense_id, id, shop_id, approver_id, approved, method, amount_minor, note,
      answered_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (expense_id uuid, id uuid, shop_id uuid, approver_id uuid, approved boolean, method text,
       amount_minor bigint, note text, answered_at timestamptz)
    ON CONFLICT (org_id, expense_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** An answer moves no cash. */
export function addAnswer(effects: Effects, { fact }: Answer): void {
  effects.expenses.add(fact.body.expenseId)
}

/** Inserts payments; those that are there already are left as they are. Returns the ids that were not. */
export async function insertPayments(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'expense.paid'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    expense_id: body.expenseId,
    id,
    shop_id: body.shopId,
    category_id: body.categoryId,
    staff_id: body.staffId,
    taken_by: body.takenBy,
    currency: body.currency,
    amount_minor: body.amountMinor,
    pieces: body.pieces,
    till_id: body.tillId,
    session_id: body.sessionId,
    approval_id: body.approvalId,
    act_limit_minor: body.limits.actMinor,
    day_limit_minor: body.limits.dayMinor,
    person_day_limit_minor: body.limits.personDayMinor,
    shop_day_limit_minor: body.limits.shopDayMinor,
    business_date: businessDate,
    paid_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO expense_payment
      (org_id, expense_id, id, shop_id, category_id, staff_id, taken_by, currency, amount_minor,
       pieces, till_id, session_id, approval_id, act_limit_minor, day_limit_minor,
       person_day_limit_minor, shop_day_limit_minor, business_date, paid_at)
    SELECT ${org}::uuid, expense_id, id, shop_id, category_id, staff_id, taken_by, currency,
      amount_minor, pieces, till_id, session_id, approval_id, act_limit_minor, day_limit_minor,
      person_day_limit_minor, shop_day_limit_minor, business_date, paid_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (expense_id uuid, id uuid, shop_id uuid, category_id uuid, staff_id uuid, taken_by uuid,
       currency text, amount_minor bigint, pieces jsonb, till_id uuid, session_id uuid,
       approval_id uuid, act_limit_minor bigint, day_limit_minor bigint,
       person_day_limit_minor bigint, shop_day_limit_minor bigint, business_date date,
       paid_at timestamptz)
    ON CONFLICT (org_id, expense_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/**
 * The advance leaves a drawer or the safe, and is in somebody's hands. What a machine gave came out of neither: the
 * customer's place stands between.
 */
export function addPayment(effects: Effects, { fact }: AppliedOf<'expense.paid'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, expenseId, amountMinor, attemptId } = body
  const sessionId = attemptId === undefined ? body.sessionId : undefined
  addTransfer(effects, {
    id: `${id}/advance`,
    fact_id: id,
    shop_id: shopId,
    session_id: sessionId,
    staff_id: body.staffId,
    type: 'advance',
    from_location: attemptId === undefined ? sourceOf(body) : customer(shopId),
    to_location: advance(shopId, expenseId),
    currency: body.currency,
    amount_minor: amountMinor,
    pieces: body.pieces,
    business_date: businessDate,
    occurred_at: occurredAt,
  })
  if (sessionId !== undefined) {
    addToSession(effects, sessionId, { pay_out_minor: amountMinor, cash_out_minor: amountMinor })
  }
  if (attemptId !== undefined) {
    addMachineUse(effects, fact, { attemptId, kind: 'expense', minor: -amountMinor })
  }
  effects.expenses.add(expenseId)
  effects.expenseDays.add(`${shopId}/${businessDate}`)
}

/** Inserts settlements; those that are there are left as they are. Returns the ids that were not. */
export async function insertSettlements(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'expense.settled'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    expense_id: body.expenseId,
    id,
    shop_id: body.shopId,
    category_id: body.categoryId,
    staff_id: body.staffId,
    taken_by: body.takenBy,
    currency: body.currency,
    given_minor: body.givenMinor,
    spent_minor: body.spentMinor,
    returned_minor: body.returnedMinor,
    returned_pieces: body.returnedPieces,
    variance_minor: body.varianceMinor,
    till_id: body.tillId,
    session_id: body.sessionId,
    photo_id: body.photoId,
    no_receipt: body.noReceipt ?? '',
    business_date: businessDate,
    settled_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO expense_settlement
      (org_id, expense_id, id, shop_id, category_id, staff_id, taken_by, currency, given_minor,
       spent_minor, returned_minor, returned_pieces, variance_minor, till_id, session_id, photo_id,
       no_receipt, business_date, settled_at)
    SELECT ${org}::uuid, expense_id, id, shop_id, category_id, staff_id, taken_by, currency,
      given_minor, spent_minor, returned_minor, returned_pieces, variance_minor, till_id,
      session_id, photo_id, no_receipt, business_date, settled_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (expense_id uuid, id uuid, shop_id uuid, category_id uuid, staff_id uuid, taken_by uuid,
       currency text, given_minor bigint, spent_minor bigint, returned_minor bigint,
       returned_pieces jsonb, variance_minor bigint, till_id uuid, session_id uuid, photo_id uuid,
       no_receipt text, business_date date, settled_at timestamptz)
    ON CONFLICT (org_id, expense_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/**
 * What was spent goes to who sold it, what came back to the drawer or the safe. The difference is booked
 * against over and short, so the advance is at nothing again. It is nobody's session: no drawer was counted.
 */
export function addSettlement(effects: Effects, { fact }: AppliedOf<'expense.settled'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, expenseId, spentMinor, returnedMinor, varianceMinor, currency } = body
  const held = advance(shopId, expenseId)
  const moved = {
    ...{ fact_id: id, shop_id: shopId, staff_id: body.staffId, currency },
    ...{ business_date: businessDate, occurred_at: occurredAt },
  }
  addTransfer(effects, {
    ...moved,
    id: `${id}/spent`,
    type: 'expense',
    from_location: held,
    to_location: supplier(shopId),
    amount_minor: spentMinor,
  })
  addTransfer(effects, {
    ...moved,
    id: `${id}/returned`,
    session_id: body.sessionId,
    type: 'advance_return',
    from_location: held,
    to_location: sourceOf(body),
    amount_minor: returnedMinor,
    pieces: body.returnedPieces,
  })
  const surplus = varianceMinor > 0
  addTransfer(effects, {
    ...moved,
    id: `${id}/variance`,
    staff_id: body.takenBy,
    type: surplus ? 'surplus' : 'shortage',
    from_location: surplus ? overShort(shopId) : held,
    to_location: surplus ? held : overShort(shopId),
    amount_minor: Math.abs(varianceMinor),
  })
  if (body.sessionId !== undefined) {
    addToSession(effects, body.sessionId, {
      pay_in_minor: returnedMinor,
      cash_in_minor: returnedMinor,
    })
  }
  // An advance is no expense before somebody says what it bought.
  addToDay(
    effects,
    { shop_id: shopId, business_date: businessDate, staff_id: body.takenBy, currency },
    { pay_out_minor: spentMinor },
  )
  effects.expenses.add(expenseId)
}

const sourceOf = (body: { readonly tillId?: string; readonly shopId: string }): string =>
  body.tillId === undefined ? safe(body.shopId) : drawer(body.tillId)
