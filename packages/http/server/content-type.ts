import type { FastifyRequest } from 'fastify'
import { RefusedRequest } from '../problem/problem.ts'

export const jsonType = 'application/json'

/** How clients spell the one encoding there is. */
const charsets = [' charset=utf-8', 'charset=utf-8', ' charset=UTF-8', 'charset=UTF-8']

/**
 * Refuses a body in any content type but the route's own, before a byte of it is parsed. The header is
 * compared as it was sent, so that no spelling of it (case, tabs, a second type) reaches a parser or
 * a schema other than the one that was meant.
 */
export function requireContentType(request: FastifyRequest): void {
  const { headers, routeOptions } = request
  const hasBody =
    headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  const sent = headers['content-type']
  if (!hasBody && sent === undefined) return

  const wanted = routeOptions.config.contentType ?? jsonType
  if (sent === wanted) return
  if (sent !== undefined && charsets.some((charset) => sent === `${wanted};${charset}`)) return
  throw new RefusedRequest({ code: 'unsupported_media_type', accepts: wanted })
}
