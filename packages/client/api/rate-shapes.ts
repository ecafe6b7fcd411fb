import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import {
  CurrencyCode,
  Instant,
  RateNumber,
  RateScale,
  Strict,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import { ShopChangedBody } from '@tillkeeper/facts/catalogue/registers.ts'
import Type, { type Static } from 'typebox'

// What currencies are worth: how it is set, and how it is read.

const asked = {
  /** The rate's. Chosen by the asker; asking twice does it once. */
  id: Type.Optional(Uuid<string>()),
  currency: CurrencyCode,
  /** One unit of the currency is worth `rate × 10^−scale` units of the base. 0: it is not taken any more. */
  rate: RateNumber,
  scale: RateScale,
  /** Where it was taken from: a bank, a board, a person's word. */
  source: Text(60, 1),
  /** It holds from then on, until the next one. Left out: from now on. Never from the past. */
  from: Type.Optional(Instant),
  /** Left out: the shop's own currency. */
  base: Type.Optional(CurrencyCode),
}

/** A rate of this shop. */
export const AskRate = Strict(asked)
/** In the cloud: a rate of one shop, or of all shops with that base. */
export const AskChainRate = Strict({
  ...asked,
  orgId: Type.Optional(Uuid<string>()),
  id: Uuid<string>(),
  shopId: Type.Optional(Uuid<ShopId>()),
})

const rounding = {
  stepMinor: ShopChangedBody.properties.fields.properties.cashRounding.properties.stepMinor,
  /** `nearest`: a half goes up. `down`: in the customer's favour. */
  way: ShopChangedBody.properties.fields.properties.cashRounding.properties.way,
}
export const CashRounding = Type.Object(rounding)
/** How this shop rounds cash; a step of 0 or 1 rounds nothing. */
export const AskCashRounding = Strict({ id: Type.Optional(Uuid<string>()), ...rounding })

export const Rate = Type.Object({
  id: Uuid<string>(),
  currency: CurrencyCode,
  base: CurrencyCode,
  rate: RateNumber,
  scale: RateScale,
  source: Type.String(),
  from: Instant,
  /** Null: of all shops with this base. */
  shopId: Type.Union([Uuid<ShopId>(), Type.Null()]),
  staffId: Type.Union([Uuid<StaffId>(), Type.Null()]),
  staffName: Type.String(),
})
export type Rate = Static<typeof Rate>
