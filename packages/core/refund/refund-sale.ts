import { type ApprovalRefusal, type Authority, proveAuthority } from '../approval/check-approval.ts'
import { assert } from '../base/assert.ts'
import type { StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { checkPaidBack, type DrawerCash, type HoldsRefusal } from '../drawer/check-holds.ts'
import type { CashRounding } from '../money/cash-rounding.ts'
import { type Currency, minor, mulDivFloor, sum } from '../money/money.ts'
import { numberReceipt, type ReceiptPlace } from '../sale/complete-sale.ts'
import type { SaleLine } from '../sale/price-line.ts'
import type { CashPaid } from '../sale/tender.ts'
import { type TaxTotal, taxInside, totalsByRate } from '../tax/tax.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'
import { foreignPaidOf, payBack } from './pay-back.ts'
import type { PayBack, PayBackRefusal, RefundLine, SaleRefunded } from './refund.ts'

/** What a refund needs to know of its sale, and of what came back of it so far. */
export type RefundableSale = Partial<Pick<CashPaid, 'tenders' | 'change'>> & {
  readonly id: string
  readonly currency: Currency
  readonly lines: readonly Pick<
    SaleLine,
    'lineNo' | 'productId' | 'code' | 'name' | 'quantity' | 'totalMinor' | 'vatBasisPoints'
  >[]
  /** Every refund of it that is known here, in any order. */
  readonly refunds: readonly (Partial<Pick<CashPaid, 'tenders'>> & {
    readonly lines: readonly Pick<RefundLine, 'lineNo' | 'quantity' | 'totalMinor'>[]
    readonly taxes: readonly Pick<TaxTotal, 'vatBasisPoints' | 'taxMinor'>[]
  })[]
}

export type RefundSaleState = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** Nothing is paid back in cash that is not in the drawer. */
  readonly drawer: DrawerCash
  readonly sale: RefundableSale | undefined
  readonly receipt: ReceiptPlace
  /** How the shop rounds cash. Left out: it does not. */
  readonly rounding?: CashRounding | undefined
  /** A refund needs the permission `sale.refund`, up to its limit, or an approval. */
  readonly authority: Authority
}

export type RefundSale = PayBack & {
  readonly staffId: StaffId
  /** Left out: all that has not come back yet. */
  readonly lines?: readonly { readonly lineNo: number; readonly quantity: number }[] | undefined
  readonly reason: string
}

export type RefundSaleRefusal =
  | SessionRefusal
  | { readonly code: 'sale_not_found' }
  | { readonly code: 'currency_differs'; readonly currency: Currency }
  | { readonly code: 'no_lines' }
  | { readonly code: 'line_not_found'; readonly lineNo: number }
  | { readonly code: 'line_repeated'; readonly lineNo: number }
  | { readonly code: 'nothing_left_to_refund' }
  | {
      readonly code: 'quantity_above_remaining'
      readonly lineNo: number
      /** In thousandths, zero or more. */
      readonly remaining: number
    }
  | PayBackRefusal
  | HoldsRefusal
  | ApprovalRefusal

/** What of one line of a sale has come back, and what has not. */
export type RemainingLine = {
  readonly line: RefundableSale['lines'][number]
  /** Thousandths that may still come back. Zero where more came back than was sold. */
  readonly remaining: number
  readonly refundedQuantity: number
  readonly refundedMinor: number
}

/**
 * Decides whether goods of a sale come back. Refusals are checked in the order of their union, the
 * lines first to last.
 *
 * Amounts are cumulative: after a refund, a line has paid back its total's share of all the quantity
 * that came back, rounded down, and a rate the tax of all that was paid back of it. So however a sale
 * comes back, in parts or at once, the parts are worth what the whole is, and its tax is the sale's.
 */
export function decideRefundSale(
  state: RefundSaleState,
  command: RefundSale,
): Outcome<SaleRefunded, RefundSaleRefusal> {
  const planned = planRefund(state, command)
  if (!planned.ok) return planned
  const { currency, totalMinor: amountMinor, tenders } = planned.value
  const held = checkPaidBack(state.drawer, currency, tenders)
  if (!held.ok) return held
  const act = { permission: 'sale.refund', amountMinor, currency }
  const proven = proveAuthority(state.authority, act)
  return proven.ok ? accepted({ ...planned.value, ...proven.value }) : proven
}

/** What a refund would be, whoever may give it. */
export function planRefund(
  state: Omit<RefundSaleState, 'authority' | 'drawer'>,
  command: RefundSale,
): Outcome<SaleRefunded, Exclude<RefundSaleRefusal, HoldsRefusal | ApprovalRefusal>> {
  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  const { sale } = state
  if (sale === undefined) return refused({ code: 'sale_not_found' })
  if (sale.currency !== session.currency) {
    return refused({ code: 'currency_differs', currency: session.currency })
  }

  const remaining = remainingOf(sale)
  const chosen = chooseLines(remaining, command.lines)
  if (!chosen.ok) return chosen
  const lines = chosen.value.map(([line, quantity]) => refundLine(line, quantity))
  const taxes = refundTaxes(remaining, lines, sale)
  const totalMinor = sum(lines.map((line) => line.totalMinor))
  const paid = payBack(totalMinor, command, {
    currency: sale.currency,
    rounding: state.rounding,
    paid: foreignPaidOf(sale, sale.refunds),
  })
  if (!paid.ok) return paid

  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    saleId: sale.id,
    ...numberReceipt(state.receipt),
    currency: sale.currency,
    lines,
    taxes,
    totalMinor,
    taxMinor: sum(taxes.map((tax) => tax.taxMinor)),
    ...paid.value,
    reason: command.reason,
  })
}

/** What of each line of a sale may still come back. */
export function remainingOf(sale: RefundableSale): RemainingLine[] {
  const returned = sale.refunds.flatMap((refund) => refund.lines)
  return sale.lines.map((line) => {
    const own = returned.filter(({ lineNo }) => lineNo === line.lineNo)
    const refundedQuantity = own.reduce((all, { quantity }) => all + quantity, 0)
    const refundedMinor = own.reduce((all, { totalMinor }) => all + totalMinor, 0)
    // Two shops that were cut off from each other may have taken back more than was sold.
    const remaining = Math.max(0, line.quantity - refundedQuantity)
    return { line, remaining, refundedQuantity, refundedMinor }
  })
}

type Chosen = readonly (readonly [RemainingLine, quantity: number])[]

function chooseLines(
  remaining: readonly RemainingLine[],
  asked: RefundSale['lines'],
): Outcome<Chosen, Exclude<RefundSaleRefusal, HoldsRefusal | ApprovalRefusal>> {
  const left = remaining.filter((line) => line.remaining > 0)
  if (asked === undefined) {
    if (left.length === 0) return refused({ code: 'nothing_left_to_refund' })
    return accepted(left.map((line) => [line, line.remaining] as const))
  }
  if (asked.length === 0) return refused({ code: 'no_lines' })

  const chosen = new Map<number, readonly [RemainingLine, number]>()
  for (const { lineNo, quantity } of asked) {
    assert(Number.isSafeInteger(quantity) && quantity > 0, 'something comes back')
    const line = remaining.find((each) => each.line.lineNo === lineNo)
    if (line === undefined) return refused({ code: 'line_not_found', lineNo })
    if (chosen.has(lineNo)) return refused({ code: 'line_repeated', lineNo })
    chosen.set(lineNo, [line, quantity])
  }
  if (left.length === 0) return refused({ code: 'nothing_left_to_refund' })
  for (const [line, quantity] of chosen.values()) {
    if (quantity > line.remaining) {
      const { lineNo } = line.line
      return refused({ code: 'quantity_above_remaining', lineNo, remaining: line.remaining })
    }
  }
  return accepted([...chosen.values()])
}

function refundLine(
  { line, refundedQuantity, refundedMinor }: RemainingLine,
  quantity: number,
): RefundLine {
  const { lineNo, productId, code, name, vatBasisPoints } = line
  const due = mulDivFloor(line.totalMinor, refundedQuantity + quantity, line.quantity)
  // Below zero only where two shops refunded at once, each the part that rounding favours.
  const totalMinor = minor(Math.max(0, due - refundedMinor))
  return { lineNo, productId, code, name, quantity, totalMinor, vatBasisPoints }
}

function refundTaxes(
  remaining: readonly RemainingLine[],
  lines: readonly RefundLine[],
  sale: RefundableSale,
): TaxTotal[] {
  return Array.from(totalsByRate(lines), ([vatBasisPoints, totalMinor]) => {
    const before = remaining.reduce(
      (all, each) => (each.line.vatBasisPoints === vatBasisPoints ? all + each.refundedMinor : all),
      0,
    )
    const taxBefore = sale.refunds
      .flatMap((refund) => refund.taxes)
      .reduce((all, tax) => (tax.vatBasisPoints === vatBasisPoints ? all + tax.taxMinor : all), 0)
    const due = taxInside(minor(before + totalMinor), vatBasisPoints) - taxBefore
    const taxMinor = minor(Math.min(Math.max(0, due), totalMinor))
    return { vatBasisPoints, netMinor: minor(totalMinor - taxMinor), taxMinor }
  })
}
