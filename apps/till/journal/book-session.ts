import type { SessionId } from '@tillkeeper/core/base/id.ts'
import type { TillClosed } from '@tillkeeper/core/till/close-till.ts'
import { type TillOpened, totalsOfOpening } from '@tillkeeper/core/till/open-till.ts'
import { stateAfterClose } from '@tillkeeper/core/till/till-session.ts'
import type { ClosedSession, OpenSession } from './kept.ts'

// What the book keeps of a session, from the facts that open and close it.

/** A session as it begins. */
export function sessionOf(
  opened: TillOpened,
  { id, ...when }: Pick<OpenSession, 'openedAt' | 'businessDate'> & { readonly id: string },
): OpenSession {
  const { shopId, tillId, staffId, currency, floatMinor, pieces, varianceMinor } = opened
  return {
    ...{ shopId, tillId, staffId, currency, floatMinor, ...when },
    id: id as SessionId,
    state: 'open',
    floatPieces: pieces,
    openingVarianceMinor: varianceMinor,
    totals: totalsOfOpening(opened),
  }
}

/** A session with the count that ended it. */
export function closedOf(
  session: OpenSession,
  closed: TillClosed,
  { id, closedAt }: { readonly id: string; readonly closedAt: string },
): ClosedSession {
  const { staffId, countedMinor, expectedMinor, varianceMinor, pieces, others, left } = closed
  return {
    ...session,
    state: stateAfterClose(varianceMinor, others),
    close: {
      ...{ id, staffId, countedMinor, expectedMinor, varianceMinor, pieces, others, left },
      recounts: closed.recounts,
      note: closed.note ?? '',
      closedAt,
    },
  }
}
