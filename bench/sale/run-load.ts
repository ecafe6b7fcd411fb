import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchProduct } from './bench-chain.ts'

export type LoadOrder = {
  readonly url: string
  readonly token: string
  /** One client for each. */
  readonly sessionIds: readonly string[]
  readonly products: readonly BenchProduct[]
  readonly seconds: number
}

export type Load = {
  readonly elapsedSeconds: number
  /** One for each sale, from the request to the whole answer. */
  readonly latenciesMs: Float64Array
}
export type LoadReport = Load | { readonly fault: string }

export type LoadGenerator = {
  /** Sells for some seconds; any answer that is not a made sale is an error. */
  readonly run: (order: LoadOrder) => Promise<Load>
  readonly stop: () => Promise<void>
}

export function startLoadGenerator(): LoadGenerator {
  const child: ChildProcess = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), [], {
    serialization: 'advanced',
  })
  const ended = once(child, 'exit')
  return {
    run: async (order) => {
      child.send(order)
      const [report] = (await Promise.race([
        once(child, 'message'),
        ended.then(() => [{ fault: 'the load generator ended' }]),
      ])) as [LoadReport]
      if ('fault' in report) throw new Error(report.fault)
      return report
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await ended
    },
  }
}
