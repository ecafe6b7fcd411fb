import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  AskAttempt,
  AskRecycler,
  AttemptDetail,
  AttemptRecord,
  AttemptView,
  LiveRecycler,
  RecyclerSecret,
  RecyclerView,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Options, Page } from './api.ts'
import type { Ask, Query } from './send.ts'

// What the office asks about cash machines, and what a shop's office tells them. What a machine does this moment is
// known in its shop alone.

type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly put: <Reply>(path: string, body: object) => Promise<Reply>
  readonly ask: (question: Ask) => Promise<Response>
  readonly oneOf: (path: string, id: string) => string
}

export type AttemptsFilter = { readonly from?: Day | undefined; readonly to?: Day | undefined }

/** A machine's word for what it does, or for what it is to do with itself. */
export type AttemptOrder = 'cancel' | 'finish' | 'end-short' | 'give-up'

/** What a person says of an attempt, of what a machine holds, or of both. */
export type ResolveAsk = {
  readonly id: string
  readonly attempt?: { readonly attemptId: string; readonly in: Pieces; readonly out: Pieces }
  readonly counted?: NonNullable<LiveRecycler['stock']>
  readonly reason: string
}

/** One line of a machine's raw log. */
export type Frame = {
  readonly at: string
  readonly direction: 'in' | 'out'
  readonly text: string
}

const pageRows = 100
/** Pages of a machine's past that are looked through for an attempt that waits for a person. */
const searchedPagesMax = 10
/** What a machine tells by itself is read at once; this is for what nobody told. */
const machinesMs = 15_000
/** The raw log of a machine, while somebody looks at it. */
const framesMs = 3_000

export function machineQuestions({ get, tell, put, ask, oneOf }: Asking) {
  const machine = (id: string) => oneOf('/v1/recyclers', id)
  return {
    listMachines: (shopId: string | undefined, options?: Options) =>
      get<{ readonly items: readonly RecyclerView[] }>('/v1/recyclers', { shopId }, options),
    readMachine: (id: string, options?: Options) => get<RecyclerView>(machine(id), {}, options),
    listAttempts: (id: string, filter: AttemptsFilter, options?: Options) =>
      get<Page<AttemptRecord>>(`${machine(id)}/attempts`, { ...filter, limit: pageRows }, options),
    readAttempt: (attemptId: string, options?: Options) =>
      get<AttemptDetail>(oneOf('/v1/recycler-attempts', attemptId), {}, options),
    listFrames: (id: string, options?: Options) =>
      get<{ readonly items: readonly Frame[] }>(`${machine(id)}/frames`, {}, options),
    /** What all machines of the shop do, for as long as `signal` lets it: text/event-stream. */
    openMachineNews: (signal: AbortSignal) =>
      ask({ path: '/v1/recyclers/live/news', endless: true, signal }),
    beginAttempt: (id: string, work: AskAttempt) =>
      tell<AttemptView>(`${machine(id)}/attempts`, work),
    orderAttempt: (id: string, attemptId: string, order: AttemptOrder) =>
      tell<AttemptView>(`${machine(id)}/attempts/${encodeURIComponent(attemptId)}/${order}`, {}),
    orderMachine: (id: string, order: 'reset' | 'verify') =>
      tell<unknown>(`${machine(id)}/${order}`, {}),
    lockMachine: (id: string, locked: boolean) => tell<unknown>(`${machine(id)}/lock`, { locked }),
    resolveMachine: (id: string, word: ResolveAsk) => tell<unknown>(`${machine(id)}/resolve`, word),
    /** The cash box's content, as it was counted into the safe. */
    emptyMachine: (
      id: string,
      act: { readonly id: string; readonly cash: readonly CashAmount[]; readonly note?: string },
    ) =>
      tell<unknown>(`${machine(id)}/emptied`, {
        ...act,
        cash: act.cash.map(({ currency, pieces }) => ({ currency, pieces: pieces ?? [] })),
      }),
    putMachine: (id: string, register: AskRecycler) => put<unknown>(machine(id), register),
    putMachineSecret: (
      id: string,
      secret: {
        readonly user?: string
        readonly password?: string
        readonly forgetCertificate?: true
      },
    ) => put<unknown>(`${machine(id)}/secret`, secret),
    readMachineSecret: (id: string, options?: Options) =>
      get<RecyclerSecret>(`${machine(id)}/secret`, {}, options),
  }
}

type MachineApi = ReturnType<typeof machineQuestions>

export const machineQueries = (api: MachineApi) => ({
  machines: (shopId: string | undefined) =>
    queryOptions({
      queryKey: ['recyclers', 'all', shopId ?? null],
      queryFn: ({ signal }) => api.listMachines(shopId, { signal }),
      refetchInterval: machinesMs,
    }),
  machine: (id: string) =>
    queryOptions({
      queryKey: ['recyclers', 'one', id],
      queryFn: ({ signal }) => api.readMachine(id, { signal }),
      refetchInterval: machinesMs,
    }),
  attempts: (id: string, filter: AttemptsFilter) =>
    infiniteQueryOptions({
      queryKey: ['recyclers', 'attempts', id, filter],
      queryFn: ({ signal, pageParam }) =>
        api.listAttempts(id, filter, { signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  attempt: (attemptId: string) =>
    queryOptions({
      queryKey: ['recyclers', 'attempt', attemptId],
      queryFn: ({ signal }) => api.readAttempt(attemptId, { signal }),
    }),
  /** The newest attempt of a machine whose end nobody knows. */
  unresolved: (id: string) =>
    queryOptions({
      queryKey: ['recyclers', 'unresolved', id],
      queryFn: async ({ signal }): Promise<AttemptRecord | null> => {
        let cursor: string | undefined
        for (let page = 0; page < searchedPagesMax; page += 1) {
          const { items, next } = await api.listAttempts(id, {}, { signal, cursor })
          const found = items.find(({ ending }) => ending === 'unresolved')
          if (found !== undefined) return found
          if (next === null) break
          cursor = next
        }
        return null
      },
    }),
  /** How the shop's server logs in at a machine, without the password. */
  machineSecret: (id: string) =>
    queryOptions({
      queryKey: ['recyclers', 'secret', id],
      queryFn: ({ signal }) => api.readMachineSecret(id, { signal }),
    }),
  frames: (id: string) =>
    queryOptions({
      queryKey: ['recyclerFrames', id],
      queryFn: ({ signal }) => api.listFrames(id, { signal }),
      refetchInterval: framesMs,
    }),
})
