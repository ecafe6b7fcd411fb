import {
  type ApprovalRefusal,
  type Authority,
  type Proof,
  proveAuthority,
} from '../approval/check-approval.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import type { Day } from '../base/instant.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { CashRounding } from '../money/cash-rounding.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { amountMax, type Currency, type Minor, minor, sum } from '../money/money.ts'
import type { RatesHeld } from '../money/rate.ts'
import { type TaxTotal, taxTotals } from '../tax/tax.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'
import {
  type AskedLine,
  overrideOf,
  type PriceLineRefusal,
  type PriceTerms,
  priceLine,
  type SaleLine,
} from './price-line.ts'
import { receiptNumber } from './receipt-number.ts'
import {
  type AskedChange,
  type AskedTender,
  type SettleRefusal,
  settleTenders,
} from './settle-tenders.ts'
import { type ForeignChange, ownChangeMinor, type Tender } from './tender.ts'

/** The longest invoice of the trading data we run on has 593 lines. */
export const linesMax = 1_000
export const tendersMax = 20

/** What gives a receipt its number. */
export type ReceiptPlace = {
  /** The till's number in its shop, 1 to 99. */
  readonly tillNumber: number
  /** The day of business of the act. */
  readonly businessDate: Day
  /** The till's last counter of that day; 0 before the first. Held still until the act is recorded. */
  readonly lastCounter: number
}

export type CompleteSaleState = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** The catalogue, or as much of it as the sale asks for. */
  readonly products: PriceTerms['products']
  /** Another price than the catalogue's needs the permission `sale.price`, up to its limit, or an approval. */
  readonly authority: Authority
  readonly receipt: ReceiptPlace
  /** The rates that hold in the shop when the sale is made. Left out: no other currency is taken. */
  readonly rates?: RatesHeld | undefined
  /** How the shop rounds cash. Left out: it does not. */
  readonly rounding?: CashRounding | undefined
}

export type CompleteSale = {
  readonly staffId: StaffId
  readonly currency: Currency
  readonly lines: readonly AskedLine[]
  readonly tenders: readonly AskedTender[]
  /** Change that is wanted in a currency that was paid with; the rest is the sale's. */
  readonly change?: readonly AskedChange[] | undefined
  /** The notes and coins given back in the sale's currency; they add up to the change in it. */
  readonly changePieces?: Pieces | undefined
  /** The total that the asker showed its customer: a difference is refused. */
  readonly expectedTotalMinor?: Minor | undefined
  readonly customerNumber?: string | undefined
  readonly note?: string | undefined
}

/**
 * A sale, whole. The body of the fact `sale.completed`; the fact's id is the sale's. By what right it was made is said
 * where something was sold at another price.
 */
export type SaleCompleted = Proof & {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly receiptNumber: string
  readonly receiptCounter: number
  readonly currency: Currency
  readonly lines: readonly SaleLine[]
  readonly taxes: readonly TaxTotal[]
  /** With tax. What the tenders pay, but for the rounding. */
  readonly totalMinor: Minor
  readonly taxMinor: Minor
  readonly tenders: readonly Tender[]
  /** What the cash given back is worth: given − change − rounding = total. */
  readonly changeMinor: Minor
  /** The part of the change that is given in other currencies; the rest is in the sale's. */
  readonly change?: readonly ForeignChange[]
  /** The notes and coins of the change in the sale's own currency. */
  readonly changePieces?: Pieces
  /** What the customer paid more than the total, or less, because cash is rounded. Left out where nothing. */
  readonly roundingMinor?: Minor
  readonly customerNumber?: string
  readonly note?: string
}

export type CompleteSaleRefusal =
  | SessionRefusal
  | { readonly code: 'currency_differs'; readonly currency: Currency }
  | { readonly code: 'no_lines' }
  | { readonly code: 'too_many_lines'; readonly max: number }
  | { readonly code: 'too_many_tenders'; readonly max: number }
  | PriceLineRefusal
  | { readonly code: 'total_differs'; readonly totalMinor: Minor }
  | SettleRefusal
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'change' }
  | ApprovalRefusal

/** Lines with their prices, and what they come to: what a cart shows before anything is paid. */
export type PricedSale = {
  readonly lines: readonly SaleLine[]
  readonly taxes: readonly TaxTotal[]
  readonly totalMinor: Minor
  readonly taxMinor: Minor
}

/** Prices lines, first to last, and adds them up. The first line that cannot be sold refuses all. */
export function priceSale(
  terms: PriceTerms,
  asked: readonly AskedLine[],
): Outcome<PricedSale, PriceLineRefusal> {
  const lines: SaleLine[] = []
  let total = 0
  for (const [index, line] of asked.entries()) {
    const priced = priceLine(terms, line, index)
    if (!priced.ok) return priced
    lines.push(priced.value)
    total += priced.value.totalMinor
  }
  if (total > amountMax) return refused({ code: 'amount_too_large' })
  const taxes = taxTotals(lines)
  const taxMinor = sum(taxes.map((tax) => tax.taxMinor))
  return accepted({ lines, taxes, totalMinor: minor(total), taxMinor })
}

/**
 * Decides whether a sale is made. Refusals are checked in the order of their union: nobody is called to approve what
 * could not be done anyway. A sale that comes to nothing needs no tender.
 */
export function decideCompleteSale(
  state: CompleteSaleState,
  command: CompleteSale,
): Outcome<SaleCompleted, CompleteSaleRefusal> {
  const { currency, expectedTotalMinor, changePieces, customerNumber, note } = command

  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  if (currency !== session.currency) {
    return refused({ code: 'currency_differs', currency: session.currency })
  }
  if (command.lines.length === 0) return refused({ code: 'no_lines' })
  if (command.lines.length > linesMax) return refused({ code: 'too_many_lines', max: linesMax })
  if (command.tenders.length > tendersMax) {
    return refused({ code: 'too_many_tenders', max: tendersMax })
  }

  const priced = priceSale({ products: state.products, currency }, command.lines)
  if (!priced.ok) return priced
  const { totalMinor } = priced.value
  if (expectedTotalMinor !== undefined && expectedTotalMinor !== totalMinor) {
    return refused({ code: 'total_differs', totalMinor })
  }

  const { rates, rounding } = state
  const terms = { currency, rates, rounding, change: command.change }
  const settled = settleTenders(totalMinor, command.tenders, terms)
  if (!settled.ok) return settled
  if (changePieces !== undefined && !piecesAddUp(changePieces, ownChangeMinor(settled.value))) {
    return refused({ code: 'pieces_do_not_add_up', of: 'change' })
  }
  const proven = provePrices(state.authority, priced.value.lines, currency)
  if (!proven.ok) return proven

  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    ...numberReceipt(state.receipt),
    currency,
    ...priced.value,
    ...settled.value,
    ...(changePieces !== undefined && { changePieces: orderPieces(changePieces) }),
    ...(customerNumber !== undefined && { customerNumber }),
    ...(note !== undefined && { note }),
    ...proven.value,
  })
}

/** By what right lines are sold at other prices than the catalogue's: the amount is by how much they differ. */
function provePrices(
  authority: Authority,
  lines: readonly SaleLine[],
  currency: Currency,
): Outcome<Proof, ApprovalRefusal> {
  const amountMinor = overrideOf(lines)
  if (amountMinor === undefined) return accepted({})
  return proveAuthority(authority, { permission: 'sale.price', amountMinor, currency })
}

/** Gives an act the next number of its till's day. */
export function numberReceipt({ tillNumber, businessDate, lastCounter }: ReceiptPlace) {
  const receiptCounter = lastCounter + 1
  return {
    receiptNumber: receiptNumber(tillNumber, businessDate, receiptCounter),
    receiptCounter,
  }
}
