import type { SessionId } from '@tillkeeper/core/base/id.ts'
import type { TillClosed } from '@tillkeeper/core/till/close-till.ts'
import { type TillOpened, totalsOfOpening } from '@tillkeeper/core/till/open-till.ts'
import { noTotals } from '@tillkeeper/core/till/session-totals.ts'
import { stateAfterClose } from '@tillkeeper/core/till/till-session.ts'
import { type Book, type ClosedSession, type OpenSession, waitingMax } from './kept.ts'

// What the book keeps of sessions, from the facts of their lives.

/** A book as it was kept, also by a version whose totals had not all the sums of today: what is not there is nothing. */
export function fillTotals(book: Book): Book {
  const fill = <S extends OpenSession>(session: S): S => ({
    ...session,
    totals: { ...noTotals, ...session.totals },
  })
  const { session, waiting, lastClosed } = book
  return {
    ...book,
    ...(session !== undefined && { session: fill(session) }),
    ...(waiting !== undefined && { waiting: waiting.map(fill) }),
    ...(lastClosed !== undefined && { lastClosed: fill(lastClosed) }),
  }
}

/** A session of this till that is not closed, whether people work in it or it waits. */
export function findHere(book: Book, sessionId: string): OpenSession | undefined {
  return [book.session, ...(book.waiting ?? [])].find((each) => each?.id === sessionId)
}

/** The book with one of its sessions changed; as it was where it does not know that session. */
export function changeHere(
  book: Book,
  sessionId: string,
  change: (session: OpenSession) => OpenSession,
): Book {
  const { session, waiting } = book
  if (session?.id === sessionId) return { ...book, session: change(session) }
  if (waiting?.some(({ id }) => id === sessionId) !== true) return book
  return { ...book, waiting: waiting.map((each) => (each.id === sessionId ? change(each) : each)) }
}

/** The book without one of its sessions: it was closed, or goes on elsewhere. */
export function dropHere(book: Book, sessionId: string): Book {
  const { session, waiting = [], ...rest } = book
  const kept = waiting.filter(({ id }) => id !== sessionId)
  return {
    ...rest,
    ...(session !== undefined && session.id !== sessionId && { session }),
    ...(kept.length > 0 && { waiting: kept }),
  }
}

/** A session waits here, instead of being worked in. */
export function waitHere(book: Book, session: OpenSession): Book {
  const rest = dropHere(book, session.id)
  return { ...rest, waiting: [...(rest.waiting ?? []), session].slice(-waitingMax) }
}

/** A session rests: the till is free, and its drawer can be carried. */
export function restHere(book: Book, sessionId: string): Book {
  const session = findHere(book, sessionId)
  return session === undefined ? book : waitHere(book, { ...session, suspended: true })
}

/** A session was ended without a count: it waits for one, and the till is free. */
export function endHere(book: Book, sessionId: string): Book {
  const session = findHere(book, sessionId)
  if (session === undefined) return book
  const { suspended: _, ...ended } = session
  return waitHere(book, { ...ended, state: 'reconciling' })
}

/** A session goes on at this till, unless people work in another one. */
export function resumeHere(book: Book, session: OpenSession, tillId: OpenSession['tillId']): Book {
  if (book.session !== undefined) return book
  const { suspended: _, ...resumed } = session
  return { ...dropHere(book, session.id), session: { ...resumed, tillId } }
}

/** The drawer's last count, where no session began on what it left: the next float. */
export function leftHere({ lastClosed, leftTaken }: Book): ClosedSession['close']['left'] {
  return lastClosed?.close.id === leftTaken ? undefined : lastClosed?.close.left
}

/** The book as a session begins: what the last close left is in its float. */
export function beginHere(book: Book, session: OpenSession): Book {
  const closeId = book.lastClosed?.close.id
  return { ...book, session, ...(closeId !== undefined && { leftTaken: closeId }) }
}

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
