import type { Actor } from '@tillkeeper/core/approval/check-approval.ts'
import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { actorName } from '@tillkeeper/http/auth/actor.ts'
import { type IdentifyRefusal, identify } from '@tillkeeper/http/idempotency/identify.ts'
import { actorOf } from '@tillkeeper/http/server/create-server.ts'
import type { FastifyRequest } from 'fastify'
import type { Acting } from './record-act.ts'

type Asked = { readonly id?: string; readonly occurredAt?: string }

/** Who acts by this request, what names the act, and when it happened. */
export function actingOf(request: FastifyRequest, asked: Asked): Outcome<Acting, IdentifyRefusal> {
  const identified = identify(request, asked)
  if (!identified.ok) return identified
  const actor = actorName(actorOf(request))
  return accepted({ ...identified.value, actor, occurredAt: asked.occurredAt })
}

/** An act that only a person does. */
export type PersonActing = { readonly acting: Acting; readonly staffId: StaffId }

/** As `actingOf`, for an act that a system is refused. */
export function personActingOf(
  request: FastifyRequest,
  asked: Asked,
): Outcome<PersonActing, IdentifyRefusal | { readonly code: 'person_required' }> {
  const acting = actingOf(request, asked)
  if (!acting.ok) return acting
  const person = personOf(request)
  if (person === undefined) return refused({ code: 'person_required' })
  return accepted({ acting: acting.value, staffId: person.id })
}

/** The person who asks: a person acts for themself. A system is nobody, and acts as the session's own. */
export function personOf(
  request: FastifyRequest,
): { readonly id: StaffId; readonly name: string } | undefined {
  const { kind, id, name = '' } = actorOf(request)
  return kind === 'person' ? { id: id as StaffId, name } : undefined
}

type StaffRefusal = { readonly code: 'staff_required' } | { readonly code: 'staff_must_be_self' }

/** For whom it is done: a person acts for themself, a system for whom it names. */
export function staffOf(
  request: FastifyRequest,
  named: string | undefined,
): Outcome<StaffId, StaffRefusal> {
  const person = personOf(request)
  if (person === undefined) {
    return named === undefined ? refused({ code: 'staff_required' }) : accepted(named as StaffId)
  }
  if (named !== undefined && named !== person.id) return refused({ code: 'staff_must_be_self' })
  return accepted(person.id)
}

/** What who asks may do alone: a person up to their limits, a system without any. */
export function grantedOf(request: FastifyRequest): Actor {
  const { permissions, limits = [] } = actorOf(request)
  return { permissions, limits, staffId: personOf(request)?.id }
}
