import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { DrawerHolds } from '@tillkeeper/core/drawer/check-holds.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import {
  decideMoveCash,
  type MoveCash,
  type MoveCashRefusal,
} from '@tillkeeper/core/till/move-cash.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import { expectedOf, type TillSession } from '@tillkeeper/core/till/till-session.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { type ApprovalUseRefusal, type ByRight, readAuthority } from '../approval/read-authority.ts'
import { readSessions, readTotals } from './session-sql.ts'

/** A command in a session: who does it, or nobody in particular, and then it is the session's own. */
export type InSession<Command> = Omit<Command, 'staffId'> & {
  readonly sessionId: SessionId
  readonly staffId: StaffId | undefined
}

/** Moves cash in or out of a drawer that is no sale and no refund. */
export function moveCash(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, right, ...command }: InSession<MoveCash> & { readonly right: ByRight },
): Promise<Outcome<Done, MoveCashRefusal | ApprovalUseRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<MoveCashRefusal | ApprovalUseRefusal>(node, acting, async (tx, occurredAt) => {
    const [sessions, totals] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: [] }),
      readTotals(tx, org, sessionId),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const authority = await readAuthority(tx, node, { actId: acting.id, ...right })
    if (!authority.ok) return authority
    const holds = holdsOf(session, totals, command.currency)
    const moved = decideMoveCash(
      { at: { shopId }, session, holds, authority: authority.value },
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

/** What the drawer of a session should hold of a currency, its own where none is named. */
export function holdsOf(
  session: TillSession,
  totals: SessionTotals,
  currency: Currency = session.currency,
): DrawerHolds {
  return { amountMinor: expectedOf(session, totals).get(currency) ?? minor(0) }
}
