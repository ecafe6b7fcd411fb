import type { FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { RefusedRequest } from '../problem/problem.ts'
import type { Refusal, RefusalCode } from '../problem/refusals.ts'
import { problemPlaces } from './validate.ts'

type AnyError = {
  readonly code?: string
  readonly name?: string
  readonly validation?: readonly FastifySchemaValidationError[]
  readonly validationContext?: string
}

/** Fastify's own ways to stop a request, by its error codes. */
const frameworkCodes: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_json',
  FST_ERR_BAD_URL: 'bad_url',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_ASYNC_CONSTRAINT: 'bad_request',
  ECONNRESET: 'bad_request',
  ERR_STREAM_PREMATURE_CLOSE: 'bad_request',
}

const invalidParts: Readonly<Record<string, RefusalCode>> = {
  body: 'body_invalid',
  querystring: 'query_invalid',
  params: 'path_invalid',
  headers: 'headers_invalid',
}

// The driver's codes for a server that is not there, and PostgreSQL's classes for one that leaves:
// 08 connection exceptions, 57P01 to 57P03 shutting down or starting, 53300 too many connections.
const databaseGone =
  /^(CONNECTION_[A-Z]+|CONNECT_TIMEOUT|ECONNREFUSED|ENOENT|08...|57P0[123]|53300)$/

/** PostgreSQL has no room left for what was to be recorded. */
const diskFull = '53100'
/** Room is made by a person. */
const diskFullRetrySeconds = 30

/** How long a client waits before it asks again while the database is away. */
const databaseRetrySeconds = 2

/** Turns whatever stopped a request into a refusal. What is not known is our mistake: `internal`. */
export function refusalOfError(thrown: unknown, request: FastifyRequest | undefined): Refusal {
  if (thrown instanceof RefusedRequest) return thrown.refusal
  const error = (thrown ?? {}) as AnyError
  if (error.validation !== undefined) {
    const code = invalidParts[error.validationContext ?? ''] ?? 'body_invalid'
    return { code, errors: problemPlaces(error.validation) }
  }
  const code = frameworkCodes[error.code ?? '']
  // A connection reset means our database's too, once the request itself is all here.
  if (code !== undefined && !(error.code === 'ECONNRESET' && request?.raw.complete === true)) {
    return { code }
  }
  if (error.code === diskFull) {
    return { code: 'disk_full', retryAfterSeconds: diskFullRetrySeconds }
  }
  if (isDatabaseGone(error) || error.code === 'ECONNRESET') {
    return { code: 'database_unavailable', retryAfterSeconds: databaseRetrySeconds }
  }
  return { code: 'internal' }
}

/** Whether nothing can be written now, whatever it is: the database is not there, or has no room. */
export function isOutage(thrown: unknown): boolean {
  return isDatabaseGone(thrown) || (thrown as AnyError | null)?.code === diskFull
}

/** Whether a query failed because the server of the database is not there. */
export function isDatabaseGone(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as AnyError
  return typeof code === 'string' && databaseGone.test(code)
}
