import type { Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import {
  type CashPaid,
  cashTaken,
  type ForeignChange,
  type Tender,
  type TenderMethod,
} from '../sale/tender.ts'
import type { CashMovementKind } from './move-cash.ts'

/** What moved in a drawer in one currency: sums over the acts of a session, whatever their order. */
export type CashTotals = {
  readonly floatMinor: Minor
  readonly cashInMinor: Minor
  readonly cashOutMinor: Minor
  readonly droppedMinor: Minor
  readonly toppedUpMinor: Minor
  /** What sales less refunds in it are worth in the session's currency, by their rates. Left out: nothing. */
  readonly baseMinor?: Minor
}

/** The running totals of a session: sums over its acts, whatever their order. */
export type SessionTotals = {
  readonly sales: number
  readonly salesMinor: Minor
  readonly refunds: number
  readonly refundsMinor: Minor
  /** Of sales, less that of refunds. */
  readonly taxMinor: Minor
  /** Cash sales (given less change) and pay-ins. */
  readonly cashInMinor: Minor
  /** Cash refunds and pay-outs. */
  readonly cashOutMinor: Minor
  readonly payInMinor: Minor
  readonly payOutMinor: Minor
  readonly droppedMinor: Minor
  readonly toppedUpMinor: Minor
  /** What customers paid more than their totals, or less, because cash is rounded. Left out: nothing. */
  readonly roundingMinor?: Minor
  /** Sales less refunds, like the next two. */
  readonly cardMinor: Minor
  readonly bankTransferMinor: Minor
  readonly promptpayMinor: Minor
  /** What cash recyclers kept of sales, less what they gave for refunds. None of it is in the drawer. */
  readonly machineMinor: Minor
  /** Cash of other currencies than the session's own; left out where there never was any. */
  readonly others?: Readonly<Record<Currency, CashTotals>>
  /**
   * Pieces that were said to come in, less those that were said to go out, by currency and face; the float's are not in
   * it. A face may be below zero: it went out of what nobody had named. Left out where none was ever said.
   */
  readonly faces?: FaceCounts
}

/** Pieces by currency, then by face. */
export type FaceCounts = Readonly<Record<Currency, Readonly<Record<number, number>>>>

const none = minor(0)

/** The totals of a session in which nothing has happened. */
export const noTotals: SessionTotals = {
  sales: 0,
  salesMinor: none,
  refunds: 0,
  refundsMinor: none,
  taxMinor: none,
  cashInMinor: none,
  cashOutMinor: none,
  payInMinor: none,
  payOutMinor: none,
  droppedMinor: none,
  toppedUpMinor: none,
  cardMinor: none,
  bankTransferMinor: none,
  promptpayMinor: none,
  machineMinor: none,
}

const noCash: CashTotals = {
  floatMinor: none,
  cashInMinor: none,
  cashOutMinor: none,
  droppedMinor: none,
  toppedUpMinor: none,
}

/** The totals after more cash moved in a currency that is not the session's own. */
export function addOtherCash(
  totals: SessionTotals,
  currency: Currency,
  added: Partial<CashTotals>,
): SessionTotals {
  const before = totals.others?.[currency] ?? noCash
  const sum = (column: Exclude<keyof CashTotals, 'baseMinor'>) =>
    minor(before[column] + (added[column] ?? 0))
  const baseMinor = minor((before.baseMinor ?? 0) + (added.baseMinor ?? 0))
  const after: CashTotals = {
    ...(baseMinor !== 0 && { baseMinor }),
    floatMinor: sum('floatMinor'),
    cashInMinor: sum('cashInMinor'),
    cashOutMinor: sum('cashOutMinor'),
    droppedMinor: sum('droppedMinor'),
    toppedUpMinor: sum('toppedUpMinor'),
  }
  return { ...totals, others: { ...totals.others, [currency]: after } }
}

/** What of a sale or refund the totals need. */
type Paid = Pick<CashPaid, 'changeMinor'> & {
  readonly totalMinor: Minor
  readonly taxMinor: Minor
  readonly currency?: Currency
  readonly tenders: readonly Pick<
    Tender,
    'method' | 'amountMinor' | 'givenMinor' | 'foreign' | 'pieces'
  >[]
  readonly change?: readonly ForeignChange[] | null | undefined
  readonly changePieces?: Pieces | undefined
  readonly roundingMinor?: Minor
}

/** The totals after pieces came in (1) or went out (−1); none where nobody said which. */
export function addFaces(
  totals: SessionTotals,
  sign: 1 | -1,
  {
    currency,
    pieces,
  }: { readonly currency?: Currency | undefined; readonly pieces?: Pieces | undefined },
): SessionTotals {
  if (currency === undefined || pieces === undefined || pieces.length === 0) return totals
  const counts: Record<number, number> = { ...totals.faces?.[currency] }
  for (const { faceMinor, pieces: count } of pieces) {
    counts[faceMinor] = (counts[faceMinor] ?? 0) + sign * count
  }
  return { ...totals, faces: { ...totals.faces, [currency]: counts } }
}

/** The totals after notes were changed for others of the same worth. */
export function addSwap(
  totals: SessionTotals,
  swap: { readonly currency: Currency; readonly given: Pieces; readonly taken: Pieces },
): SessionTotals {
  const { currency, given, taken } = swap
  return addFaces(addFaces(totals, -1, { currency, pieces: given }), 1, { currency, pieces: taken })
}

function addPaidFaces(totals: SessionTotals, paid: Paid, sign: 1 | -1): SessionTotals {
  const { currency, changePieces } = paid
  let after = totals
  for (const { method, foreign, pieces } of paid.tenders) {
    if (method === 'cash')
      after = addFaces(after, sign, { currency: foreign?.currency ?? currency, pieces })
  }
  for (const change of paid.change ?? []) after = addFaces(after, sign === 1 ? -1 : 1, change)
  return addFaces(after, sign === 1 ? -1 : 1, { currency, pieces: changePieces })
}

/** The totals after one more sale. */
export function addSale(totals: SessionTotals, sale: Paid): SessionTotals {
  const { ownMinor, others } = cashTaken(sale)
  let after: SessionTotals = {
    ...addNonCash(totals, sale, 1),
    sales: totals.sales + 1,
    salesMinor: minor(totals.salesMinor + sale.totalMinor),
    taxMinor: minor(totals.taxMinor + sale.taxMinor),
    cashInMinor: minor(totals.cashInMinor + ownMinor),
  }
  for (const [currency, { minor: cashInMinor, baseMinor }] of others) {
    after = addOtherCash(after, currency, { cashInMinor, baseMinor })
  }
  return addPaidFaces(after, sale, 1)
}

/** The totals after one more refund. */
export function addRefund(totals: SessionTotals, refund: Paid): SessionTotals {
  const { ownMinor, others } = cashTaken(refund)
  let after: SessionTotals = {
    ...addNonCash(totals, refund, -1),
    refunds: totals.refunds + 1,
    refundsMinor: minor(totals.refundsMinor + refund.totalMinor),
    taxMinor: minor(totals.taxMinor - refund.taxMinor),
    cashOutMinor: minor(totals.cashOutMinor + ownMinor),
  }
  for (const [currency, { minor: cashOutMinor, baseMinor }] of others) {
    after = addOtherCash(after, currency, { cashOutMinor, baseMinor: minor(-baseMinor) })
  }
  return addPaidFaces(after, refund, -1)
}

/**
 * The totals after one more movement of cash. What goes to another drawer counts as a drop, and what comes from
 * one as a top-up: it stays in the shop's care.
 */
export function addMovement(
  totals: SessionTotals,
  movement: {
    readonly kind: CashMovementKind
    readonly currency?: Currency | undefined
    /** Not the session's own currency: it counts in its own sums. */
    readonly foreign?: true | undefined
    readonly amountMinor: Minor
    readonly pieces?: Pieces | undefined
    /** A machine took or gave it. */
    readonly attemptId?: string | undefined
  },
): SessionTotals {
  const { kind, amountMinor, currency, foreign, attemptId } = movement
  // It never was in the drawer.
  if (attemptId !== undefined && (kind === 'pay_in' || kind === 'pay_out')) return totals
  const column = cashColumns[kind]
  const sign = kind === 'pay_in' || kind === 'top_up' ? 1 : -1
  const counted = addFaces(totals, sign, movement)
  if (foreign !== undefined && currency !== undefined) {
    return addOtherCash(counted, currency, { [column]: amountMinor })
  }
  const moved = { ...counted, [column]: minor(totals[column] + amountMinor) }
  if (kind === 'pay_in') return { ...moved, payInMinor: minor(totals.payInMinor + amountMinor) }
  if (kind === 'pay_out') return { ...moved, payOutMinor: minor(totals.payOutMinor + amountMinor) }
  return moved
}

const cashColumns = {
  pay_in: 'cashInMinor',
  pay_out: 'cashOutMinor',
  drop: 'droppedMinor',
  top_up: 'toppedUpMinor',
} as const satisfies Record<CashMovementKind, keyof CashTotals>

function addNonCash(totals: SessionTotals, paid: Paid, sign: 1 | -1): SessionTotals {
  const roundingMinor = minor((totals.roundingMinor ?? 0) + sign * (paid.roundingMinor ?? 0))
  const { roundingMinor: _, ...rest } = totals
  return {
    ...rest,
    ...(roundingMinor !== 0 && { roundingMinor }),
    cardMinor: minor(totals.cardMinor + sign * paidBy(paid, 'card')),
    bankTransferMinor: minor(totals.bankTransferMinor + sign * paidBy(paid, 'bank_transfer')),
    promptpayMinor: minor(totals.promptpayMinor + sign * paidBy(paid, 'promptpay')),
    machineMinor: minor(totals.machineMinor + sign * paidBy(paid, 'machine')),
  }
}

function paidBy(paid: Paid, method: TenderMethod): number {
  return paid.tenders.reduce(
    // Of a machine what it kept: where that was too much, the change came out of the drawer.
    (all, tender) => {
      if (tender.method !== method) return all
      return all + (method === 'machine' ? tender.givenMinor : tender.amountMinor)
    },
    0,
  )
}
