import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import {
  type CashMoved,
  type CashMovementKind,
  decideMoveCash,
  type MoveCashRefusal,
} from '@tillkeeper/core/till/move-cash.ts'
import { addMovement } from '@tillkeeper/core/till/session-totals.ts'
import type { TillNode } from '../app/node.ts'
import { type Acting, type ActRefusal, recordAct, rehearseAct } from '../app/record-act.ts'
import type { ByMachine } from '../machine/machine-record.ts'
import { authorityOf, holdsHere } from './hold-authority.ts'

export type MoveCashAsk = {
  readonly id: string
  readonly kind: CashMovementKind
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly category?: string | undefined
  readonly recipient?: string | undefined
  readonly note?: string | undefined
  readonly attachmentId?: string | undefined
  /** The attempt of a cash recycler that moved the money, in place of drawer or safe. */
  readonly attemptId?: string | undefined
  /** Another person's word, where the amount is above what one may pay out alone. */
  readonly approval?: HeldApproval | undefined
}

/** Pay-in, pay-out, drop or top-up: cash that moves without a sale. */
export async function moveCash(
  node: TillNode,
  ask: MoveCashAsk,
  by?: ByMachine,
): Promise<Outcome<MoveCashAsk, MoveCashRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'cash.move', decideHere(node, ask, by))
  return recorded.ok ? accepted(ask) : recorded
}

/** Decides it without doing it: whether anything would refuse it. */
export function rehearseMove(
  node: TillNode,
  ask: MoveCashAsk,
): Outcome<CashMoved, MoveCashRefusal | ActRefusal> {
  const decided = rehearseAct(node, 'cash.move', decideHere(node, ask))
  return decided.ok ? accepted(decided.value.body) : decided
}

function decideHere(node: TillNode, ask: MoveCashAsk, by?: ByMachine) {
  return (acting: Acting) => {
    const { book } = node.state.getState()
    const { session } = book
    const { id, approval, ...command } = ask
    const decided = decideMoveCash(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        holds: holdsHere(node),
        authority: authorityOf(acting, { id, approval, by }),
      },
      { staffId: acting.person.id, ...command },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'cash moves in an open session')
    const totals = addMovement(session.totals, decided.value)
    return accepted({
      type: 'cash.moved' as const,
      id,
      sessionId: session.id,
      body: decided.value,
      book: { ...book, session: { ...session, totals } },
      ...(by !== undefined && { kept: { attempts: by.open() } }),
    })
  }
}
