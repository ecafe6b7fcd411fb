import type { CashLocation } from '@tillkeeper/client/api/cash-shapes.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type {
  DaySummary,
  Employee,
  LiveTicket,
  Product,
  RefundView,
  Sale,
  SaleRow,
  Shop,
  SyncStatus,
  Till,
  Today,
} from '@tillkeeper/client/api/shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import type { Login } from '../login/login.ts'
import { attentionQuestions } from './attention-questions.ts'
import { documentQuestions } from './document-questions.ts'
import { drawerQuestions } from './drawer-questions.ts'
import { eveningQuestions } from './evening-questions.ts'
import { expenseQuestions } from './expense-questions.ts'
import { machineQuestions } from './machine-questions.ts'
import { ApiProblem } from './problem.ts'
import { rateQuestions } from './rate-questions.ts'
import { reportQuestions } from './report-questions.ts'
import { safeQuestions } from './safe-questions.ts'
import { type Ask, type Query, send } from './send.ts'

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }

export type SalesFilter = {
  readonly shopId?: string | undefined
  readonly sessionId?: string | undefined
  readonly date?: Day | undefined
  readonly staffId?: string | undefined
  readonly q?: string | undefined
}

export type SessionsFilter = {
  readonly shopId?: string | undefined
  readonly tillId?: string | undefined
  readonly state?: Session['state'] | undefined
  readonly date?: Day | undefined
}

/** The cash of a shop on some days, as a file. */
export type JournalOf = {
  readonly shopId: string
  readonly from: Day
  readonly to: Day
  readonly format: 'csv' | 'hledger'
}

/** Whose receipt is meant. */
export type ReceiptOf = { readonly kind: 'sale' | 'refund'; readonly id: string }

/** All that the office asks of the server. Each throws `ApiProblem` or `Unreachable`. */
export type Api = ReturnType<typeof createApi>

/** Rows of a page: enough to fill a large screen twice. */
export const pageRows = 100
/** Shops, tills and people are read whole: this many pages, then we stop asking. */
const wholePagesMax = 20

export type Options = {
  readonly signal?: AbortSignal | undefined
  readonly cursor?: string | undefined
}

/** The ways to ask, bound to a login. A token that the server refuses is renewed once. */
function bindAsking(login: Login) {
  const ask = async (question: Ask): Promise<Response> => {
    const token = await login.token()
    try {
      return await send({ ...question, token })
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error
      login.drop(token)
      return send({ ...question, token: await login.token() })
    }
  }
  const get = async <Reply>(path: string, query: Query, options: Options = {}): Promise<Reply> => {
    const answer = await ask({
      path,
      query: { ...query, cursor: options.cursor },
      signal: options.signal,
    })
    return (await answer.json()) as Reply
  }
  const getText = async (path: string, query: Query, options: Options = {}): Promise<string> => {
    return (await ask({ path, query, signal: options.signal })).text()
  }
  const getBlob = async (path: string, options: Options = {}): Promise<Blob> =>
    (await ask({ path, signal: options.signal })).blob()
  const getWhole = async <Item>(path: string, query: Query): Promise<readonly Item[]> => {
    const items: Item[] = []
    let cursor: string | undefined
    for (let page = 0; page < wholePagesMax; page += 1) {
      const reply: Page<Item> = await get(path, { ...query, limit: pageRows }, { cursor })
      items.push(...reply.items)
      if (reply.next === null) break
      cursor = reply.next
    }
    return items
  }
  const writeBy =
    (method: 'POST' | 'PUT') =>
    async <Reply>(path: string, body: object): Promise<Reply> =>
      (await (await ask({ method, path, body })).json()) as Reply
  const [tell, put] = [writeBy('POST'), writeBy('PUT')]
  const oneOf = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`
  return { ask, get, getText, getBlob, getWhole, tell, put, oneOf }
}

/** Binds the questions to a login. */
export function createApi(login: Login) {
  const asking = bindAsking(login)
  const { ask, get, getText, getWhole, oneOf } = asking
  return {
    readToday: (date: Day | undefined, options?: Options) =>
      get<Today>('/v1/today', { date }, options),
    listDays: (filter: { from: Day; to: Day; shopId?: string | undefined }, options?: Options) =>
      get<Page<DaySummary>>('/v1/summaries/days', filter, options),
    listSales: (filter: SalesFilter, options?: Options) =>
      get<Page<SaleRow>>('/v1/sales', { ...filter, limit: pageRows }, options),
    readSale: (id: string, options?: Options) => get<Sale>(oneOf('/v1/sales', id), {}, options),
    readRefund: (id: string, options?: Options) =>
      get<RefundView>(oneOf('/v1/refunds', id), {}, options),
    readReceipt: (of: ReceiptOf, language: Language, options?: Options) =>
      getText(`${oneOf(`/v1/${of.kind}s`, of.id)}/receipt`, { lang: language, copy: 1 }, options),
    listCash: (shopId: string | undefined, options?: Options) =>
      get<Page<CashLocation>>('/v1/cash/locations', { shopId }, options),
    readJournal: async ({ format, ...range }: JournalOf): Promise<Blob> =>
      (await ask({ path: `/v1/cash/journal.${format}`, query: range })).blob(),
    listSessions: (filter: SessionsFilter, options?: Options) =>
      get<Page<Session>>('/v1/till-sessions', { ...filter, limit: pageRows }, options),
    readSession: (id: string, options?: Options) =>
      get<Session>(oneOf('/v1/till-sessions', id), {}, options),
    readReport: (id: string, kind: 'x' | 'z', options?: Options & { language?: Language }) =>
      getText(
        `${oneOf('/v1/till-sessions', id)}/report`,
        { kind, lang: options?.language },
        options,
      ),
    listShops: () => getWhole<Shop>('/v1/shops', {}),
    listTills: () => getWhole<Till>('/v1/tills', {}),
    listEmployees: () => getWhole<Employee>('/v1/employees', {}),
    listProducts: (q: string, options?: Options) =>
      get<Page<Product>>('/v1/products', { q, limit: pageRows }, options),
    readSync: (options?: Options) => get<SyncStatus>('/v1/sync/status', {}, options),
    ...{ ...attentionQuestions(asking), ...drawerQuestions(asking) },
    ...{ ...eveningQuestions(asking), ...safeQuestions(asking) },
    ...reportQuestions(asking),
    ...documentQuestions(asking),
    ...expenseQuestions(asking),
    ...rateQuestions(asking),
    ...machineQuestions(asking),
    takeLiveTicket: async (): Promise<string> => {
      const answer = await ask({ method: 'POST', path: '/v1/live/tickets' })
      return ((await answer.json()) as LiveTicket).ticket
    },
  }
}
