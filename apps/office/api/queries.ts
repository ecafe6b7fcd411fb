import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query'
import type { ExpenseTotalsBy } from '@tillkeeper/client/api/expense-shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import type { Api, ReceiptOf, SalesFilter, SessionsFilter } from './api.ts'
import type { DayReportsOf, DocumentsFilter } from './document-questions.ts'
import type { ExpensesFilter } from './expense-questions.ts'
import { machineQueries } from './machine-questions.ts'
import { faultOf } from './problem.ts'
import type { ReportDays } from './report-questions.ts'
import { safeQueries } from './safe-questions.ts'

export type { ReportDays } from './report-questions.ts'

// Every list and thing that screens read, under the key by which live events make it stale.

/** What changes without an event, such as `last seen`, is read again this often while in sight. */
const todayMs = 30_000
const syncMs = 5_000
/** Nobody waits for a task to appear to the second. */
const attentionMs = 15_000
/** Shops, tills and people change seldom; an event says so earlier. */
const registerMs = 5 * 60_000
/** Tries after the first, for faults that pass. */
const retriesMax = 2

/** The cache of all that was read. A shop's office works without the internet, so it is never asked. */
export function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 10_000,
        retry: (failures, error) => {
          const fault = faultOf(error)
          return failures < retriesMax && (fault === 'unreachable' || fault === 'busy')
        },
        retryDelay: (attempt) => Math.min(4_000, 500 * 2 ** attempt),
        refetchOnWindowFocus: true,
      },
    },
  })
}

export const queries = (api: Api) => ({
  today: (date: Day | undefined) =>
    queryOptions({
      queryKey: ['today', date ?? null],
      queryFn: ({ signal }) => api.readToday(date, { signal }),
      refetchInterval: todayMs,
    }),
  days: (day: Day, shopId: string | undefined) =>
    queryOptions({
      queryKey: ['days', day, shopId ?? null],
      queryFn: ({ signal }) => api.listDays({ from: day, to: day, shopId }, { signal }),
      staleTime: registerMs,
    }),
  sales: (filter: SalesFilter) =>
    infiniteQueryOptions({
      queryKey: ['sales', filter],
      queryFn: ({ signal, pageParam }) => api.listSales(filter, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  sale: (id: string) =>
    queryOptions({
      queryKey: ['sale', id],
      queryFn: ({ signal }) => api.readSale(id, { signal }),
    }),
  refund: (id: string) =>
    queryOptions({
      queryKey: ['refund', id],
      queryFn: ({ signal }) => api.readRefund(id, { signal }),
    }),
  receipt: (of: ReceiptOf, language: Language) =>
    queryOptions({
      queryKey: ['receipt', of.id, language],
      queryFn: ({ signal }) => api.readReceipt(of, language, { signal }),
      staleTime: registerMs,
    }),
  cash: (shopId: string | undefined) =>
    queryOptions({
      queryKey: ['cash', shopId ?? null],
      queryFn: ({ signal }) => api.listCash(shopId, { signal }),
    }),
  sessions: (filter: SessionsFilter) =>
    infiniteQueryOptions({
      queryKey: ['sessions', filter],
      queryFn: ({ signal, pageParam }) => api.listSessions(filter, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  session: (id: string) =>
    queryOptions({
      queryKey: ['session', id],
      queryFn: ({ signal }) => api.readSession(id, { signal }),
    }),
  report: (id: string, kind: 'x' | 'z', language: Language) =>
    queryOptions({
      queryKey: ['session', id, 'report', kind, language],
      queryFn: ({ signal }) => api.readReport(id, kind, { signal, language }),
    }),
  shops: () =>
    queryOptions({ queryKey: ['shops'], queryFn: () => api.listShops(), staleTime: registerMs }),
  tills: () =>
    queryOptions({ queryKey: ['tills'], queryFn: () => api.listTills(), staleTime: registerMs }),
  employees: () =>
    queryOptions({
      queryKey: ['employees'],
      queryFn: () => api.listEmployees(),
      staleTime: registerMs,
    }),
  products: (q: string) =>
    infiniteQueryOptions({
      queryKey: ['products', q],
      queryFn: ({ signal, pageParam }) => api.listProducts(q, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  sync: () =>
    queryOptions({
      queryKey: ['sync'],
      queryFn: ({ signal }) => api.readSync({ signal }),
      refetchInterval: syncMs,
    }),
  ...attentionQueries(api),
  ...eveningQueries(api),
  ...reportQueries(api),
})

/** What days came to. They change with what happens today alone, so they are kept a while. */
const reportQueries = (api: Api) => ({
  documents: (filter: DocumentsFilter) =>
    infiniteQueryOptions({
      queryKey: ['sales', 'papers', filter],
      queryFn: ({ signal, pageParam }) => api.listDocuments(filter, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  documentStatistics: (days: ReportDays) =>
    queryOptions({
      queryKey: ['sales', 'statistics', days],
      queryFn: ({ signal }) => api.readDocumentStatistics(days, { signal }),
    }),
  cashFlow: (days: ReportDays) =>
    queryOptions({
      queryKey: ['report', 'cash-flow', days],
      queryFn: ({ signal }) => api.readCashFlow(days, { signal }),
    }),
  methods: (days: ReportDays) =>
    queryOptions({
      queryKey: ['report', 'methods', days],
      queryFn: ({ signal }) => api.readMethods(days, { signal }),
    }),
  staffFigures: (days: ReportDays) =>
    queryOptions({
      queryKey: ['report', 'staff', days],
      queryFn: ({ signal }) => api.readStaffFigures(days, { signal }),
    }),
  variances: (days: ReportDays) =>
    queryOptions({
      queryKey: ['report', 'variances', days],
      queryFn: ({ signal }) => api.listVariances(days, { signal }),
    }),
  fundReport: (days: ReportDays) =>
    queryOptions({
      queryKey: ['report', 'funds', days],
      queryFn: ({ signal }) => api.readFundReport(days, { signal }),
    }),
})

/** Cash that is given out for purchases. */
const expenseQueries = (api: Api) => ({
  expenses: (filter: ExpensesFilter) =>
    infiniteQueryOptions({
      queryKey: ['expenses', filter],
      queryFn: ({ signal, pageParam }) => api.listExpenses(filter, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      refetchInterval: attentionMs,
    }),
  expenseTotals: (by: ExpenseTotalsBy, days: ReportDays) =>
    queryOptions({
      queryKey: ['expenses', 'totals', by, days],
      queryFn: ({ signal }) => api.sumExpenses(by, days, { signal }),
    }),
  expenseCategories: () =>
    queryOptions({
      queryKey: ['expenseCategories'],
      queryFn: ({ signal }) => api.listExpenseCategories({ signal }),
      staleTime: registerMs,
    }),
  photo: (id: string) =>
    queryOptions({
      queryKey: ['photo', id],
      queryFn: ({ signal }) => api.readPhoto(id, { signal }),
      staleTime: Number.POSITIVE_INFINITY,
    }),
})

/** What there is to finish at a day's end. */
const eveningQueries = (api: Api) => ({
  ...expenseQueries(api),
  ...safeQueries(api),
  evening: (date: Day, shopId: string | undefined) =>
    queryOptions({
      queryKey: ['evening', date, shopId ?? null],
      queryFn: ({ signal }) => api.readEvening(date, shopId, { signal }),
      refetchInterval: todayMs,
    }),
  paper: (id: string, language: Language) =>
    queryOptions({
      queryKey: ['receipt', id, 'paper', language],
      queryFn: ({ signal }) => api.readPaper(id, language, { signal }),
      staleTime: registerMs,
    }),
  dayReports: (of: DayReportsOf, language: Language) =>
    queryOptions({
      queryKey: ['evening', 'reports', of, language],
      queryFn: ({ signal }) => api.listDayReports({ ...of, language }, { signal }),
    }),
  explanations: (id: string) =>
    queryOptions({
      queryKey: ['session', id, 'explanations'],
      queryFn: ({ signal }) => api.listExplanations(id, { signal }),
    }),
  rewind: (tillId: string, at: string, act: string | undefined) =>
    queryOptions({
      queryKey: ['rewind', tillId, at, act ?? null],
      queryFn: ({ signal }) => api.readRewind(tillId, at, act, { signal }),
    }),
  causes: (id: string) =>
    queryOptions({
      queryKey: ['session', id, 'causes'],
      queryFn: ({ signal }) => api.listCauses(id, { signal }),
    }),
  sessionLife: (id: string) =>
    queryOptions({
      queryKey: ['session', id, 'life'],
      queryFn: ({ signal }) => api.readSessionLife(id, { signal }),
    }),
  movements: (id: string) =>
    queryOptions({
      queryKey: ['session', id, 'movements'],
      queryFn: ({ signal }) => api.listMovements(id, { signal }),
    }),
})

/** What currencies are worth. */
const rateQueries = (api: Api) => ({
  rates: (shopId: string) =>
    infiniteQueryOptions({
      queryKey: ['rates', shopId],
      queryFn: ({ signal, pageParam }) => api.listRates(shopId, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  ratesHeld: (shopId: string) =>
    queryOptions({
      queryKey: ['rates', 'held', shopId],
      queryFn: ({ signal }) => api.listRatesHeld(shopId, { signal }),
    }),
})

/** What currencies are worth, how machines and replication fare, and what waits for a person. */
const attentionQueries = (api: Api) => ({
  ...rateQueries(api),
  ...machineQueries(api),
  health: () =>
    queryOptions({
      queryKey: ['health'],
      queryFn: ({ signal }) => api.readHealth({ signal }),
      refetchInterval: syncMs,
    }),
  parked: (shopId: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['parked', shopId ?? null],
      queryFn: ({ signal, pageParam }) => api.listParked(shopId, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      refetchInterval: attentionMs,
    }),
  incidents: () =>
    queryOptions({
      queryKey: ['incidents'],
      queryFn: ({ signal }) => api.listIncidents({ signal }),
      refetchInterval: attentionMs,
    }),
  /** The newest exceptions of a shop, to tell whether one of them is about a thing that is looked at. */
  attemptExceptions: (shopId: string | undefined) =>
    queryOptions({
      queryKey: ['exceptions', 'newest', shopId ?? null],
      queryFn: ({ signal }) => api.listExceptions(shopId, { signal }),
    }),
  exceptions: (shopId: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['exceptions', shopId ?? null],
      queryFn: ({ signal, pageParam }) => api.listExceptions(shopId, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      refetchInterval: attentionMs,
    }),
})
