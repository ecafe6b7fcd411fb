import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideOpenTill,
  type OpenTill,
  type OpenTillRefusal,
} from '@tillkeeper/core/till/open-till.ts'
import { getCurrency, getTillPlace, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { beginHere, leftHere, sessionOf } from '../journal/book-session.ts'
import type { OpenSession } from '../journal/kept.ts'

/** A float in the shop's currency, and in others that were counted. */
export type OpenTillAsk = Omit<OpenTill, 'currency'> & {
  /** Becomes the session's id. */
  readonly id: string
}

/** Begins a session on a counted float. */
export async function openTill(
  node: TillNode,
  { id: asked, ...float }: OpenTillAsk,
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
        left: leftHere(book),
      },
      { ...float, currency },
    )
    if (!decided.ok) return decided
    const id = asked as SessionId
    const session = sessionOf(decided.value, { id, openedAt: occurredAt, businessDate })
    return accepted({
      type: 'till.opened' as const,
      id,
      sessionId: id,
      body: decided.value,
      book: beginHere(book, session),
      session,
    })
  })
  return recorded.ok ? accepted(recorded.value.act.session) : recorded
}
