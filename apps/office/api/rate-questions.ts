import type { Rate } from '@tillkeeper/client/api/rate-shapes.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import type { Options, Page } from './api.ts'
import type { Query } from './send.ts'

/** How questions are asked; bound to a login by `createApi`. */
type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
}

/** A rate as it is set: in a shop for that shop, in the cloud for one or for all. */
export type RateToSet = Pick<Rate, 'id' | 'currency' | 'rate' | 'scale' | 'source'> & {
  readonly from?: string
  readonly base?: string
  readonly shopId?: string
}

export function rateQuestions({ get, tell }: Asking) {
  return {
    listRates: (shopId: string | undefined, options?: Options) =>
      get<Page<Rate>>('/v1/rates', { shopId, limit: 100 }, options),
    listRatesHeld: (shopId: string, options?: Options) =>
      get<Page<Rate>>('/v1/rates/held', { shopId }, options),
    setRate: (rate: RateToSet) => tell<{ id: string }>('/v1/rates', rate),
    /** The shop's own server takes a setting of its shop; the cloud, a shop with a field. */
    setCashRounding: (of: { id: string; shopId: string; inShop: boolean }, to: CashRounding) =>
      of.inShop
        ? tell<{ id: string }>('/v1/cash-rounding', { id: of.id, ...to })
        : tell<{ id: string }>('/v1/shops', { id: of.shopId, cashRounding: to }),
  }
}
