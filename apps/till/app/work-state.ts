import type { ClosedSession } from '../journal/kept.ts'

/** What a person does at this till. Whether it is open is the book's to say, not this. */
export type Work =
  | { readonly at: 'locked' }
  | { readonly at: 'selling' }
  /** Of the session that people work in, or of one that was ended and waits for its count. */
  | { readonly at: 'closing'; readonly sessionId?: string | undefined }
  | { readonly at: 'handing_over' }
  /** The result of a count: the first moment at which anybody sees a variance. */
  | { readonly at: 'closed'; readonly closed: ClosedSession }

/** Somebody signed in: with an open session they sell, else they open one. Both are `selling`. */
export function onSignedIn(): Work {
  return { at: 'selling' }
}

/** Locks, unless a result still has to be looked at. */
export function onLock(work: Work): Work {
  return work.at === 'closed' ? work : { at: 'locked' }
}

/** Begins a count. A cart that is not paid is no reason to lose it; another session's is not in its way. */
export function onClose(work: Work, cartLines: number, sessionId?: string): Work {
  if (work.at !== 'selling' || (cartLines > 0 && sessionId === undefined)) return work
  return { at: 'closing', sessionId }
}

/** Begins to give the drawer to another person. */
export function onHandOver(work: Work, cartLines: number): Work {
  return work.at === 'selling' && cartLines === 0 ? { at: 'handing_over' } : work
}

export function onClosed(closed: ClosedSession): Work {
  return { at: 'closed', closed }
}

/** Leaves the count or its result. After a result the till is locked: the day of this person is over. */
export function onDone(work: Work): Work {
  return work.at === 'closed' ? { at: 'locked' } : { at: 'selling' }
}
