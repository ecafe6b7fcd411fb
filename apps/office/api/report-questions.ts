import type {
  CashFlow,
  FundReport,
  MethodsOfDay,
  StaffFigures,
  VarianceRow,
} from '@tillkeeper/client/api/report-shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Options } from './api.ts'
import type { Query } from './send.ts'

/** The days of business, both included, and the shop that a report is of. */
export type ReportDays = {
  readonly shopId: string | undefined
  readonly from: Day
  readonly to: Day
}

type Items<Item> = { readonly items: readonly Item[] }
/** How questions are asked; bound to a login by `createApi`. */
type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
}

export function reportQuestions({ get }: Asking) {
  return {
    readCashFlow: (days: ReportDays, options?: Options) =>
      get<Items<CashFlow>>('/v1/reports/cash-flow', days, options),
    readMethods: (days: ReportDays, options?: Options) =>
      get<Items<MethodsOfDay>>('/v1/reports/methods', days, options),
    readStaffFigures: (days: ReportDays, options?: Options) =>
      get<Items<StaffFigures>>('/v1/reports/staff', days, options),
    listVariances: (days: ReportDays, options?: Options) =>
      get<Items<VarianceRow>>('/v1/reports/variances', days, options),
    readFundReport: (days: ReportDays, options?: Options) =>
      get<FundReport>('/v1/reports/funds', days, options),
  }
}
