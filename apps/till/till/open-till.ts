import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import {
  decideOpenTill,
  type OpenTill,
  type OpenTillRefusal,
  type TillOpened,
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

/** What a drawer had more or less than was left in it and taken from the safe, of one currency. */
export type OpeningDifference = { readonly currency: Currency; readonly varianceMinor: Minor }

/** A session that began, and where its drawer was not as it was left. */
export type OpenedTill = {
  readonly session: OpenSession
  readonly differences: readonly OpeningDifference[]
}

/** Begins a session on a counted float. */
export async function openTill(
  node: TillNode,
  { id: asked, ...float }: OpenTillAsk,
): Promise<Outcome<OpenedTill, OpenTillRefusal | ActRefusal>> {
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
      opened: { session, differences: listDifferences(decided.value) },
    })
  })
  return recorded.ok ? accepted(recorded.value.act.opened) : recorded
}

function listDifferences(opened: TillOpened): readonly OpeningDifference[] {
  return [opened, ...(opened.others ?? [])]
    .map(({ currency, varianceMinor }) => ({ currency, varianceMinor }))
    .filter(({ varianceMinor }) => varianceMinor !== 0)
}
