import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  decideSwapNotes,
  type SwapNotes,
  type SwapNotesRefusal,
} from '@tillkeeper/core/drawer/swap-notes.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { type InSession, readDrawerCash } from '../till/move-cash.ts'
import { readSessions, readTotals } from '../till/session-sql.ts'

/** Changes notes of a drawer for others of the same worth. */
export function swapNotes(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, ...command }: InSession<SwapNotes>,
): Promise<Outcome<Done, SwapNotesRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<SwapNotesRefusal>(node, acting, async (tx, occurredAt) => {
    const [sessions, totals] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: [] }),
      readTotals(tx, org, sessionId),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const drawerCash = await readDrawerCash(tx, org, { session, totals })
    const holds = drawerCash(command.currency ?? session.currency)
    const swapped = decideSwapNotes(
      { at: { shopId }, session, holds },
      { ...command, staffId: staffId ?? session.staffId },
    )
    if (!swapped.ok) return swapped
    return accepted(
      draftAct({
        ...{ type: 'cash.swapped', id: acting.id, shopId, sessionId, actor: acting.actor },
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        body: swapped.value,
      }),
    )
  })
}
