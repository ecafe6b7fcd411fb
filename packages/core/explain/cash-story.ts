import type { DenominationCount, Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { TenderMethod } from '../sale/tender.ts'

/** A sale as it touched one currency of a drawer. */
export type ToldSale = {
  readonly id: string
  readonly receiptNumber: string
  readonly at: string
  /** Cash of this currency that was handed over; zero where it was paid otherwise. */
  readonly givenMinor: Minor
  /** What went back of it in this currency. */
  readonly changeMinor: Minor
  /** The notes and coins of the change, where they are known. */
  readonly changePieces?: Pieces | undefined
  /** What was paid by other means, in this currency. */
  readonly others: readonly { readonly method: TenderMethod; readonly amountMinor: Minor }[]
  readonly linesMinor: readonly Minor[]
}

/** Cash that went in or out of a drawer beside its sales. */
export type ToldMovement = {
  readonly id: string
  readonly at: string
  readonly kind: 'pay_in' | 'pay_out' | 'drop' | 'top_up'
  readonly amountMinor: Minor
}

/** What a shop usually does: the newest of its movements of the weeks before. */
export type UsualCash = {
  readonly dropsMinor: readonly Minor[]
  readonly payOutsMinor: readonly Minor[]
}

/** A closed session in one of its currencies, as whoever looks for the cause of its variance reads it. */
export type CashStory = {
  readonly currency: Currency
  /** Counted less expected. */
  readonly varianceMinor: Minor
  readonly openedAt: string
  readonly floatMinor: Minor
  readonly floatPieces?: Pieces | undefined
  /** In the order in which they were made. */
  readonly sales: readonly ToldSale[]
  readonly refunds: readonly {
    readonly id: string
    readonly at: string
    readonly cashMinor: Minor
  }[]
  readonly movements: readonly ToldMovement[]
  readonly countedPieces?: Pieces | undefined
  readonly usual: UsualCash
}

/** What may have made a variance. */
export const causeKinds = [
  'wrong_tender',
  'missing_drop',
  'drop_not_made',
  'wrong_pile',
  'change_times_ten',
  'wrong_change',
  'missing_pay_out',
  'pay_out_twice',
  'sale_unpaid',
  'wrong_float',
  'wrong_note',
  'missing_refund',
] as const
export type CauseKind = (typeof causeKinds)[number]

/** Why an act may be the one. Each has its sentence on screen. */
export const evidenceWhys = [
  'cash_amount_equal',
  'exact_cash',
  'other_amount_equal',
  'made_twice',
  'amount_equal',
  'drawer_held',
  'usual_amount',
  'ten_times',
  'one_tenth',
  'digits_swapped',
  'change_of_neighbour',
  'line_equal',
  'face_in_change',
  'face_in_float',
] as const
export type EvidenceWhy = (typeof evidenceWhys)[number]

export type Evidence = {
  readonly why: EvidenceWhy
  /** The sale, refund or movement; absent where no single act is meant. */
  readonly act?: {
    readonly type: 'sale' | 'movement'
    readonly id: string
    readonly receiptNumber?: string
  }

  readonly at?: string
  /** What is recorded: an amount of the act, or what the drawer held. */
  readonly recordedMinor?: Minor
  /** What it probably was instead. */
  readonly insteadMinor?: Minor
}

/** Pieces that were taken for another face. */
export type MistakenFace = {
  readonly isMinor: Minor
  readonly takenForMinor: Minor
  readonly pieces: DenominationCount['pieces']
}

/** Where the cash is, or whose it is: the other side of the booking. */
export type CausePlace = 'safe' | 'customer' | 'supplier' | 'bank'

/** A short explanation of a whole variance. */
export type Cause = {
  readonly kind: CauseKind
  /** The variance that it makes: all of it. */
  readonly explainsMinor: Minor
  /** How likely it is among all that was thought of, in thousandths. */
  readonly score: number
  /** The best first, at most `evidenceMax`. */
  readonly evidence: readonly Evidence[]
  /** How many acts fit, also those that are not listed. */
  readonly fits: number
  readonly faces?: MistakenFace
  /** What accepting it books against over and short: this amount, with this place. */
  readonly booking: { readonly place: CausePlace; readonly amountMinor: Minor }
}

export const evidenceMax = 10
/** More causes are not listed: whoever reads five has to go and look. */
export const causesMax = 5
