import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import type { Refusal } from '../problem/refusals.ts'
import type { Metrics } from './metrics.ts'

const Ok = Type.Object({ status: Type.Literal('ok') })
const Ready = Type.Object({
  status: Type.Literal('ok'),
  /** How far the tables are behind the journal, where they follow it. */
  queue: Type.Optional(
    Type.Object({ facts: Type.Integer(), oldestAt: Type.Union([Type.String(), Type.Null()]) }),
  ),
})

type Deps = {
  readonly metrics: Metrics
  /** Whether requests can be served now: the database answers and nothing is being shut down. */
  readonly ready: () => Promise<boolean>
  /** Why it cannot serve yet, where it knows: said in place of `not_ready`. */
  readonly closedFor?: () => Refusal | undefined
  readonly queue?: () => Promise<{ readonly facts: number; readonly oldestAt: string | null }>
}

/** Is the process alive, can it serve, and what does it measure. */
export function healthRoutes({
  metrics,
  ready,
  closedFor,
  queue,
}: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    const config = { permission: 'public' } as const
    const tags = ['operating']
    app.get(
      '/livez',
      { config, schema: { tags, summary: 'Is the process alive?', response: { 200: Ok } } },
      async () => ({ status: 'ok' as const }),
    )
    app.get(
      '/readyz',
      { config, schema: { tags, summary: 'Can it serve?', response: { 200: Ready } } },
      async (_request, reply) => {
        const closed = closedFor?.()
        if (closed !== undefined) return sendRefusal(reply, closed)
        if (await ready()) {
          return { status: 'ok' as const, ...(queue === undefined ? {} : { queue: await queue() }) }
        }
        return sendRefusal(reply, { code: 'not_ready', retryAfterSeconds: 1 })
      },
    )
    app.get(
      '/metrics',
      { config, schema: { tags, summary: 'Measurements, for Prometheus.' } },
      async (_request, reply) =>
        reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    )
  }
}
