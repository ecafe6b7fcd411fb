import { createHash } from 'node:crypto'
import { uuidFromHash } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { FastifyRequest } from 'fastify'
import { actorName } from '../auth/actor.ts'
import { actorOf } from '../server/create-server.ts'

/** What names an act for ever, and what tells whether a repeat asks for the same. */
export type Identified = {
  readonly id: string
  /** SHA-256 of the route, its parameters and the body without its id. */
  readonly fingerprint: Uint8Array
  /** Where the id came from: it decides how a repeat with other content is refused. */
  readonly by: 'id' | 'idempotency_key'
}

export type IdentifyRefusal =
  | { readonly code: 'id_required' }
  | { readonly code: 'idempotency_key_invalid' }

/** One id is asked for with two contents. */
export type RepeatRefusal =
  | { readonly code: 'id_exists_with_different_content' }
  | { readonly code: 'idempotency_key_reused' }

const keyPattern = /^[\x20-\x7e]{1,255}$/

/**
 * Names the act that a request asks for: by the `id` in its body, else by its Idempotency-Key. A key is
 * its sender's own and counts for one route, so two who use the same text do not meet. Where both are
 * sent the id counts, since it is what the fact keeps.
 */
export function identify(
  request: FastifyRequest,
  { id, ...content }: { readonly id?: string | undefined },
): Outcome<Identified, IdentifyRefusal> {
  const route = `${request.method} ${request.routeOptions.url ?? ''}`
  const params = { ...(request.params as object) } // Fastify's has no prototype, so it is no plain one.
  const fingerprint = sha256(canonicalJson({ route, params, content }))
  if (id !== undefined) return accepted({ id, fingerprint, by: 'id' })

  const key = request.headers['idempotency-key']
  if (key === undefined) return refused({ code: 'id_required' })
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    return refused({ code: 'idempotency_key_invalid' })
  }
  const name = JSON.stringify([actorName(actorOf(request)), route, key])
  return accepted({ id: uuidFromHash(sha256(name)), fingerprint, by: 'idempotency_key' })
}

/** How a repeat with other content is refused. */
export function refuseRepeat({ by }: Identified): RepeatRefusal {
  return by === 'id'
    ? { code: 'id_exists_with_different_content' }
    : { code: 'idempotency_key_reused' }
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
