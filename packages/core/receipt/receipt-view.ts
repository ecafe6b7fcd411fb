import type { Day, Instant } from '../base/instant.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import type { Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { RefundLine } from '../refund/refund.ts'
import type { SaleLine } from '../sale/price-line.ts'
import type { ForeignChange, Tender } from '../sale/tender.ts'
import type { TaxTotal } from '../tax/tax.ts'
import type { CountedCash } from '../till/counted-cash.ts'
import type { SessionTotals } from '../till/session-totals.ts'

/** A shop as its receipts show it. */
export type ReceiptShop = {
  readonly name: string
  readonly address: string
  readonly taxNumber: string
  /** An IANA name: the clock of its receipts. */
  readonly timeZone: string
  readonly receiptFooter: string
}

type Issued = {
  readonly shop: ReceiptShop
  readonly tillNumber: number
  readonly staffName: string
  readonly currency: Currency
}

type Act = Issued & {
  readonly receiptNumber: string
  readonly occurredAt: Instant
  readonly taxes: readonly TaxTotal[]
  readonly totalMinor: Minor
  readonly tenders: readonly Pick<Tender, 'method' | 'givenMinor' | 'foreign'>[]
  /** What cash was rounded by; left out where nothing. */
  readonly roundingMinor?: Minor | undefined
}

export type SaleReceipt = Act & {
  readonly kind: 'sale'
  readonly lines: readonly Pick<
    SaleLine,
    'name' | 'quantity' | 'unitPriceMinor' | 'discountMinor' | 'totalMinor'
  >[]
  readonly changeMinor: Minor
  /** The part of the change in other currencies. */
  readonly change?: readonly ForeignChange[] | null | undefined
  readonly customerNumber?: string | null | undefined
  readonly note?: string | undefined
}

export type RefundReceipt = Act & {
  /** A void is the refund of a whole sale on its day. */
  readonly kind: 'refund' | 'void'
  readonly lines: readonly Pick<RefundLine, 'name' | 'quantity' | 'totalMinor'>[]
  /** Of the sale; absent where there was no receipt. */
  readonly saleReceiptNumber?: string | null | undefined
  readonly reason: string
}

/** X: the figures of a session so far. Z: those of a closed one. */
export type SessionReport = Issued & {
  readonly kind: 'x' | 'z'
  readonly businessDate: Day
  readonly openedAt: Instant
  readonly floatMinor: Minor
  readonly totals: SessionTotals
  /** Null for who may not see it before the count is sealed. */
  readonly expectedMinor: Minor | null
  readonly close: {
    readonly countedMinor: Minor
    readonly countedPieces: Pieces | null
    readonly expectedMinor: Minor
    readonly varianceMinor: Minor
    /** The drawer's other currencies. */
    readonly others?: readonly CountedCash[] | undefined
    /** What stayed in the drawer as the next float. */
    readonly left?: readonly CashAmount[] | undefined
    readonly recounts?: number | undefined
    readonly note: string
    readonly closedAt: Instant
  } | null
  /** What the drawer had more or less than was left in it, when it was opened. */
  readonly opening?: { readonly varianceMinor: Minor } | undefined
}

/** What a paper of cash that moved is of. A drawer that changes hands is counted, and nothing leaves it. */
export const paperKinds = [
  'pay_in',
  'pay_out',
  'drop',
  'top_up',
  'hand_over',
  'till_hand_over',
  'bag',
  'deposit',
  'change_order',
  'advance',
  'expense',
  'advance_return',
  'fund_issue',
  'fund_return',
  'shortage',
  'surplus',
] as const
export type PaperKind = (typeof paperKinds)[number]

/** The paper of cash that moved by hand. */
export type MovementPaper = Pick<Issued, 'shop' | 'tillNumber' | 'staffName' | 'currency'> & {
  readonly kind: 'movement'
  /** Null of acts of before papers were numbered. */
  readonly receiptNumber: string | null
  readonly occurredAt: Instant
  /** At least one; the first says what the paper is. */
  readonly parts: readonly {
    readonly type: PaperKind
    readonly currency: Currency
    readonly amountMinor: Minor
    readonly pieces?: Pieces | null | undefined
  }[]
  /** A cash recycler took or gave the money. */
  readonly byMachine?: boolean | undefined
  readonly category?: string | null | undefined
  readonly recipient?: string | null | undefined
  readonly note?: string | null | undefined
}

export type ReceiptView = SaleReceipt | RefundReceipt | SessionReport | MovementPaper
