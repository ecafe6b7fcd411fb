import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { HeldCashList } from '@tillkeeper/client/api/cash-shapes.ts'
import type {
  BagView,
  BankMatch,
  ChangeOrderView,
  ChangeSuggestion,
  FundEventView,
  FundView,
  SafeBalance,
  SafeCountView,
  SafeMovement,
  StatementDone,
} from '@tillkeeper/client/api/safe-shapes.ts'
import type { Options, Page } from './api.ts'
import type { Query } from './send.ts'

// What the office asks about the safe, the bank and funds, and what it tells the shop's server.

type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly oneOf: (path: string, id: string) => string
}

/** Rows that a screen shows before more are asked for. */
const rows = 50

export function safeQuestions({ get, tell, oneOf }: Asking) {
  return {
    listSafe: (shopId: string, options?: Options) =>
      get<Page<SafeBalance>>('/v1/safe', { shopId }, options),
    /** What the till's drawer should hold, for those who may know it. */
    readDrawerCash: (tillId: string, options?: Options) =>
      get<HeldCashList>(`${oneOf('/v1/cash/locations', `drawer:${tillId}`)}/pieces`, {}, options),
    listSafeMovements: (shopId: string, options?: Options) =>
      get<Page<SafeMovement>>('/v1/safe/movements', { shopId, limit: rows }, options),
    listSafeCounts: (shopId: string, options?: Options) =>
      get<Page<SafeCountView>>('/v1/safe/counts', { shopId }, options),
    listBags: (shopId: string, options?: Options) =>
      get<Page<BagView>>('/v1/bags', { shopId, limit: rows }, options),
    listChangeOrders: (shopId: string, options?: Options) =>
      get<Page<ChangeOrderView>>('/v1/change-orders', { shopId, limit: rows }, options),
    readChangeSuggestion: (shopId: string, to: string, options?: Options) =>
      get<ChangeSuggestion>('/v1/change-orders/suggestion', { shopId, to }, options),
    listFunds: (shopId: string, options?: Options) =>
      get<Page<FundView>>('/v1/funds', { shopId }, options),
    listFundEvents: (shopId: string, staffId: string, options?: Options) =>
      get<Page<FundEventView>>(`${oneOf('/v1/funds', staffId)}/events`, { shopId }, options),
    readBankMatch: (shopId: string, options?: Options) =>
      get<BankMatch>('/v1/bank-match', { shopId }, options),
    /** Does something at the safe. The body names the act by its id, so asking twice does it once. */
    actAtSafe: (path: string, body: object) => tell<{ readonly id: string }>(path, body),
    importStatement: (body: object) => tell<StatementDone>('/v1/bank-statements', body),
  }
}

type SafeApi = ReturnType<typeof safeQuestions>
type Listing<Row> = (shopId: string, options?: Options) => Promise<Page<Row>>

const pages = <Row>(name: string, list: Listing<Row>) => {
  return (shopId: string) =>
    infiniteQueryOptions({
      queryKey: ['safe', name, shopId],
      queryFn: ({ signal, pageParam }) => list(shopId, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    })
}

export const safeQueries = (api: SafeApi) => ({
  safe: (shopId: string) =>
    queryOptions({
      queryKey: ['safe', 'balance', shopId],
      queryFn: ({ signal }) => api.listSafe(shopId, { signal }),
    }),
  heldInDrawer: (tillId: string) =>
    queryOptions({
      // Sales change it too.
      queryKey: ['cash', 'drawer', tillId],
      queryFn: ({ signal }) => api.readDrawerCash(tillId, { signal }),
    }),
  safeCounts: (shopId: string) =>
    queryOptions({
      queryKey: ['safe', 'counts', shopId],
      queryFn: ({ signal }) => api.listSafeCounts(shopId, { signal }),
    }),
  safeMovements: pages('movements', api.listSafeMovements),
  bags: pages('bags', api.listBags),
  changeOrders: pages('orders', api.listChangeOrders),
  changeSuggestion: (shopId: string, to: string) =>
    queryOptions({
      queryKey: ['safe', 'suggestion', shopId, to],
      queryFn: ({ signal }) => api.readChangeSuggestion(shopId, to, { signal }),
    }),
  funds: (shopId: string) =>
    queryOptions({
      queryKey: ['safe', 'funds', shopId],
      queryFn: ({ signal }) => api.listFunds(shopId, { signal }),
    }),
  fundEvents: (shopId: string, staffId: string) =>
    queryOptions({
      queryKey: ['safe', 'funds', shopId, staffId],
      queryFn: ({ signal }) => api.listFundEvents(shopId, staffId, { signal }),
    }),
  bankMatch: (shopId: string) =>
    queryOptions({
      queryKey: ['safe', 'match', shopId],
      queryFn: ({ signal }) => api.readBankMatch(shopId, { signal }),
    }),
})
