import { setTimeout as wait } from 'node:timers/promises'
import type { FleetOrder, FleetReport, LiveReport, ReturnReport } from './run-fleet.ts'
import { type Limits, openNode, type ShopNode } from './shop-node.ts'

// The shops, in a process of their own: their time is not the cloud's.

let nodes: readonly ShopNode[] = []
/** Told that the others are back: nobody needs to sell any longer. */
let over = false

process.on('message', (order: FleetOrder) => {
  if (order.type === 'over') {
    over = true
    return
  }
  run(order).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ fault: String(error) } satisfies FleetReport),
  )
})
process.once('disconnect', () => process.exit(0))

async function run(order: Exclude<FleetOrder, { type: 'over' }>): Promise<FleetReport> {
  switch (order.type) {
    case 'open': {
      const opened: ShopNode[] = []
      for (const plan of order.plans) {
        const node = await openNode(order.url, plan)
        await node.hello()
        opened.push(node)
      }
      nodes = opened
      return { opened: nodes.length }
    }
    case 'live':
      over = false
      return { live: await sellLive(nodes, order.seconds, () => over) }
    case 'return':
      return { returned: await comeBack(nodes, order) }
  }
}

/** Each shop sells once a second, each at its own moment of it; what is not acknowledged goes along. */
async function sellLive(
  shops: readonly ShopNode[],
  seconds: number,
  isOver: () => boolean,
): Promise<LiveReport> {
  const startMs = performance.now()
  const latencies: number[] = []
  let sentAway = 0
  const sell = async (node: ShopNode, index: number) => {
    const offsetMs = (1_000 * index) / shops.length
    let sold = 0
    while (sold < seconds && !isOver()) {
      await wait(Math.max(0, startMs + offsetMs + sold * 1_000 - performance.now()))
      // All whose moment has come: one batch of a stream is on its way at a time.
      const due = Math.min(
        seconds,
        Math.floor((performance.now() - startMs - offsetMs) / 1_000) + 1,
      )
      const count = Math.max(1, due - sold)
      node.sell(count)
      for (;;) {
        const told = await node.push(1_000)
        if (told.kind === 'acked') break
        sentAway += 1
        await wait(told.retryMs)
      }
      const nowMs = performance.now()
      for (let nth = sold; nth < sold + count; nth += 1) {
        latencies.push(nowMs - (startMs + offsetMs + nth * 1_000))
      }
      sold += count
    }
  }
  await Promise.all(shops.map(sell))
  return { latenciesMs: Float64Array.from(latencies), sentAway }
}

/** As a link does: a batch grows to what the parent takes, and one that is sent away comes again. */
async function comeBack(
  shops: readonly ShopNode[],
  { sales, secondsMax }: { readonly sales: number; readonly secondsMax: number },
): Promise<ReturnReport> {
  const startMs = performance.now()
  let facts = 0
  let sentAway = 0
  const bring = async (node: ShopNode): Promise<number | undefined> => {
    let left = sales
    let batch = 500
    let limits: Limits = await node.hello()
    while (left > 0 || node.waiting() > 0) {
      if (performance.now() - startMs > secondsMax * 1_000) return undefined
      await wait(limits.delayMs)
      batch = Math.min(limits.factsMax, batch + 100)
      // Sealed as it is sent: nobody has the memory for three days of 300 shops.
      const more = Math.min(left, Math.max(0, batch - node.waiting()))
      if (more > 0) node.sell(more)
      left -= more
      const before = node.sent()
      const told = await node.push(batch)
      facts += node.sent() - before
      if (told.kind === 'busy') {
        sentAway += 1
        await wait(told.retryMs * (1 + Math.random()))
        limits = await node.hello()
      }
    }
    return (performance.now() - startMs) / 1_000
  }
  const times = await Promise.all(shops.map(bring))
  return {
    ...{ facts, sentAway, seconds: (performance.now() - startMs) / 1_000 },
    times: times.filter((time) => time !== undefined),
  }
}
