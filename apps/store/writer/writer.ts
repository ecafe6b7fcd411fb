import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import { refused } from '@tillkeeper/core/base/outcome.ts'

/** As many sales are made in one transaction: about what 64 tills bring while one flush takes its time. */
export const batchMax = 64
/** Beyond it an asker would have given up before its turn. */
export const waitingMax = 1_000
const retrySeconds = 1

export type Overloaded = { readonly code: 'overloaded'; readonly retryAfterSeconds: number }

type Waiting<Sale, Done> =
  | {
      readonly kind: 'sale'
      readonly sale: Sale
      readonly resolve: (done: Done) => void
      readonly reject: (error: unknown) => void
    }
  | { readonly kind: 'act'; readonly run: () => Promise<void> }

export type WriterOptions<Sale, SaleOutcome> = {
  /** Makes sales in one transaction: all have an outcome, or it throws and none was made. */
  readonly completeSales: (sales: readonly Sale[]) => Promise<readonly SaleOutcome[]>
  /** Whether the database itself is away, so that trying each sale singly would gain nothing. */
  readonly isOutage: (error: unknown) => boolean
}

export type Writer<Sale, SaleOutcome> = {
  /** Makes a sale with all others that wait. */
  readonly sell: (sale: Sale) => Promise<SaleOutcome | Outcome<never, Overloaded>>
  /** Does another act in its turn. */
  readonly act: <T>(run: () => Promise<T>) => Promise<T | Outcome<never, Overloaded>>
  /** How many wait now. */
  readonly waiting: () => number
}

/** A writer to those who have no sales for it. */
export type AnyWriter = Pick<Writer<never, never>, 'act' | 'waiting'>

/**
 * Makes the one writer of a shop's server. Its stream has one head, so acts could only wait for each
 * other in the database: they wait here instead, in the order in which they came, and sales that wait
 * side by side are made together. If that fails they are made one by one, so that one bad sale
 * hurts no other.
 */
export function createWriter<Sale, SaleOutcome>(
  options: WriterOptions<Sale, SaleOutcome>,
): Writer<Sale, SaleOutcome> {
  const queue: Waiting<Sale, SaleOutcome>[] = []
  let writing = false

  const write = async () => {
    if (writing) return
    writing = true
    for (;;) {
      const next = queue[0]
      if (next === undefined) break
      if (next.kind === 'act') {
        queue.shift()
        await next.run()
      } else {
        await writeSales(options, takeSales(queue))
      }
    }
    writing = false
  }
  const enter = (waiting: Waiting<Sale, SaleOutcome>): boolean => {
    if (queue.length >= waitingMax) return false
    queue.push(waiting)
    // Those who ask in the same turn of the event loop are made together from the first.
    if (!writing) setImmediate(() => void write())
    return true
  }
  const overloaded = refused({ code: 'overloaded', retryAfterSeconds: retrySeconds })
  return {
    sell: (sale) =>
      new Promise((resolve, reject) => {
        if (!enter({ kind: 'sale', sale, resolve, reject })) resolve(overloaded)
      }),
    act: (run) =>
      new Promise((resolve, reject) => {
        const turn = () => run().then(resolve, reject)
        if (!enter({ kind: 'act', run: turn })) resolve(overloaded)
      }),
    waiting: () => queue.length,
  }
}

type WaitingSale<Sale, Done> = Extract<Waiting<Sale, Done>, { kind: 'sale' }>

function takeSales<Sale, Done>(queue: Waiting<Sale, Done>[]): WaitingSale<Sale, Done>[] {
  const other = queue.findIndex(({ kind }) => kind !== 'sale')
  const count = Math.min(batchMax, other === -1 ? queue.length : other)
  return queue.splice(0, count).filter((waiting) => waiting.kind === 'sale')
}

async function writeSales<Sale, Done>(
  options: WriterOptions<Sale, Done>,
  waiting: readonly WaitingSale<Sale, Done>[],
): Promise<void> {
  try {
    const outcomes = await options.completeSales(waiting.map(({ sale }) => sale))
    for (const [index, { resolve, reject }] of waiting.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) reject(new Error('a sale has an outcome'))
      else resolve(outcome)
    }
  } catch (error) {
    // An edge: what failed is told to who asked; here it only decides whether to try them singly.
    if (waiting.length > 1 && !options.isOutage(error)) {
      for (const each of waiting) await writeSales(options, [each])
    } else {
      for (const { reject } of waiting) reject(error)
    }
  }
}
