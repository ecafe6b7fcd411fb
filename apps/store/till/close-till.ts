import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  type CloseTill,
  type CloseTillRefusal,
  decideCloseTill,
} from '@tillkeeper/core/till/close-till.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import type { InSession } from './move-cash.ts'
import { readSessions, readTotals } from './session-sql.ts'

/** Closes a session on a blind count, and fixes its variance for good. */
export function closeTill(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, ...command }: InSession<CloseTill>,
): Promise<Outcome<Done, CloseTillRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct(node, acting, async (tx, occurredAt) => {
    const [sessions, totals] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: [] }),
      readTotals(tx, org, sessionId),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const closed = decideCloseTill(
      { at: { shopId }, session, totals },
      { ...command, staffId: staffId ?? session.staffId },
    )
    if (!closed.ok) return closed
    return accepted(
      draftAct({
        type: 'till.closed',
        id: acting.id,
        shopId,
        sessionId,
        actor: acting.actor,
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        body: closed.value,
      }),
    )
  })
}
