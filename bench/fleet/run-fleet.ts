import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { NodePlan } from './shop-node.ts'

export type FleetOrder =
  | { readonly type: 'open'; readonly url: string; readonly plans: readonly NodePlan[] }
  | { readonly type: 'live'; readonly seconds: number }
  /** Whoever sells may stop: nothing is answered to this. */
  | { readonly type: 'over' }
  | {
      readonly type: 'return'
      /** Of each shop. */
      readonly sales: number
      readonly secondsMax: number
    }

export type LiveReport = {
  /** One for each sale: from the moment at which it was made to its acknowledgement. */
  readonly latenciesMs: Float64Array
  readonly sentAway: number
}
export type ReturnReport = {
  readonly facts: number
  readonly seconds: number
  readonly sentAway: number
  /** Of each shop that brought everything in time. */
  readonly times: readonly number[]
}
export type FleetReport =
  | { readonly opened: number }
  | { readonly live: LiveReport }
  | { readonly returned: ReturnReport }
  | { readonly fault: string }

export type Fleet = {
  readonly open: (url: string, plans: readonly NodePlan[]) => Promise<void>
  /** Sells for so long, or until it is `over`. */
  readonly sell: (seconds: number) => Promise<LiveReport>
  readonly over: () => void
  readonly comeBack: (asked: {
    readonly sales: number
    readonly secondsMax: number
  }) => Promise<ReturnReport>
  readonly stop: () => Promise<void>
}

export function startFleet(): Fleet {
  const child: ChildProcess = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), [], {
    serialization: 'advanced',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.on('error', () => undefined)
  const tell = async (order: FleetOrder): Promise<Exclude<FleetReport, { fault: string }>> => {
    const reported = new Promise<FleetReport>((resolve) => child.once('message', resolve))
    const gone = ended.then((): FleetReport => ({ fault: 'the shops’ process ended' }))
    child.send(order)
    const report = await Promise.race([reported, gone])
    if ('fault' in report) throw new Error(report.fault)
    return report
  }
  return {
    open: async (url, plans) => {
      await tell({ type: 'open', url, plans })
    },
    sell: async (seconds) => {
      const report = await tell({ type: 'live', seconds })
      if (!('live' in report)) throw new Error('shops that sell say how it went')
      return report.live
    },
    over: () => child.send({ type: 'over' } satisfies FleetOrder),
    comeBack: async (asked) => {
      const report = await tell({ type: 'return', ...asked })
      if (!('returned' in report)) throw new Error('shops that return say how it went')
      return report.returned
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
