import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import type { OfficeKey } from '../messages/en.ts'

export type SessionState = Session['state']

export const sessionStates: readonly SessionState[] = [
  'open',
  'reconciling',
  'closed',
  'closed_with_variance',
  'verified',
]

export function isSessionState(text: unknown): text is SessionState {
  return sessionStates.some((state) => state === text)
}

const looks: Readonly<Record<SessionState, { readonly tone: Tone; readonly text: OfficeKey }>> = {
  open: { tone: 'good', text: 'session.open' },
  reconciling: { tone: 'warn', text: 'session.reconciling' },
  closed: { tone: 'idle', text: 'session.closed' },
  closed_with_variance: { tone: 'warn', text: 'session.closedWithVariance' },
  verified: { tone: 'good', text: 'session.verified' },
}

/** How a state is drawn and said. */
export function describeState(state: SessionState): {
  readonly tone: Tone
  readonly text: OfficeKey
} {
  return looks[state]
}
