import type { SessionId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  type CountTill,
  type CountTillRefusal,
  decideCountTill,
} from '@tillkeeper/core/till/count-till.ts'
import { decideEndTill } from '@tillkeeper/core/till/end-till.ts'
import {
  decideHandOverTill,
  type HandOverTill,
  type HandOverTillRefusal,
} from '@tillkeeper/core/till/hand-over-till.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import {
  decideResumeTill,
  decideSuspendTill,
  type ResumeTillRefusal,
} from '@tillkeeper/core/till/suspend-till.ts'
import type { SessionRefusal, TillSession } from '@tillkeeper/core/till/till-session.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { type ActDraft, draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import type { InSession } from './move-cash.ts'
import { readCounts, readSessions, readStaff, readTill, readTotals } from './session-sql.ts'

// What happens to a session between its opening and its close.

type Held = { readonly session: TillSession; readonly totals: SessionTotals }

/** Does one act in a session: reads it, decides, and records what was accepted. */
function actInSession<Body, Refusal extends { readonly code: string }>(
  node: StoreNode,
  acting: Acting,
  {
    type,
    sessionId,
    decide,
  }: {
    readonly type: ActDraft['type']
    readonly sessionId: SessionId
    readonly decide: (tx: Tx, held: Held) => Promise<Outcome<Body, Refusal>>
  },
): Promise<Outcome<Done, Refusal | SessionRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<Refusal | SessionRefusal>(node, acting, async (tx, occurredAt) => {
    const [sessions, totals] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: [] }),
      readTotals(tx, org, sessionId),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const decided = await decide(tx, { session, totals })
    if (!decided.ok) return decided
    const businessDate = businessDateOf(occurredAt, timeZone)
    const { id, actor } = acting
    return accepted(
      draftAct({
        type,
        id,
        shopId,
        sessionId,
        actor,
        occurredAt,
        businessDate,
        body: decided.value,
      }),
    )
  })
}

/** Ends a forgotten session without a count: it is counted by `closeTill` later. */
export function endTill(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, reason }: InSession<{ readonly reason: string }>,
): Promise<Outcome<Done, SessionRefusal | ActRefusal>> {
  const at = { shopId: node.shopId }
  return actInSession(node, acting, {
    type: 'till.ended',
    sessionId,
    decide: async (_, { session }) =>
      decideEndTill({ at, session }, { staffId: staffId ?? session.staffId, reason }),
  })
}

/** Gives a drawer to another person, on a count. */
export function handOverTill(
  node: StoreNode,
  acting: Acting,
  {
    sessionId,
    toStaffId,
    ...command
  }: HandOverTill & { readonly sessionId: SessionId; readonly toStaffId: StaffId },
): Promise<Outcome<Done, HandOverTillRefusal | ActRefusal>> {
  const { org, shopId } = node
  return actInSession<unknown, HandOverTillRefusal>(node, acting, {
    type: 'till.handed_over',
    sessionId,
    decide: async (tx, { session, totals }) => {
      const toStaff = await readStaff(tx, org, { staffId: toStaffId, shopId })
      return decideHandOverTill({ at: { shopId }, session, totals, toStaff }, command)
    },
  })
}

/** Lets a session rest, so that its till is free. */
export function suspendTill(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId }: InSession<unknown>,
): Promise<Outcome<Done, SessionRefusal | ActRefusal>> {
  const at = { shopId: node.shopId }
  return actInSession(node, acting, {
    type: 'till.suspended',
    sessionId,
    decide: async (_, { session }) =>
      decideSuspendTill({ at, session }, { staffId: staffId ?? session.staffId }),
  })
}

/** Goes on with a session, at this till or another of the shop. */
export function resumeTill(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, tillId }: InSession<{ readonly tillId: TillId }>,
): Promise<Outcome<Done, ResumeTillRefusal | ActRefusal>> {
  const { org, shopId } = node
  return actInSession<unknown, ResumeTillRefusal>(node, acting, {
    type: 'till.resumed',
    sessionId,
    decide: async (tx, { session, totals }) => {
      const { till, openSessionId } = await readTill(tx, org, tillId)
      const state = { at: { shopId }, session, totals, till, openSessionId }
      return decideResumeTill(state, { staffId: staffId ?? session.staffId })
    },
  })
}

/** Records what somebody found in a drawer. It moves nothing. */
export function countTill(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, ...command }: InSession<CountTill>,
): Promise<Outcome<Done, CountTillRefusal | ActRefusal>> {
  const { org, shopId } = node
  return actInSession<unknown, CountTillRefusal>(node, acting, {
    type: 'till.counted',
    sessionId,
    decide: async (tx, { session, totals }) => {
      const recounts = await readCounts(tx, org, { sessionId, kind: 'recount' })
      const state = { at: { shopId }, session, totals, recounts }
      return decideCountTill(state, { ...command, staffId: staffId ?? session.staffId })
    },
  })
}
