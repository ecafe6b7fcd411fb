import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { decideOpenTill, type OpenTillRefusal } from '@tillkeeper/core/till/open-till.ts'
import { getCurrency, getTillPlace, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { sessionOf } from '../journal/book-session.ts'
import type { OpenSession } from '../journal/kept.ts'

export type OpenTillAsk = {
  /** Becomes the session's id. */
  readonly id: string
  readonly floatMinor: Minor
  readonly pieces: Pieces
  /** Of the float, from the safe; see `FloatCounted`. */
  readonly loanMinor?: Minor | undefined
}

/** Begins a session on a counted float. */
export async function openTill(
  node: TillNode,
  ask: OpenTillAsk,
): Promise<Outcome<OpenSession, OpenTillRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'till.open', ({ person, occurredAt, businessDate }) => {
    const { book } = node.state.getState()
    const currency = getCurrency(node)
    const decided = decideOpenTill(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        till: getTillPlace(node),
        currency,
        staff: person,
        openSessionId: book.session?.id,
        left: book.lastClosed?.close.left,
      },
      { currency, floatMinor: ask.floatMinor, pieces: ask.pieces, loanMinor: ask.loanMinor },
    )
    if (!decided.ok) return decided
    const id = ask.id as SessionId
    const session = sessionOf(decided.value, { id, openedAt: occurredAt, businessDate })
    return accepted({
      type: 'till.opened' as const,
      id,
      sessionId: id,
      body: decided.value,
      book: { ...book, session },
      session,
    })
  })
  return recorded.ok ? accepted(recorded.value.act.session) : recorded
}
