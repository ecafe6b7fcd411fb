// Every code that an answer may carry, with its status and what it means: the whole list, closed.
// docs/api/refusals.md is printed from it, and each use case checks that its own codes are in it.

type Entry = { readonly status: number; readonly title: string }

export const refusals = {
  // What any route may answer.
  bad_url: { status: 400, title: 'The address cannot be read.' },
  bad_request: { status: 400, title: 'The request is not well-formed HTTP.' },
  bad_json: {
    status: 400,
    title: 'The body is no JSON, names a key twice, or is nested too deep.',
  },
  body_invalid: { status: 400, title: 'The body does not fit the schema of the route.' },
  query_invalid: { status: 400, title: 'The query does not fit the schema of the route.' },
  path_invalid: { status: 400, title: 'The path does not fit the schema of the route.' },
  headers_invalid: { status: 400, title: 'A header does not fit the schema of the route.' },
  bad_cursor: { status: 400, title: 'The cursor is not one that this list gave out.' },
  id_required: {
    status: 400,
    title: 'A write needs an `id` in its body or an `Idempotency-Key`.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'An Idempotency-Key is 1 to 255 printable ASCII characters.',
  },
  unauthenticated: { status: 401, title: 'Nobody was recognised by what was sent.' },
  login_failed: { status: 401, title: 'The login was not accepted.' },
  forbidden: { status: 403, title: 'The permission for this is missing.' },
  origin_not_allowed: { status: 403, title: 'A page of another site may not do this.' },
  not_found: { status: 404, title: 'There is nothing here, or nothing that you may see.' },
  method_not_allowed: { status: 405, title: 'This address takes other methods, see `Allow`.' },
  request_timeout: { status: 408, title: 'The request took too long to arrive.' },
  id_exists_with_different_content: {
    status: 409,
    title: 'The id belongs to an act with other content.',
  },
  body_too_large: { status: 413, title: 'The body is larger than the route takes.' },
  unsupported_media_type: { status: 415, title: 'The route takes one content type, and not this.' },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another request.',
  },
  too_many_requests: { status: 429, title: 'Too many at once: wait as `Retry-After` says.' },
  login_locked: { status: 429, title: 'Too many wrong tries: wait as `Retry-After` says.' },
  headers_too_large: { status: 431, title: 'The headers are larger than the server takes.' },
  internal: { status: 500, title: 'The server made a mistake; it is in its log.' },
  overloaded: { status: 503, title: 'The server has all it can do: wait as `Retry-After` says.' },
  database_unavailable: { status: 503, title: 'The database does not answer.' },
  not_ready: { status: 503, title: 'The server is starting or stopping.' },
} as const satisfies Record<string, Entry>

export type RefusalCode = keyof typeof refusals

/** Why the world says no: a code of the list, with data that says more. */
export type Refusal = { readonly code: RefusalCode } & Readonly<Record<string, unknown>>
