import type { Reconciliation } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'

/** Between two comparisons of what came since the last one. */
export const hourlyMs = 3_600_000
/** Between two comparisons of everything; it begins in the first quiet hour after that. */
export const nightlyMs = 20 * 3_600_000
/** By the server's own clock: few sell then. */
export const quietFromHour = 2
export const quietToHour = 5
/** Each wait is up to this much longer, so that shops do not ask the cloud together. */
export const spreadMs = 900_000

export type Reconciler = {
  /** Begins the rounds. */
  readonly start: () => void
  /** Compares everything of an organisation now; `undefined` while another comparison runs. */
  readonly now: (org: OrgId) => Promise<Reconciliation | undefined>
  /** No further comparison is begun; resolves when the one under way has ended. */
  readonly stop: () => Promise<void>
}

export type ReconcilerDeps = {
  readonly orgs: () => Promise<readonly OrgId[]>
  /** When everything was last compared, if ever. */
  readonly lastFullAt: (org: OrgId) => Promise<string | undefined>
  /** Ends by an error once the signal says so: what was mended stays. */
  readonly reconcile: (
    org: OrgId,
    kind: Reconciliation['kind'],
    signal: AbortSignal,
  ) => Promise<Reconciliation>
  readonly onReport: (org: OrgId, report: Reconciliation) => void
  readonly onFault: (error: unknown) => void
  readonly now: () => Date
  readonly random: () => number
}

/** Runs comparisons, one at a time: each hour what is new, each night everything. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> | undefined
  const over = new AbortController()

  const one = async (org: OrgId, kind: Reconciliation['kind']): Promise<Reconciliation> => {
    const report = await deps.reconcile(org, kind, over.signal)
    deps.onReport(org, report)
    return report
  }
  const round = async (): Promise<void> => {
    for (const org of await deps.orgs()) {
      if (over.signal.aborted) return
      await one(org, isNight(deps.now(), await deps.lastFullAt(org)) ? 'nightly' : 'hourly')
    }
  }
  const next = (): void => {
    if (over.signal.aborted) return
    timer = setTimeout(
      () => {
        // One that was asked for is under way: this round is left out.
        running ??= round()
          .catch((error: unknown) => {
            if (!over.signal.aborted) deps.onFault(error)
          })
          .finally(() => {
            running = undefined
          })
        next()
      },
      hourlyMs + deps.random() * spreadMs,
    )
    timer.unref()
  }
  return {
    start: next,
    now: async (org) => {
      if (running !== undefined || over.signal.aborted) return undefined
      const asked = one(org, 'asked')
      running = asked
        .catch(() => undefined)
        .finally(() => {
          running = undefined
        })
      return asked
    },
    stop: async () => {
      over.abort()
      clearTimeout(timer)
      await running
    },
  }
}

/** Whether everything is compared now: it is long ago, and quiet; or longer ago than a server may wait. */
export function isNight(now: Date, lastFullAt: string | undefined): boolean {
  const since = now.getTime() - Date.parse(lastFullAt ?? new Date(0).toISOString())
  const hour = now.getHours()
  const isQuiet = hour >= quietFromHour && hour < quietToHour
  return since >= nightlyMs && (isQuiet || since >= 2 * nightlyMs)
}
