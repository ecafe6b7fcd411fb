import type { OrgId, SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { DrawerCash } from '@tillkeeper/core/drawer/check-holds.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { MachineUse } from '@tillkeeper/core/recycler/check-machine-use.ts'
import {
  type CashMoved,
  decideMoveCash,
  type MoveCash,
  type MoveCashRefusal,
} from '@tillkeeper/core/till/move-cash.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import { expectedOf, type TillSession } from '@tillkeeper/core/till/till-session.ts'
import { readHeldCash } from '@tillkeeper/projections/cash/held-cash-sql.ts'
import { drawer } from '@tillkeeper/projections/cash/location.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { checkMachine, type MachineUseRefusal } from '../act/check-machine.ts'
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
): Promise<Outcome<Done, MoveCashRefusal | ApprovalUseRefusal | MachineUseRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<MoveCashRefusal | ApprovalUseRefusal | MachineUseRefusal>(
    node,
    acting,
    async (tx, occurredAt) => {
      const [sessions, totals] = await Promise.all([
        readSessions(tx, org, { ids: [sessionId], days: [] }),
        readTotals(tx, org, sessionId),
      ])
      const held = sessions.get(sessionId)
      if (held === undefined) return refused({ code: 'session_not_found' })
      const { session, timeZone } = held
      const authority = await readAuthority(tx, node, { actId: acting.id, ...right })
      if (!authority.ok) return authority
      const drawerCash = await readDrawerCash(tx, org, { session, totals })
      const holds = drawerCash(command.currency ?? session.currency)
      const moved = decideMoveCash(
        { at: { shopId }, session, holds, authority: authority.value },
        { ...command, staffId: staffId ?? session.staffId },
      )
      if (!moved.ok) return moved
      const checked = await checkMachine(tx, org, usesOf(moved.value))
      if (!checked.ok) return checked
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
    },
  )
}

function usesOf({ kind, attemptId, currency, amountMinor }: CashMoved): readonly MachineUse[] {
  if (attemptId === undefined) return []
  return [{ attemptId, currency, minor: kind === 'pay_in' ? amountMinor : minor(-amountMinor) }]
}

/**
 * Reads what the drawer of a session should hold: by amount from its totals, and by piece as far as they are known. The
 * caller holds the organisation until the act is recorded, so nobody takes the same notes in between.
 */
export async function readDrawerCash(
  tx: Tx,
  org: OrgId,
  { session, totals }: { readonly session: TillSession; readonly totals: SessionTotals },
): Promise<DrawerCash> {
  const held = await readHeldCash(tx, org, drawer(session.tillId))
  const expected = expectedOf(session, totals)
  return (currency) => ({
    amountMinor: expected.get(currency) ?? minor(0),
    pieces: held.find((each) => each.currency === currency)?.pieces,
  })
}
