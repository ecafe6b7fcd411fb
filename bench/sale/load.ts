import { openConnection } from './connection.ts'
import { makeSale } from './make-sale.ts'
import type { LoadOrder, LoadReport } from './run-load.ts'

// The load generator, in a process of its own: its time is not the server's. Each client asks for a
// sale, waits for the answer, and asks for the next.

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ fault: String(error) } satisfies LoadReport),
  )
})
process.once('disconnect', () => process.exit(0))

async function run(order: LoadOrder): Promise<LoadReport> {
  const { url, token, sessionIds, seconds } = order
  const connections = await Promise.all(sessionIds.map(() => openConnection(url, token)))
  const startedMs = performance.now()
  const endMs = startedMs + seconds * 1000
  const latencies = await Promise.all(
    connections.map(async (connection, index) => {
      const sessionId = sessionIds[index] ?? ''
      const own: number[] = []
      while (performance.now() < endMs) {
        const sale = makeSale(sessionId, order.products)
        const body = JSON.stringify(sale)
        const askedMs = performance.now()
        const reply = await connection.post('/v1/sales', body)
        own.push(performance.now() - askedMs)
        if (reply.status !== 201 || !reply.body.includes(sale.id)) {
          throw new Error(`a sale was answered with ${reply.status}: ${reply.body}`)
        }
      }
      return own
    }),
  )
  const elapsedSeconds = (performance.now() - startedMs) / 1000
  for (const connection of connections) connection.close()
  return { elapsedSeconds, latenciesMs: Float64Array.from(latencies.flat()) }
}
