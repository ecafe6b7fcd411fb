import type { EveningBlock, EveningSession } from '@tillkeeper/client/api/evening-shapes.ts'
import type { VarianceClass } from '@tillkeeper/core/verify/variance-class.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import { en, type OfficeKey } from '../messages/en.ts'

const isKey = (key: string): key is OfficeKey => Object.hasOwn(en, key)

/** What a variance asks for, and how it is drawn. */
export function describeClass(name: VarianceClass): {
  readonly tone: Tone
  readonly text: OfficeKey
} {
  const tones = { none: 'good', within_tolerance: 'good', explain: 'warn', investigate: 'danger' }
  return { tone: tones[name] as Tone, text: `evening.class.${name}` }
}

export function describeReason(reason: string): OfficeKey {
  const key = `evening.reason.${reason}`
  return isKey(key) ? key : 'evening.reason.other'
}

export function describeBlock(kind: EveningBlock['kind']): OfficeKey {
  return `evening.block.${kind}`
}

export function describeMovement(type: string): OfficeKey {
  const key = `movement.${type}`
  return isKey(key) ? key : 'movement.other'
}

/** How far a session is on its way to being done. */
export type SessionStep = 'open' | 'explain' | 'verify' | 'done'

export function stepOf(session: EveningSession): SessionStep {
  if (session.closedAt === null) return 'open'
  if (session.verifiedAt !== null) return 'done'
  const asks = session.counts.some(
    (count) => !count.explained && (count.class === 'explain' || count.class === 'investigate'),
  )
  return asks ? 'explain' : 'verify'
}

const refused: Readonly<Record<string, OfficeKey>> = {
  own_session: 'evening.refused.own',
  own_movement: 'evening.refused.own',
  session_verified: 'evening.refused.verified',
  session_not_closed: 'evening.refused.open',
  variance_not_explained: 'evening.refused.unexplained',
  explains_more_than_variance: 'evening.refused.tooMuch',
  note_required: 'evening.refused.note',
  forbidden: 'fault.forbidden',
}

/** Why it was not done, in one line that says what to do. */
export function describeEveningRefusal(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'evening.refused.unreachable'
  if (!(error instanceof ApiProblem)) return 'evening.refused.other'
  return refused[error.code] ?? 'evening.refused.other'
}
