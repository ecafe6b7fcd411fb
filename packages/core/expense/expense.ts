import type { Id, ShopId, StaffId } from '../base/id.ts'
import type { Day, Instant } from '../base/instant.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

/** The request's: an expense is named by the act that asked for it. */
export type ExpenseId = Id<'expense'>
export type ExpenseCategoryId = Id<'expensecategory'>

/**
 * What may be paid of a category without anybody's approval: in one act, in a shop's day, by one person in
 * a day. A limit that is left out bounds nothing; one of zero asks for an approval each time.
 */
export type ExpenseLimits = {
  readonly currency: Currency
  readonly actMinor?: Minor
  readonly dayMinor?: Minor
  readonly personDayMinor?: Minor
}

/** What a shop spends cash on, as the owner set it up. */
export type ExpenseCategory = {
  readonly id: ExpenseCategoryId
  readonly name: string
  readonly active: boolean
  readonly needsReceipt: boolean
  /** Nobody set any: then each expense needs an approval, and is in the shop's currency. */
  readonly limits?: ExpenseLimits
}

/** The limits that a payment kept to, as its author knew them: what is left out bounded nothing. */
export type LimitsKept = {
  readonly actMinor?: Minor
  readonly dayMinor?: Minor
  readonly personDayMinor?: Minor
  /** Of all categories of the shop together. */
  readonly shopDayMinor?: Minor
}

/** Which limit an amount is above: of the act, the category's day, the person's day, the shop's day. */
export type LimitName = 'act' | 'day' | 'person_day' | 'shop_day'

/**
 * States only move up: requested < approved, declined < paid < settled. Within its limits an expense is
 * paid without having been approved.
 */
export type ExpenseState = 'requested' | 'approved' | 'declined' | 'paid' | 'settled'

/** Cash that somebody asked for, and what became of it. */
export type Expense = {
  readonly id: ExpenseId
  readonly shopId: ShopId
  readonly categoryId: ExpenseCategoryId
  /** Who asked for it, and takes the cash. */
  readonly staffId: StaffId
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly state: ExpenseState
  /** The fact by which it was approved; of several the one with the lowest id. */
  readonly approvalId?: string | undefined
  /** What was given out; of several nodes that could not hear each other the payment with the lowest id. */
  readonly paid?: { readonly amountMinor: Minor } | undefined
}

/** What was paid without an approval, where and when; sums in minor units of the expense's currency. */
export type SpentSoFar = {
  /** Of the category, in the shop, on the day. */
  readonly dayMinor: number
  /** Of that, what the person took. */
  readonly personDayMinor: number
  /** Of all categories, in the shop, on the day. */
  readonly shopDayMinor: number
}

export const nothingSpent: SpentSoFar = { dayMinor: 0, personDayMinor: 0, shopDayMinor: 0 }

/** A payment as limits count it. */
export type PaymentMade = {
  readonly categoryId: ExpenseCategoryId
  readonly staffId: StaffId
  readonly currency: Currency
  readonly amountMinor: number
  readonly businessDate: Day
  readonly approved: boolean
}

/**
 * Adds up what counts against the limits of an expense: what was paid without approval on its day. What
 * somebody approved was allowed by itself, and leaves the limit as it is.
 */
export function sumSpent(
  payments: Iterable<PaymentMade>,
  of: Pick<PaymentMade, 'categoryId' | 'staffId' | 'currency' | 'businessDate'>,
): SpentSoFar {
  let { dayMinor, personDayMinor, shopDayMinor } = nothingSpent
  for (const { categoryId, staffId, currency, amountMinor, businessDate, approved } of payments) {
    if (approved || businessDate !== of.businessDate || currency !== of.currency) continue
    shopDayMinor += amountMinor
    if (categoryId !== of.categoryId) continue
    dayMinor += amountMinor
    if (staffId === of.staffId) personDayMinor += amountMinor
  }
  return { dayMinor, personDayMinor, shopDayMinor }
}

/**
 * The limits that hold for a category in a shop. Nobody set any: nothing may be paid without approval.
 * `shopDayMinor` is the shop's for a day over all categories; 0 is none.
 */
export function limitsOf(
  { limits }: { readonly limits?: ExpenseLimits | undefined },
  shopDayMinor: Minor | undefined,
): LimitsKept {
  const shop = shopDayMinor === undefined || shopDayMinor === 0 ? {} : { shopDayMinor }
  if (limits === undefined) return { actMinor: minor(0), ...shop }
  const { currency: _, ...kept } = limits
  return { ...kept, ...shop }
}

/** The limits that one more expense would be above; none, and it needs no approval. */
export function findLimitsAbove(
  limits: LimitsKept,
  spent: SpentSoFar,
  amountMinor: Minor,
): readonly LimitName[] {
  const names: LimitName[] = []
  const check = (name: LimitName, limit: number | undefined, sum: number) => {
    if (limit !== undefined && sum > limit) names.push(name)
  }
  check('act', limits.actMinor, amountMinor)
  check('day', limits.dayMinor, spent.dayMinor + amountMinor)
  check('person_day', limits.personDayMinor, spent.personDayMinor + amountMinor)
  check('shop_day', limits.shopDayMinor, spent.shopDayMinor + amountMinor)
  return names
}

const ranks = { requested: 0, approved: 1, declined: 1, paid: 2, settled: 3 } as const

/**
 * The state after something more is known to have happened: it only moves up, in whatever order one hears
 * of it. Of an approval and a refusal that met, the refusal stands until the cash is out.
 */
export function raiseState(state: ExpenseState, heard: ExpenseState): ExpenseState {
  if (ranks[heard] === ranks[state]) return heard === 'declined' ? heard : state
  return ranks[heard] > ranks[state] ? heard : state
}

/** Whether an advance is rung for: it is out, and its time has come. */
export function isDue(
  { state, dueAt }: { readonly state: ExpenseState; readonly dueAt?: Instant | undefined },
  now: Instant,
): boolean {
  return state === 'paid' && dueAt !== undefined && dueAt <= now
}
