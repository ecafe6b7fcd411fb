import { type ChildProcess, fork } from 'node:child_process'
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
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // Said to a process that is ending: whoever waits for its report hears of the end itself.
  child.on('error', () => undefined)
  return {
    run: async (order) => {
      const reported = new Promise<LoadReport>((resolve) => child.once('message', resolve))
      const gone = ended.then((): LoadReport => ({ fault: 'the load generator ended' }))
      child.send(order)
      const report = await Promise.race([reported, gone])
      if ('fault' in report) throw new Error(report.fault)
      return report
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
