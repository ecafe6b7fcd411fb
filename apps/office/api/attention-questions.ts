import type {
  ExceptionView,
  Parked,
  ResolveDone,
  RetryDone,
  SyncHealth,
  SyncIncident,
} from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { Options, Page } from './api.ts'
import type { Query } from './send.ts'

// What the office asks about replication, and what it tells the server to do about it.

/** How a person settles a parked fact. The id makes that asking twice does it once. */
export type Settle = {
  readonly id: string
  readonly how: 'skipped' | 'replaced'
  readonly note: string
  readonly replacementId?: string | undefined
}

/** Parked facts are read with their bodies, and looked at one by one. */
const parkedRows = 50
/** As many exceptions are read at once. */
const exceptionRows = 100

/** How questions are asked; bound to a login by `createApi`. */
type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly oneOf: (path: string, id: string) => string
}

export function attentionQuestions({ get, tell, oneOf }: Asking) {
  return {
    readHealth: (options?: Options) => get<SyncHealth>('/v1/sync/health', {}, options),
    /** The facts that are parked for a reason of their own, without those that wait behind them. */
    listParked: (shopId: string | undefined, options?: Options) =>
      get<Page<Parked>>('/v1/sync/parked', { shopId, waiting: 'no', limit: parkedRows }, options),
    retryParked: (factId: string | undefined) =>
      tell<RetryDone>('/v1/sync/parked/retry', { factId }),
    resolveParked: (factId: string, how: Settle) =>
      tell<ResolveDone>(`${oneOf('/v1/sync/parked', factId)}/resolve`, how),
    listIncidents: (options?: Options) =>
      get<{ readonly items: readonly SyncIncident[] }>(
        '/v1/sync/incidents',
        { open: 'yes' },
        options,
      ),
    closeIncident: (id: string) => tell(`${oneOf('/v1/sync/incidents', id)}/resolve`, {}),
    listExceptions: (shopId: string | undefined, options?: Options) =>
      get<Page<ExceptionView>>(
        '/v1/exceptions',
        { shopId, seen: 'no', limit: exceptionRows },
        options,
      ),
    markSeen: (exceptionId: string) => tell('/v1/exceptions/seen', { exceptionId }),
  }
}
