import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { type CloseTillRefusal, decideCloseTill } from '@tillkeeper/core/till/close-till.ts'
import type { CountAmount } from '@tillkeeper/core/till/compare-count.ts'
import { noTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { closedOf, dropHere, findHere } from '../journal/book-session.ts'
import type { ClosedSession } from '../journal/kept.ts'
import { hearBeforeCount } from '../link/hear-store.ts'

export type CloseTillAsk = {
  readonly id: string
  /** One that was ended and waits for its count. Left out: the one that people work in. */
  readonly sessionId?: string | undefined
  readonly countedMinor: Minor
  readonly pieces: Pieces
  /** The drawer's other currencies. */
  readonly others?: readonly CountAmount[] | undefined
  /** What stays in the drawer as the next float. */
  readonly left?: readonly CashAmount[] | undefined
  readonly note?: string | undefined
}

/** Ends the session on a blind count. The variance is known from here on, and never before. */
export async function closeTill(
  node: TillNode,
  { id, sessionId, ...count }: CloseTillAsk,
): Promise<Outcome<ClosedSession, CloseTillRefusal | ActRefusal>> {
  await hearBeforeCount(node)
  const recorded = await recordAct(node, 'till.close', ({ person, occurredAt }) => {
    const { book } = node.state.getState()
    const session = sessionId === undefined ? book.session : findHere(book, sessionId)
    const decided = decideCloseTill(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        totals: session?.totals ?? noTotals,
      },
      { ...count, staffId: person.id, recounts: session?.recounts },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'only an open session is closed')
    const closed = closedOf(session, decided.value, { id, closedAt: occurredAt })
    return accepted({
      type: 'till.closed' as const,
      id,
      sessionId: session.id,
      body: decided.value,
      book: { ...dropHere(book, session.id), lastClosed: closed },
      closed,
    })
  })
  return recorded.ok ? accepted(recorded.value.act.closed) : recorded
}
