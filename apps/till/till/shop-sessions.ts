import {
  type Session,
  type SessionOfTill,
  Session as SessionShape,
  SessionsOfTill,
} from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { isSealed } from '@tillkeeper/core/till/till-session.ts'
import type { Static } from 'typebox'
import type { TillNode } from '../app/node.ts'
import { dropHere, endHere, findHere, resumeHere, waitHere } from '../journal/book-session.ts'
import type { Book, OpenSession } from '../journal/kept.ts'
import { type AskFault, askStore } from '../store/ask-store.ts'
import { askWithLogin } from '../store/ask-with-login.ts'

// Sessions of the shop that are not this till's own: only the store server knows them. It is asked as the device,
// so that what a drawer should hold goes from book to book and not to who counts it.

/** Asks which sessions rest in the shop, and takes up what happened to ours elsewhere. */
export async function lookAtSessions(
  node: Omit<TillNode, 'link'>,
): Promise<readonly SessionOfTill[] | 'away'> {
  const { device, journal, state, turns } = node
  const { book: before } = state.getState()
  const ids = [before.session, ...(before.waiting ?? [])].flatMap((each) => each?.id ?? [])
  const answer = await askStore<Static<typeof SessionsOfTill>>(SessionsOfTill, {
    method: 'POST',
    path: '/sync/v1/sessions',
    body: { ids },
    token: device.token,
  })
  if (!answer.ok) return 'away'
  const { items } = answer.value
  await turns(async () => {
    const { book } = state.getState()
    // One that came into the book since we asked is newer than the answer.
    const asked = items.filter(({ id }) => ids.some((each) => each === id))
    const next = mergeTold(book, asked, device.tillId)
    if (next === book) return
    await journal.keep({ book: next })
    state.setState({ book: next })
  })
  return items
}

/**
 * The book with what the store server told of its sessions. It only follows what cannot be undone (ended, closed,
 * gone to another till): anything else this till knows better, and what it did last may not have arrived there.
 */
export function mergeTold(book: Book, told: readonly SessionOfTill[], tillId: TillId): Book {
  return told.reduce((held, { id, state, tillId: at }) => {
    const known = findHere(held, id)
    if (known === undefined) return held
    if (isSealed(state) || at !== tillId) return dropHere(held, id)
    return state === 'reconciling' && known.state === 'open' ? endHere(held, id) : held
  }, book)
}

export type TakeRefusal =
  | AskFault
  | { readonly code: 'no_login' }
  /** The answer of the store server came, and its book did not. Asked again, it goes on where it was. */
  | { readonly code: 'not_taken' }

/**
 * Goes on here with a session that rests at another till. The store server decides, so that two tills do not both
 * take it; this till then carries its book on. Asked again under the same id it is done once.
 */
export async function takeSession(
  node: TillNode,
  { id, session }: { readonly id: string; readonly session: SessionOfTill },
): Promise<Outcome<OpenSession, TakeRefusal>> {
  const { tillId } = node.device
  if (session.suspended || session.tillId !== tillId) {
    const resumed = await askWithLogin<Session>(node, SessionShape, {
      method: 'POST',
      path: `/v1/till-sessions/${session.id}/resume`,
      body: { id, tillId },
    })
    if (!resumed.ok) return resumed
  }
  const told = await lookAtSessions(node)
  const held = told === 'away' ? undefined : told.find((each) => each.id === session.id)
  if (held === undefined || held.suspended || held.tillId !== tillId || held.state !== 'open') {
    return refused({ code: 'not_taken' })
  }
  const taken = readTold(held)
  return node.turns(async () => {
    const { book } = node.state.getState()
    const next = resumeHere(book, taken, tillId)
    if (next === book) return refused({ code: 'not_taken' as const })
    await node.journal.keep({ book: next })
    node.state.setState({ book: next })
    return accepted(taken)
  })
}

/** A session as the store server told it, as this till's book keeps it. */
export function readTold(told: SessionOfTill): OpenSession {
  const { state, currency, businessDate, openedAt, floatMinor, floatPieces, totals, recounts } =
    told
  return {
    ...{ id: told.id as SessionId, shopId: told.shopId as ShopId, tillId: told.tillId as TillId },
    ...{ staffId: told.staffId as StaffId, state, currency, businessDate, openedAt, floatMinor },
    ...(told.suspended && { suspended: true }),
    ...(floatPieces !== null && { floatPieces }),
    openingVarianceMinor: told.openingVarianceMinor,
    ...(recounts > 0 && { recounts }),
    totals,
    told: true,
    ...(told.heard !== undefined && { heard: told.heard }),
  }
}

/** Takes a session into the book that was ended at this till and is in no book of ours: to be counted here. */
export async function takeToCount(node: TillNode, session: SessionOfTill): Promise<void> {
  await node.turns(async () => {
    const { book } = node.state.getState()
    if (findHere(book, session.id) !== undefined) return
    const next = waitHere(book, readTold(session))
    await node.journal.keep({ book: next })
    node.state.setState({ book: next })
  })
}

/** A session of the shop that waits for somebody, seen from this till. */
export type WaitingSession = {
  readonly id: string
  readonly staffId: string
  readonly tillId: string
  readonly openedAt: string
  readonly is: 'rests' | 'to_count'
  /** Left out: of this till's own book, it goes on or is counted without the store server. */
  readonly told?: SessionOfTill | undefined
}

/**
 * Lists what waits in the shop, this till's own first. A session that stands open here and is in no book of ours
 * can be taken up again, but only where `settled`: as long as this till has something to tell, the store server
 * may not know yet that it was closed.
 */
export function listWaiting(
  book: Book,
  told: readonly SessionOfTill[],
  { tillId, settled }: { readonly tillId: TillId; readonly settled: boolean },
): readonly WaitingSession[] {
  const own = book.waiting ?? []
  const others = told.filter(({ id, state, suspended, tillId: at }) => {
    if (isSealed(state) || findHere(book, id) !== undefined) return false
    if (at !== tillId) return suspended || state === 'reconciling'
    return settled && book.lastClosed?.id !== id
  })
  return [
    ...own.map((session) => toWaiting(session)),
    ...others.map((session) => ({ ...toWaiting(session), told: session })),
  ]
}

function toWaiting({
  id,
  staffId,
  tillId,
  openedAt,
  state,
}: Pick<SessionOfTill, 'id' | 'staffId' | 'tillId' | 'openedAt' | 'state'>): WaitingSession {
  return { id, staffId, tillId, openedAt, is: state === 'open' ? 'rests' : 'to_count' }
}
