import type { SessionId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  decideGiveCash,
  decideReceiveCash,
  type GiveCash,
  type GiveCashRefusal,
  type HandOver,
  type ReceiveCash,
  type ReceiveCashRefusal,
} from '@tillkeeper/core/drawer/hand-over-cash.ts'
import { listHandOvers } from '@tillkeeper/projections/drawer/drawer-sql.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { type InSession, readDrawerCash } from '../till/move-cash.ts'
import { readSessions, readTill, readTotals } from '../till/session-sql.ts'

/** Gives cash of a drawer to another one: it is on its way until somebody signs for it there. */
export function giveCash(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, toTillId, ...command }: InSession<GiveCash> & { readonly toTillId: TillId },
): Promise<Outcome<Done, GiveCashRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<GiveCashRefusal>(node, acting, async (tx, occurredAt) => {
    const [sessions, totals, { till: toTill }] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: [] }),
      readTotals(tx, org, sessionId),
      readTill(tx, org, toTillId),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const drawerCash = await readDrawerCash(tx, org, { session, totals })
    const holds = drawerCash(command.currency ?? session.currency)
    const given = decideGiveCash(
      { at: { shopId }, session, toTill, holds },
      { ...command, staffId: staffId ?? session.staffId },
    )
    if (!given.ok) return given
    return accepted(
      draftAct({
        ...{ type: 'cash.given', id: acting.id, shopId, sessionId, actor: acting.actor },
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        body: given.value,
      }),
    )
  })
}

/** Answers a transfer from a drawer: accepted, declined, or taken back where it came from. */
export function receiveCash(
  node: StoreNode,
  acting: Acting,
  {
    sessionId,
    staffId,
    transferId,
    ...command
  }: InSession<ReceiveCash> & { readonly sessionId: SessionId; readonly transferId: string },
): Promise<Outcome<Done, ReceiveCashRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<ReceiveCashRefusal>(node, acting, async (tx, occurredAt) => {
    const [sessions, [found]] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: [] }),
      listHandOvers(tx, org, { shops: new Set([shopId]), id: transferId, limit: 1 }),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone } = held
    const transfer: HandOver | undefined = found && {
      ...found,
      state: found.state === 'returned' ? 'received' : found.state,
    }
    const received = decideReceiveCash(
      { at: { shopId }, session, transfer },
      { ...command, staffId: staffId ?? session.staffId },
    )
    if (!received.ok) return received
    return accepted(
      draftAct({
        ...{ type: 'cash.received', id: acting.id, shopId, sessionId, actor: acting.actor },
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        refs: [transferId],
        body: received.value,
      }),
    )
  })
}
