import type { FastifyReply } from 'fastify'
import { type Refusal, refusals } from './refusals.ts'

export const problemType = 'application/problem+json'

/** Where in a request something is wrong: a JSON pointer, and what was expected there. */
export type ProblemPlace = { readonly pointer: string; readonly detail: string }

/** The body of a refusal by RFC 9457. Data beside the code stands as fields of its own. */
export function problemBody({ code, ...data }: Refusal) {
  const { status, title } = refusals[code]
  return { type: `/problems/${code}`, title, status, code, ...data }
}

/** Answers with a refusal. `retryAfterSeconds`, where the refusal has it, is a header too. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (typeof refusal.retryAfterSeconds === 'number') {
    reply.header('retry-after', String(refusal.retryAfterSeconds))
  }
  return reply
    .code(refusals[refusal.code].status)
    .type(problemType)
    .send(JSON.stringify(problemBody(refusal)))
}

/**
 * Carries a refusal out of a hook or parser, where Fastify knows no other way to stop a request.
 * The error handler alone catches it; routes answer with `sendRefusal`.
 */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}
