import type { FastifyReply, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** From a query in memory to a login that waits in the queue of hashes. */
const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]

/** Makes the measurements of one server. Names are stable: dashboards and alarms hang on them. */
export function createMetrics(program: 'store' | 'cloud') {
  const registry = new Registry()
  registry.setDefaultLabels({ program })
  collectDefaultMetrics({ register: registry })
  const requestSeconds = new Histogram({
    name: 'http_request_seconds',
    help: 'How long requests took, by the route as it is written.',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers: [registry],
  })
  const refusalsTotal = new Counter({
    name: 'http_refusals_total',
    help: 'Answers of 4xx and 5xx, by status.',
    labelNames: ['status'],
    registers: [registry],
  })
  return {
    registry,
    onResponse(request: FastifyRequest, reply: FastifyReply) {
      const route = request.routeOptions.url ?? 'none'
      const status = String(reply.statusCode)
      requestSeconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1000)
      if (reply.statusCode >= 400) refusalsTotal.inc({ status })
    },
    /** A number read when it is asked for. Labels have fixed names; `read` sets their values. */
    gauge(
      name: string,
      help: string,
      read: (gauge: Gauge) => void | Promise<void>,
      labelNames: readonly string[] = [],
    ) {
      return new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers: [registry],
        collect() {
          return read(this)
        },
      })
    },
    /** A count that is kept elsewhere, such as in a table: `read` adds all of it to nothing. */
    total(
      name: string,
      help: string,
      read: (counter: Counter) => void | Promise<void>,
      labelNames: readonly string[] = [],
    ) {
      return new Counter({
        name,
        help,
        labelNames: [...labelNames],
        registers: [registry],
        collect() {
          this.reset()
          return read(this)
        },
      })
    },
    counter(name: string, help: string, labelNames: readonly string[] = []) {
      return new Counter({ name, help, labelNames: [...labelNames], registers: [registry] })
    },
  }
}
