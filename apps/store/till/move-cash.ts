import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  decideMoveCash,
  type MoveCash,
  type MoveCashRefusal,
} from '@tillkeeper/core/till/move-cash.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readSessions } from './session-sql.ts'

/** A command in a session: who does it, or nobody in particular, and then it is the session's own. */
export type InSession<Command> = Omit<Command, 'staffId'> & {
  readonly sessionId: SessionId
  readonly staffId: StaffId | undefined
}

/** Moves cash in or out of a drawer that is no sale and no refund. */
export function moveCash(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, ...command }: InSession<MoveCash>,
): Promise<Outcome<Done, MoveCashRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct(node, acting, async (tx, occurredAt) => {
    const held = (await readSessions(tx, org, { ids: [sessionId], days: [] })).get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const moved = decideMoveCash(
      { at: { shopId }, session },
      { ...command, staffId: staffId ?? session.staffId },
    )
    if (!moved.ok) return moved
    return accepted(
      draftAct({
        type: 'cash.moved',
        id: acting.id,
        shopId,
        sessionId,
        actor: acting.actor,
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        body: moved.value,
      }),
    )
  })
}
