import type { Id, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Cash, minorOf } from '../money/cash-amount.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

/** The fact that sealed a bag names it. */
export type BagId = Id<'bag'>

/**
 * A lattice: a bag's state only moves up. *Opened* is the way back: the seal was broken in the shop and the cash
 * lies in the safe again.
 */
export const bagStates = ['sealed', 'verified', 'collected', 'opened', 'deposited'] as const
export type BagState = (typeof bagStates)[number]

/** Cash in a numbered bag, on its way from the safe to the bank. */
export type DepositBag = {
  readonly id: BagId
  readonly shopId: ShopId
  readonly number: string
  readonly state: BagState
  readonly sealedBy: StaffId
  readonly cash: Cash
}

/** Why nothing can be done with a bag, in order of precedence. */
export type BagRefusal =
  | { readonly code: 'bag_not_found' }
  | { readonly code: 'bag_not_in_state'; readonly state: BagState }

/** What a node in a shop knows of a bag. */
export type BagAt = { readonly shopId: ShopId; readonly bag: DepositBag | undefined }

/** The bag, if it is of this shop and in one of the states. */
export function checkBag(
  { shopId, bag }: BagAt,
  states: readonly BagState[],
): Outcome<DepositBag, BagRefusal> {
  if (bag === undefined || bag.shopId !== shopId) return refused({ code: 'bag_not_found' })
  if (!states.includes(bag.state)) return refused({ code: 'bag_not_in_state', state: bag.state })
  return accepted(bag)
}

export type BagNote = { readonly staffId: StaffId; readonly note?: string | undefined }

/** Another person saw the sealed bag. The body of the fact `bag.verified`. */
export type BagVerified = {
  readonly shopId: ShopId
  readonly bagId: BagId
  readonly staffId: StaffId
  readonly note?: string
}

export type VerifyBagRefusal = BagRefusal | { readonly code: 'bag_sealed_by_self' }

/** Decides whether somebody may verify a bag: never who sealed it. */
export function decideVerifyBag(
  at: BagAt,
  { staffId, note }: BagNote,
): Outcome<BagVerified, VerifyBagRefusal> {
  const checked = checkBag(at, ['sealed'])
  if (!checked.ok) return checked
  const { id, shopId, sealedBy } = checked.value
  if (sealedBy === staffId) return refused({ code: 'bag_sealed_by_self' })
  return accepted({ shopId, bagId: id, staffId, ...(note !== undefined && { note }) })
}

export type CollectBag = BagNote & {
  /** Who took it: the carrier's name, or the person who walks to the bank. */
  readonly carrier: string
  /** What stands on the carrier's slip. */
  readonly reference?: string | undefined
}

/** A carrier took the bag. The body of the fact `bag.collected`. */
export type BagCollected = BagVerified & { readonly carrier: string; readonly reference?: string }

/**
 * Decides whether a bag may leave the shop. One that nobody verified may: a person who is alone has to be able
 * to go to the bank. It is shown as not verified for ever.
 */
export function decideCollectBag(
  at: BagAt,
  { staffId, note, carrier, reference }: CollectBag,
): Outcome<BagCollected, BagRefusal> {
  const checked = checkBag(at, ['sealed', 'verified'])
  if (!checked.ok) return checked
  const { id, shopId } = checked.value
  return accepted({
    ...{ shopId, bagId: id, staffId, carrier },
    ...(reference !== undefined && { reference }),
    ...(note !== undefined && { note }),
  })
}

/** A bag was opened and its cash put back. The body of the fact `bag.opened`. */
export type BagOpened = {
  readonly shopId: ShopId
  readonly bagId: BagId
  readonly staffId: StaffId
  /** What was in it, as sealed. */
  readonly cash: Cash
  readonly reason: string
}

/** Decides whether a bag may be opened again in the shop, by mistake sealed or not taken by the bank. */
export function decideOpenBag(
  at: BagAt,
  { staffId, reason }: { readonly staffId: StaffId; readonly reason: string },
): Outcome<BagOpened, BagRefusal> {
  const checked = checkBag(at, ['sealed', 'verified', 'collected'])
  if (!checked.ok) return checked
  const { id, shopId, cash } = checked.value
  return accepted({ shopId, bagId: id, staffId, cash, reason })
}

/** What the bank put on the account, of one currency. */
export type Credited = { readonly currency: Currency; readonly minor: Minor }

export type DepositBagAsk = BagNote & {
  /** The bank's day, `YYYY-MM-DD`. */
  readonly bankedOn: string
  /** What stands on the bank's slip; may be empty. */
  readonly reference: string
  /** What the bank counted and credited. A currency that is left out was credited as sealed. */
  readonly credited: readonly Credited[]
}

/** The bank has a bag. The body of the fact `bag.deposited`. */
export type BagDeposited = {
  readonly shopId: ShopId
  readonly bagId: BagId
  readonly staffId: StaffId
  readonly bankedOn: string
  readonly reference: string
  /** What was sealed in it, as its author knew. */
  readonly cash: Cash
  /** What the bank credited, for each currency of `cash`. */
  readonly credited: readonly Credited[]
  readonly note?: string
}

export type DepositBagRefusal =
  | BagRefusal
  | { readonly code: 'currency_repeated'; readonly currency: Currency }
  | { readonly code: 'currency_not_in_bag'; readonly currency: Currency }

/** Decides whether a bag may be booked as banked. A difference, however large, is booked and never refused. */
export function decideDepositBag(
  at: BagAt,
  { staffId, bankedOn, reference, credited, note }: DepositBagAsk,
): Outcome<BagDeposited, DepositBagRefusal> {
  const checked = checkBag(at, ['sealed', 'verified', 'collected'])
  if (!checked.ok) return checked
  const { id, shopId, cash } = checked.value
  const said = new Map<Currency, Minor>()
  for (const { currency, minor: credit } of credited) {
    if (said.has(currency)) return refused({ code: 'currency_repeated', currency })
    if (minorOf(cash, currency) === 0) return refused({ code: 'currency_not_in_bag', currency })
    said.set(currency, credit)
  }
  return accepted({
    ...{ shopId, bagId: id, staffId, bankedOn, reference, cash },
    credited: cash.map(({ currency, minor: sealed }) => ({
      currency,
      minor: said.get(currency) ?? minor(sealed),
    })),
    ...(note !== undefined && { note }),
  })
}
