import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'

// Questions to the store server that are not replication: logging in, other tills' sales. None of them
// is needed to sell.

/** A person waits for the answer: what takes longer counts as out of reach. */
export const askMaxMs = 4_000

/** Why there is no answer. `refused` carries the server's stable code. */
export type AskFault =
  | { readonly code: 'unreachable' }
  | {
      readonly code: 'refused'
      readonly why: string
      /** Of HTTP: from 500 on it is the server that failed, and what it did is not known. */
      readonly status: number
      readonly retryAfterMs?: number
    }

export type Ask = {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  /** A bearer token; none for what anybody may ask. */
  readonly token?: string | undefined
}

/** Asks once. An answer that does not fit its schema is no answer. It never throws. */
export async function askStore<T>(
  schema: TSchema,
  { method = 'GET', path, body, token }: Ask,
): Promise<Outcome<T, AskFault>> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(askMaxMs),
    })
    const answer: unknown = await response.json()
    if (response.ok) {
      return Check(schema, answer) ? accepted(answer as T) : refused({ code: 'unreachable' })
    }
    const seconds = Number(response.headers.get('retry-after') ?? 0)
    return refused({
      code: 'refused',
      why: codeOf(answer),
      status: response.status,
      ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }),
    })
  } catch {
    // No line, no answer in time, or no JSON: each means that the store server is out of reach.
    return refused({ code: 'unreachable' })
  }
}

function codeOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'code' in answer
    ? String(answer.code)
    : 'unknown'
}
