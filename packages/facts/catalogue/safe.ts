import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { BagId } from '@tillkeeper/core/safe/deposit-bag.ts'
import type { ChangeOrderId } from '@tillkeeper/core/safe/order-change.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { paperNumber } from './paper-number.ts'
import {
  Cash,
  CountMinor,
  CurrencyCode,
  currenciesMax,
  Day,
  denominationsMax,
  Pieces,
  PositiveMinor,
  type ReadonlyStatic,
  Strict,
  SumMinor,
  Text,
  Uuid,
} from './parts.ts'

// From the safe to the bank and back. The rules are in packages/core/safe.

/** Pieces of one face over a shop's life. */
const replacedMax = 1_000_000_000

const here = { shopId: Uuid<ShopId>(), staffId: Uuid<StaffId>() }
const ofBag = { shopId: Uuid<ShopId>(), bagId: Uuid<BagId>(), staffId: Uuid<StaffId>() }
const ofOrder = { shopId: Uuid<ShopId>(), orderId: Uuid<ChangeOrderId>(), staffId: Uuid<StaffId>() }
const note = Type.Optional(Text(200))

/** Cash went from the safe into a numbered bag. The fact's id is the bag's. */
export const BagSealedBody = Strict({
  ...here,
  number: Text(40, 1),
  cash: Cash,
  note,
  ...paperNumber,
})

/** Another person saw the sealed bag. */
export const BagVerifiedBody = Strict({ ...ofBag, note })

/** A carrier took the bag. */
export const BagCollectedBody = Strict({
  ...ofBag,
  carrier: Text(100, 1),
  reference: Type.Optional(Text(100)),
  note,
})

/** The seal was broken in the shop, and the cash went back to the safe. */
export const BagOpenedBody = Strict({ ...ofBag, cash: Cash, reason: Text(200, 1) })

/** The bank has the bag. */
export const BagDepositedBody = Strict({
  ...ofBag,
  bankedOn: Day,
  reference: Text(100),
  /** What was sealed in it, as its author knew. */
  cash: Cash,
  /** What the bank counted, for each currency of `cash`. */
  credited: Type.Array(Strict({ currency: CurrencyCode, minor: CountMinor }), {
    maxItems: currenciesMax,
  }),
  note,
  ...paperNumber,
})

/** The safe was counted. */
export const SafeCountedBody = Strict({
  ...here,
  counted: Type.Array(
    Strict({
      currency: CurrencyCode,
      countedMinor: CountMinor,
      pieces: Type.Optional(Pieces),
      expectedMinor: SumMinor,
      /** Counted less expected. */
      varianceMinor: SumMinor,
      /** The safe's first count in this currency: what was found was always there. */
      first: Type.Boolean(),
      /** Counted by pieces: those that its author thought were there, for which these are taken. */
      replaced: Type.Optional(
        Type.Array(
          Strict({
            faceMinor: PositiveMinor,
            pieces: Type.Integer({ minimum: -replacedMax, maximum: replacedMax }),
          }),
          { maxItems: denominationsMax },
        ),
      ),
    }),
    { minItems: 1, maxItems: currenciesMax },
  ),
  note,
})

/** Notes and coins were ordered from the bank. The fact's id is the order's. */
export const ChangeOrderedBody = Strict({ ...here, cash: Cash, neededOn: Type.Optional(Day), note })

/** They came, and went into the safe as counted. */
export const ChangeReceivedBody = Strict({
  ...ofOrder,
  cash: Cash,
  reference: Type.Optional(Text(100)),
  note,
  ...paperNumber,
})

/** They will not come. */
export const ChangeCancelledBody = Strict({ ...ofOrder, reason: Text(200, 1) })

export type BagSealedBody = ReadonlyStatic<typeof BagSealedBody>
export type BagVerifiedBody = ReadonlyStatic<typeof BagVerifiedBody>
export type BagCollectedBody = ReadonlyStatic<typeof BagCollectedBody>
export type BagOpenedBody = ReadonlyStatic<typeof BagOpenedBody>
export type BagDepositedBody = ReadonlyStatic<typeof BagDepositedBody>
export type SafeCountedBody = ReadonlyStatic<typeof SafeCountedBody>
export type ChangeOrderedBody = ReadonlyStatic<typeof ChangeOrderedBody>
export type ChangeReceivedBody = ReadonlyStatic<typeof ChangeReceivedBody>
export type ChangeCancelledBody = ReadonlyStatic<typeof ChangeCancelledBody>

export type SafeFact =
  | Fact<'bag.sealed', BagSealedBody>
  | Fact<'bag.verified', BagVerifiedBody>
  | Fact<'bag.collected', BagCollectedBody>
  | Fact<'bag.opened', BagOpenedBody>
  | Fact<'bag.deposited', BagDepositedBody>
  | Fact<'safe.counted', SafeCountedBody>
  | Fact<'change.ordered', ChangeOrderedBody>
  | Fact<'change.received', ChangeReceivedBody>
  | Fact<'change.cancelled', ChangeCancelledBody>
