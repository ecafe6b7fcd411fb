import {
  createRootRoute,
  createRoute,
  createRouter,
  retainSearchParams,
} from '@tanstack/react-router'
import type { ExpenseView as Expense } from '@tillkeeper/client/api/expense-shapes.ts'
import { isUuid } from '@tillkeeper/core/base/id.ts'
import { type Day, type Instant, isDay, isInstant } from '@tillkeeper/core/base/instant.ts'
import { AttentionScreen } from './attention/attention-screen.tsx'
import { CashScreen } from './cash/cash-screen.tsx'
import { DayReportsScreen } from './evening/day-reports-screen.tsx'
import { EveningScreen } from './evening/evening-screen.tsx'
import { type ExpenseView, isExpenseState, isExpenseView } from './expense/expense-look.ts'
import { ExpensesScreen } from './expense/expenses-screen.tsx'
import { FundsScreen } from './funds/funds-screen.tsx'
import { MachineScreen } from './machines/machine-screen.tsx'
import { MachinesScreen } from './machines/machines-screen.tsx'
import { Office } from './office.tsx'
import { PeopleScreen } from './people/people-screen.tsx'
import { ProductsScreen } from './products/products-screen.tsx'
import { ReceiptsScreen } from './receipts/receipts-screen.tsx'
import { isReportName, type ReportName, reportDays } from './reports/report-names.ts'
import { ReportsScreen } from './reports/reports-screen.tsx'
import { RewindScreen } from './rewind/rewind-screen.tsx'
import { ChangeScreen } from './safe/change-screen.tsx'
import { DepositsScreen } from './safe/deposits-screen.tsx'
import { SafeScreen } from './safe/safe-screen.tsx'
import { RefundScreen } from './sales/refund-screen.tsx'
import { SaleScreen } from './sales/sale-screen.tsx'
import { SalesScreen } from './sales/sales-screen.tsx'
import { SettingsScreen } from './settings/settings-screen.tsx'
import { FaultState } from './shell/answer.tsx'
import { FirstPage, Guarded } from './shell/guarded.tsx'
import { readScope, type Scope } from './shell/scope.ts'
import { SyncScreen } from './sync/sync-screen.tsx'
import { SessionScreen } from './tills/session-screen.tsx'
import { isSessionState, type SessionState } from './tills/session-state.ts'
import { TillsScreen } from './tills/tills-screen.tsx'
import { TodayScreen } from './today/today-screen.tsx'

const textMax = 100

type TillsSearch = { state?: SessionState | undefined; days?: 'all' | undefined }
type ReportsSearch = { report?: ReportName | undefined; days?: number | undefined }
type ExpensesSearch = {
  view?: ExpenseView | undefined
  state?: Expense['state'] | undefined
  category?: string | undefined
}
type RewindSearch = {
  till?: string | undefined
  at?: Instant | undefined
  act?: string | undefined
}
type MachineSearch = {
  attempt?: string | undefined
  from?: Day | undefined
  to?: Day | undefined
}
type SalesSearch = { staff?: string | undefined; q?: string | undefined }

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): Scope => readScope(search),
  search: { middlewares: [retainSearchParams<Scope>(['shop', 'date'])] },
  component: Office,
  notFoundComponent: () => <FaultState kind="not_found" />,
})

const today = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: () => (
    <FirstPage>
      <TodayScreen />
    </FirstPage>
  ),
})

const sales = createRoute({
  getParentRoute: () => root,
  path: '/sales',
  validateSearch: (search: Record<string, unknown>): SalesSearch => ({
    ...(typeof search.staff === 'string' && isUuid(search.staff) && { staff: search.staff }),
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, textMax) }),
  }),
  component: () => (
    <Guarded permission="sale.read">
      <SalesScreen />
    </Guarded>
  ),
})

const sale = createRoute({
  getParentRoute: () => root,
  path: '/sales/$saleId',
  component: () => (
    <Guarded permission="sale.read">
      <SaleScreen />
    </Guarded>
  ),
})

const refund = createRoute({
  getParentRoute: () => root,
  path: '/refunds/$refundId',
  component: () => (
    <Guarded permission="sale.read">
      <RefundScreen />
    </Guarded>
  ),
})

const tills = createRoute({
  getParentRoute: () => root,
  path: '/tills',
  validateSearch: (search: Record<string, unknown>): TillsSearch => ({
    ...(search.days === 'all' && { days: 'all' }),
    ...(isSessionState(search.state) && { state: search.state }),
  }),
  component: () => (
    <Guarded permission="till.read">
      <TillsScreen />
    </Guarded>
  ),
})

const session = createRoute({
  getParentRoute: () => root,
  path: '/tills/$sessionId',
  component: () => (
    <Guarded permission="till.read">
      <SessionScreen />
    </Guarded>
  ),
})

const rewind = createRoute({
  getParentRoute: () => root,
  path: '/rewind',
  validateSearch: (search: Record<string, unknown>): RewindSearch => ({
    ...(typeof search.till === 'string' && isUuid(search.till) && { till: search.till }),
    ...(typeof search.at === 'string' && isInstant(search.at) && { at: search.at }),
    ...(typeof search.act === 'string' && isUuid(search.act) && { act: search.act }),
  }),
  component: () => (
    <Guarded permission="till.expected">
      <RewindScreen />
    </Guarded>
  ),
})

const evening = createRoute({
  getParentRoute: () => root,
  path: '/evening',
  component: () => (
    <Guarded permission="report.read">
      <EveningScreen />
    </Guarded>
  ),
})

const dayReports = createRoute({
  getParentRoute: () => root,
  path: '/evening/reports',
  component: () => (
    <Guarded permission="report.read">
      <DayReportsScreen />
    </Guarded>
  ),
})

const cash = createRoute({
  getParentRoute: () => root,
  path: '/cash',
  component: () => (
    <Guarded permission="report.read">
      <CashScreen />
    </Guarded>
  ),
})

const machines = createRoute({
  getParentRoute: () => root,
  path: '/machines',
  component: () => (
    <Guarded permission="till.read">
      <MachinesScreen />
    </Guarded>
  ),
})

const machine = createRoute({
  getParentRoute: () => root,
  path: '/machines/$machineId',
  validateSearch: (search: Record<string, unknown>): MachineSearch => ({
    ...(typeof search.attempt === 'string' &&
      isUuid(search.attempt) && { attempt: search.attempt }),
    ...(typeof search.from === 'string' && isDay(search.from) && { from: search.from }),
    ...(typeof search.to === 'string' && isDay(search.to) && { to: search.to }),
  }),
  component: () => (
    <Guarded permission="till.read">
      <MachineScreen />
    </Guarded>
  ),
})

const safe = createRoute({
  getParentRoute: () => root,
  path: '/cash/safe',
  component: () => (
    <Guarded permission="safe.read">
      <SafeScreen />
    </Guarded>
  ),
})

const deposits = createRoute({
  getParentRoute: () => root,
  path: '/cash/deposits',
  component: () => (
    <Guarded permission="safe.read">
      <DepositsScreen />
    </Guarded>
  ),
})

const change = createRoute({
  getParentRoute: () => root,
  path: '/cash/change',
  component: () => (
    <Guarded permission="safe.read">
      <ChangeScreen />
    </Guarded>
  ),
})

const funds = createRoute({
  getParentRoute: () => root,
  path: '/cash/funds',
  component: () => (
    <Guarded permission="safe.read">
      <FundsScreen />
    </Guarded>
  ),
})

const products = createRoute({
  getParentRoute: () => root,
  path: '/products',
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined } => ({
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, textMax) }),
  }),
  component: () => (
    <Guarded permission="product.read">
      <ProductsScreen />
    </Guarded>
  ),
})

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: () => (
    <Guarded permission="staff.read">
      <PeopleScreen />
    </Guarded>
  ),
})

const receipts = createRoute({
  getParentRoute: () => root,
  path: '/receipts',
  component: () => (
    <Guarded permission="sale.read">
      <ReceiptsScreen />
    </Guarded>
  ),
})

const expenses = createRoute({
  getParentRoute: () => root,
  path: '/expenses',
  validateSearch: (search: Record<string, unknown>): ExpensesSearch => ({
    ...(isExpenseView(search.view) && { view: search.view }),
    ...(isExpenseState(search.state) && { state: search.state }),
    ...(typeof search.category === 'string' &&
      isUuid(search.category) && { category: search.category }),
  }),
  component: () => (
    <Guarded permission="expense.request">
      <ExpensesScreen />
    </Guarded>
  ),
})

const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  validateSearch: (search: Record<string, unknown>): ReportsSearch => ({
    ...(isReportName(search.report) && { report: search.report }),
    ...(reportDays.includes(Number(search.days)) && { days: Number(search.days) }),
  }),
  component: () => (
    <Guarded permission="report.read">
      <ReportsScreen />
    </Guarded>
  ),
})

const sync = createRoute({
  getParentRoute: () => root,
  path: '/sync',
  component: () => (
    <Guarded permission="sync.read">
      <SyncScreen />
    </Guarded>
  ),
})

const attention = createRoute({
  getParentRoute: () => root,
  path: '/attention',
  component: () => (
    <Guarded permission="sync.resolve">
      <AttentionScreen />
    </Guarded>
  ),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: SettingsScreen,
})

const routeTree = root.addChildren([
  today,
  sales,
  sale,
  refund,
  tills,
  session,
  rewind,
  evening,
  dayReports,
  cash,
  machines,
  machine,
  expenses,
  safe,
  deposits,
  change,
  funds,
  products,
  people,
  receipts,
  reports,
  attention,
  sync,
  settings,
])

/** Addresses and their screens. `/office/` is where both servers serve the office. */
export function createOfficeRouter() {
  return createRouter({ routeTree, basepath: '/office', defaultPreload: false })
}

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: ReturnType<typeof createOfficeRouter>
  }
}
