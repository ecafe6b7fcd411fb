import type {
  ApprovalUse,
  DrawerOpening,
  Drop,
  HandOver,
} from '@tillkeeper/client/api/drawer-shapes.ts'
import type { Shop } from '@tillkeeper/client/api/shapes.ts'
import type { Options } from './api.ts'
import { ApiProblem } from './problem.ts'
import type { Query } from './send.ts'

// What the office asks of cash between people, and how it sets how a shop keeps its cash.

type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly oneOf: (path: string, id: string) => string
}
type Items<Item> = { readonly items: readonly Item[] }

/** How a shop keeps its cash. */
export type ShopCash = Pick<
  Shop,
  | 'drawerLimitMinor'
  | 'toleranceMinor'
  | 'investigateMinor'
  | 'blindClose'
  | 'floatMinor'
  | 'expenseDayMinor'
>

export function drawerQuestions({ get, tell, oneOf }: Asking) {
  return {
    listDrops: (shopId: string | undefined, options?: Options) =>
      get<Items<Drop>>('/v1/drops', { shopId, unconfirmed: 'true' }, options),
    listHandOvers: (shopId: string | undefined, options?: Options) =>
      get<Items<HandOver>>('/v1/hand-overs', { shopId, open: 'true' }, options),
    listDrawerOpenings: (shopId: string | undefined, date: string, options?: Options) =>
      get<Items<DrawerOpening>>('/v1/drawer-openings', { shopId, date }, options),
    listApprovalUses: (shopId: string | undefined, options?: Options) =>
      get<Items<ApprovalUse>>('/v1/approval-uses', { shopId }, options),
    confirmDrop: (dropId: string, said: { readonly id: string; readonly countedMinor: number }) =>
      tell<{ readonly id: string }>(`${oneOf('/v1/drops', dropId)}/confirmation`, said),
    /** A shop's server writes its own settings; the cloud writes any shop's. */
    setShopCash: async (shopId: string, said: ShopCash & { readonly id: string }) => {
      try {
        return await tell<unknown>('/v1/shop-cash', said)
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 404) throw error
        return tell<unknown>('/v1/shops', { ...said, id: shopId })
      }
    },
  }
}
