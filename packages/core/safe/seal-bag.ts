import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Cash, type CashRefusal, checkSomeCash } from '../money/cash-amount.ts'
import type { BagId } from './deposit-bag.ts'
import { checkTake, type SafeStock, type TakeRefusal } from './safe-stock.ts'

export type SealBagState = {
  readonly shopId: ShopId
  readonly stock: readonly SafeStock[]
  /** The bag of this shop that has the number already. */
  readonly sameNumber: BagId | undefined
}

export type SealBag = {
  readonly staffId: StaffId
  /** As printed on the bag. */
  readonly number: string
  readonly cash: Cash
  readonly note?: string | undefined
}

/** Cash went from the safe into a bag. The body of the fact `bag.sealed`; the fact's id is the bag's. */
export type BagSealed = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly number: string
  readonly cash: Cash
  readonly note?: string
}

export type SealBagRefusal =
  | { readonly code: 'bag_number_taken'; readonly bagId: BagId }
  | CashRefusal<'bag'>
  | { readonly code: 'no_cash' }
  | TakeRefusal

/** Decides whether a bag may be sealed. Refusals are checked in the order of their union. */
export function decideSealBag(
  { shopId, stock, sameNumber }: SealBagState,
  { staffId, number, cash, note }: SealBag,
): Outcome<BagSealed, SealBagRefusal> {
  if (sameNumber !== undefined) return refused({ code: 'bag_number_taken', bagId: sameNumber })
  const checked = checkSomeCash(cash, 'bag')
  if (!checked.ok) return checked
  const there = checkTake(stock, checked.value)
  if (!there.ok) return there
  return accepted({
    ...{ shopId, staffId, number, cash: there.value },
    ...(note !== undefined && { note }),
  })
}

/** A bag's number as it is compared: people write `a-17`, `A 17` and `A17` for one bag. */
export function bagNumberKey(number: string): string {
  return number.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')
}
