import { type ApprovalRefusal, type Authority, proveAuthority } from '../approval/check-approval.ts'
import { assert } from '../base/assert.ts'
import type { StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { checkPaidBack, type DrawerCash, type HoldsRefusal } from '../drawer/check-holds.ts'
import type { CashRounding } from '../money/cash-rounding.ts'
import { amountMax, type Currency, type Minor, minor, mulDivRound, sum } from '../money/money.ts'
import { linesMax, numberReceipt, type ReceiptPlace } from '../sale/complete-sale.ts'
import { type PriceTerms, unitQuantity } from '../sale/price-line.ts'
import { taxTotals } from '../tax/tax.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'
import { payBack } from './pay-back.ts'
import type { PayBack, PayBackRefusal, RefundLine, SaleRefunded } from './refund.ts'

export type RefundUnlinkedState = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** Nothing is paid back in cash that is not in the drawer. */
  readonly drawer: DrawerCash
  readonly products: PriceTerms['products']
  readonly receipt: ReceiptPlace
  /** How the shop rounds cash. Left out: it does not. */
  readonly rounding?: CashRounding | undefined
  /** It needs the permission `sale.refund_unlinked`, up to its limit, or an approval. */
  readonly authority: Authority
}

export type RefundUnlinked = Omit<PayBack, 'foreign'> & {
  readonly staffId: StaffId
  readonly currency: Currency
  readonly lines: readonly {
    readonly productId: string
    /** In thousandths, above zero. */
    readonly quantity: number
    /** With tax, for one unit: what the customer is believed to have paid. */
    readonly unitPriceMinor: Minor
  }[]
  readonly reason: string
}

export type RefundUnlinkedRefusal =
  | SessionRefusal
  | { readonly code: 'currency_differs'; readonly currency: Currency }
  | { readonly code: 'no_lines' }
  | { readonly code: 'too_many_lines'; readonly max: number }
  | { readonly code: 'product_not_found'; readonly index: number }
  | { readonly code: 'amount_too_large' }
  | PayBackRefusal
  | HoldsRefusal
  | ApprovalRefusal

/**
 * Decides whether goods come back without the sale's receipt. Refusals are checked in the order of
 * their union. A product that is no longer sold may come back; one that we never had may not.
 */
export function decideRefundUnlinked(
  state: RefundUnlinkedState,
  command: RefundUnlinked,
): Outcome<SaleRefunded, RefundUnlinkedRefusal> {
  const { currency } = command

  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  if (currency !== session.currency) {
    return refused({ code: 'currency_differs', currency: session.currency })
  }
  if (command.lines.length === 0) return refused({ code: 'no_lines' })
  if (command.lines.length > linesMax) return refused({ code: 'too_many_lines', max: linesMax })

  const priced = priceReturned(state.products, command.lines)
  if (!priced.ok) return priced
  const totalMinor = sum(priced.value.map((line) => line.totalMinor))
  if (totalMinor > amountMax) return refused({ code: 'amount_too_large' })
  const taxes = taxTotals(priced.value)
  const paid = payBack(totalMinor, command, { currency, rounding: state.rounding })
  if (!paid.ok) return paid
  const held = checkPaidBack(state.drawer, currency, paid.value.tenders)
  if (!held.ok) return held
  const act = { permission: 'sale.refund_unlinked', amountMinor: totalMinor, currency }
  const proven = proveAuthority(state.authority, act)
  if (!proven.ok) return proven

  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    ...numberReceipt(state.receipt),
    currency,
    lines: priced.value,
    taxes,
    totalMinor,
    taxMinor: sum(taxes.map((tax) => tax.taxMinor)),
    ...paid.value,
    reason: command.reason,
    ...proven.value,
  })
}

function priceReturned(
  products: PriceTerms['products'],
  asked: RefundUnlinked['lines'],
): Outcome<
  RefundLine[],
  Extract<RefundUnlinkedRefusal, { code: 'product_not_found' | 'amount_too_large' }>
> {
  const lines: RefundLine[] = []
  for (const [index, { productId, quantity, unitPriceMinor }] of asked.entries()) {
    assert(Number.isSafeInteger(quantity) && quantity > 0, 'something comes back')
    assert(unitPriceMinor >= 0, 'a price is not negative')
    const product = products.get(productId)
    if (product === undefined) return refused({ code: 'product_not_found', index })
    const total = mulDivRound(unitPriceMinor, quantity, unitQuantity)
    // Checked before it is an amount: the product of both bounds is no exact number any more.
    if (total > amountMax) return refused({ code: 'amount_too_large' })
    const { id, code, name, vatBasisPoints } = product
    lines.push({
      lineNo: index + 1,
      productId: id,
      code,
      name,
      quantity,
      totalMinor: minor(total),
      vatBasisPoints,
    })
  }
  return accepted(lines)
}
