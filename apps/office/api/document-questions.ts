import type {
  DayReport,
  Document,
  DocumentStatistics,
  PaperText,
} from '@tillkeeper/client/api/document-shapes.ts'
import type { RefundView } from '@tillkeeper/client/api/shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import type { Options, Page } from './api.ts'
import type { ReportDays } from './report-questions.ts'
import type { Query } from './send.ts'

export type DocumentsFilter = {
  readonly shopId?: string | undefined
  readonly staffId?: string | undefined
  readonly kind?: string | undefined
  readonly number?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly minMinor?: number | undefined
  readonly maxMinor?: number | undefined
}

export type DayReportsOf = { readonly date: Day; readonly shopId: string | undefined }

/** Rows of a page of papers. */
const documentRows = 100

/** How questions are asked; bound to a login by `createApi`. */
type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly oneOf: (path: string, id: string) => string
}

export function documentQuestions({ get, tell, oneOf }: Asking) {
  return {
    listDocuments: (filter: DocumentsFilter, options?: Options) =>
      get<Page<Document>>('/v1/receipts', { ...filter, limit: documentRows }, options),
    readDocumentStatistics: (days: ReportDays, options?: Options) =>
      get<DocumentStatistics>('/v1/receipts/statistics', days, options),
    /** A movement's paper as it prints, marked as a copy. */
    readPaper: (id: string, language: Language, options?: Options) =>
      get<PaperText>(`${oneOf('/v1/receipts', id)}/paper`, { lang: language, copy: 1 }, options),
    /** The Z reports of a day, as they print. */
    listDayReports: (
      { date, shopId, language }: DayReportsOf & { readonly language: Language },
      options?: Options,
    ) =>
      get<{ readonly items: readonly DayReport[] }>(
        '/v1/evening/reports',
        { date, shopId, lang: language },
        options,
      ),
    voidSale: (
      saleId: string,
      said: { readonly id: string; readonly sessionId: string; readonly reason: string },
    ) => tell<RefundView>(`${oneOf('/v1/sales', saleId)}/void`, said),
    noteReprint: (receiptId: string) =>
      tell<{ readonly id: string }>(`${oneOf('/v1/receipts', receiptId)}/reprints`, {
        id: makeId(),
      }),
  }
}
