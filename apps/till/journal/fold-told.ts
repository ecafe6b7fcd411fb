import type { StaffId } from '@tillkeeper/core/base/id.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { followDrawer } from '../hint/follow-drawer.ts'
import { changeHere, findHere } from './book-session.ts'
import { foldInSession } from './fold-book.ts'
import type { Book, OpenSession } from './kept.ts'

// What others recorded in sessions of this till: the store server tells it, in whatever order and however often. Each
// act is in a session's totals once, by its id.

/** Acts of others that a session remembers: far more than an office does in one drawer. */
export const heardMax = 10_000

/** A drawer that was given to somebody else, not at this till. */
export type ToldHandOver = {
  readonly id: string
  readonly sessionId: string
  readonly toStaffId: string
}

/** The book after acts that others recorded in its sessions. Those that are in it already change nothing. */
export function foldTold(book: Book, facts: readonly KnownFact[]): Book {
  return facts.reduce((held, fact) => {
    const sessionId = sessionOf(fact)
    return sessionId === undefined ? held : hear(held, { id: fact.id, sessionId }, fold(fact))
  }, book)
}

/** The book after drawers of its sessions were given to others. */
export function foldHandOvers(book: Book, handOvers: readonly ToldHandOver[]): Book {
  return handOvers.reduce(
    (held, act) =>
      hear(held, act, (before) =>
        changeHere(before, act.sessionId, (session) => ({
          ...session,
          staffId: act.toStaffId as StaffId,
        })),
      ),
    book,
  )
}

type Heard = { readonly id: string; readonly sessionId: string }

function hear(book: Book, { id, sessionId }: Heard, fold: (book: Book) => Book): Book {
  const session = findHere(book, sessionId)
  const heard = session === undefined ? undefined : heardOf(session)
  // Of a session whose totals nobody can take apart nothing is known: what comes may be in them.
  if (heard === undefined || heard.includes(id) || heard.length >= heardMax) return book
  return changeHere(fold(book), sessionId, (after) => ({ ...after, heard: [...heard, id] }))
}

function heardOf({ told, heard }: OpenSession): readonly string[] | undefined {
  return heard ?? (told === true ? undefined : [])
}

// What was told of a session has only what it names in it: this act is not.
function fold(fact: KnownFact): (book: Book) => Book {
  return (book) => {
    const sessionId = sessionOf(fact) ?? ''
    const told = findHere(book, sessionId)?.told
    const open = changeHere(book, sessionId, ({ told: _, ...session }) => session)
    const after = followDrawer(foldInSession(open, fact), fact)
    return told === undefined
      ? after
      : changeHere(after, sessionId, (session) => ({ ...session, told }))
  }
}

function sessionOf({ type, body }: KnownFact): string | undefined {
  if (type === 'fund.issued' || type === 'fund.returned') return body.drawer?.sessionId
  return 'sessionId' in body ? body.sessionId : undefined
}
