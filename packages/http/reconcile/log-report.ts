import type { Reconciliation } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { FastifyBaseLogger } from 'fastify'

/** Tells the log what a comparison found: by its counts, and louder where a person has to look. */
export function logReport(
  log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>,
  { kind, streams, buckets, differences, repaired, unresolved, findings }: Reconciliation,
): void {
  const said = { kind, streams, buckets, differences, repaired, unresolved }
  if (differences === 0) log.info(said, 'data compared')
  else if (unresolved === 0) log.warn({ ...said, findings }, 'data compared, and mended')
  else log.error({ ...said, findings }, 'data differs')
}
