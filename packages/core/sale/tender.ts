import type { Pieces } from '../money/denominations.ts'
import type { Minor } from '../money/money.ts'

export type TenderMethod = 'cash' | 'card' | 'bank_transfer' | 'promptpay'

/** One way in which a sale was paid, or a refund paid back. */
export type Tender = {
  readonly method: TenderMethod
  /** What it pays of the total. */
  readonly amountMinor: Minor
  /** What was handed over: `amountMinor`, or more when it is cash and change goes back. */
  readonly givenMinor: Minor
  /** The notes and coins handed over, where they are known. They add up to `givenMinor`. */
  readonly pieces?: Pieces
}
