import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { type CloseTillRefusal, decideCloseTill } from '@tillkeeper/core/till/close-till.ts'
import { noTotals } from '@tillkeeper/core/till/session-totals.ts'
import { stateAfterClose } from '@tillkeeper/core/till/till-session.ts'
import type { TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import type { ClosedSession } from '../journal/kept.ts'

export type CloseTillAsk = {
  readonly id: string
  readonly countedMinor: Minor
  readonly pieces: Pieces
  readonly note?: string | undefined
}

/** Ends the session on a blind count. The variance is known from here on, and never before. */
export async function closeTill(
  node: TillNode,
  ask: CloseTillAsk,
): Promise<Outcome<ClosedSession, CloseTillRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'till.close', ({ person, occurredAt }) => {
    const { book } = node.state.getState()
    const { session, ...rest } = book
    const decided = decideCloseTill(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        totals: session?.totals ?? noTotals,
      },
      { staffId: person.id, countedMinor: ask.countedMinor, pieces: ask.pieces, note: ask.note },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'only an open session is closed')
    const { staffId, countedMinor, expectedMinor, varianceMinor, pieces, note } = decided.value
    const closed: ClosedSession = {
      ...session,
      state: stateAfterClose(varianceMinor),
      close: {
        id: ask.id,
        ...{ staffId, countedMinor, expectedMinor, varianceMinor, pieces },
        note: note ?? '',
        closedAt: occurredAt,
      },
    }
    return accepted({
      type: 'till.closed' as const,
      id: ask.id,
      sessionId: session.id,
      body: decided.value,
      book: { ...rest, lastClosed: closed },
      closed,
    })
  })
  return recorded.ok ? accepted(recorded.value.act.closed) : recorded
}
