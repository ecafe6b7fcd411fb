import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { addMovement, addRefund, addSale, addSwap } from '@tillkeeper/core/till/session-totals.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { numberOf } from '@tillkeeper/facts/catalogue/paper-number.ts'
import { foldExpense } from '../expense/known-expense.ts'
import { addFund } from '../fund/add-fund.ts'
import { followDrawer } from '../hint/follow-drawer.ts'
import {
  beginHere,
  changeHere,
  closedOf,
  dropHere,
  endHere,
  findHere,
  restHere,
  resumeHere,
  sessionOf,
} from './book-session.ts'
import { type Book, countReceipt } from './kept.ts'

/**
 * The book after facts of this till that it had lost and got back from the store server, each once and in
 * their order: what the drawer should hold follows the acts, and no receipt number is given again.
 */
export function foldFacts(book: Book, facts: readonly KnownFact[]): Book {
  return facts.reduce(
    (held, fact) => followDrawer(foldFact(countPaper(held, fact), fact), fact),
    book,
  )
}

function foldFact(book: Book, fact: KnownFact): Book {
  const { type, businessDate, body } = fact
  const isPaper = type === 'sale.completed' || type === 'sale.voided' || type === 'sale.refunded'
  const counted = isPaper ? countUp(book, businessDate, body.receiptCounter) : book
  // What the store server told of a session holds all that it can give back of it: it is at none of these again.
  const isStep = type.startsWith('till.') && 'sessionId' in body && body.sessionId !== undefined
  return isStep && isTold(book, body.sessionId) ? counted : foldInSession(counted, fact)
}

function isTold(book: Book, sessionId: string): boolean {
  return findHere(book, sessionId)?.told === true
}

/** The book after an act of one of its sessions, whoever recorded it; its paper's number is not counted. */
export function foldInSession(book: Book, fact: KnownFact): Book {
  switch (fact.type) {
    case 'sale.completed':
      return addTo(book, fact.body.sessionId, (totals) => addSale(totals, fact.body))
    case 'sale.voided':
    case 'sale.refunded':
      return addTo(book, fact.body.sessionId, (totals) => addRefund(totals, fact.body))
    case 'cash.moved':
      return addTo(book, fact.body.sessionId, (totals) => addMovement(totals, fact.body))
    case 'cash.given':
      return addTo(book, fact.body.sessionId, (totals) =>
        addMovement(totals, { ...fact.body, kind: 'drop' }),
      )
    case 'cash.received':
      return addTo(book, fact.body.sessionId, (totals) =>
        addMovement(totals, {
          ...fact.body,
          kind: 'top_up',
          amountMinor: fact.body.countedMinor,
        }),
      )
    case 'fund.issued':
    case 'fund.returned': {
      const { body, type } = fact
      const kind = type === 'fund.issued' ? 'drop' : 'top_up'
      if (body.drawer === undefined) return book
      return addTo(book, body.drawer.sessionId, (totals) => addFund(totals, kind, body))
    }
    case 'cash.swapped':
      return addTo(book, fact.body.sessionId, (totals) => addSwap(totals, fact.body))
    case 'till.opened':
      return open(book, fact)
    case 'till.closed':
      return close(book, fact)
    case 'till.counted':
      return recount(book, fact)
    case 'till.handed_over': {
      const { sessionId, toStaffId: staffId } = fact.body
      return changeHere(book, sessionId, (session) => ({ ...session, staffId }))
    }
    case 'till.suspended':
      return restHere(book, fact.body.sessionId)
    case 'till.resumed': {
      const { sessionId, tillId } = fact.body
      const session = findHere(book, sessionId)
      return session === undefined ? book : resumeHere(book, session, tillId)
    }
    case 'till.ended':
      return endHere(book, fact.body.sessionId)
    case 'expense.requested':
    case 'expense.approved':
    case 'expense.declined':
      return { ...book, expenses: foldExpense(book.expenses ?? [], fact) }
    case 'expense.paid':
    case 'expense.settled':
      return foldAdvance(book, fact)
    default:
      return book
  }
}

// A paper of cash that moved has a number of the same series as sales have.
function countPaper(book: Book, { type, body, businessDate }: KnownFact): Book {
  const number = numberOf(type, body)
  return number === undefined ? book : countUp(book, businessDate, number.receiptCounter)
}

type FactOf<Type extends KnownFact['type']> = Extract<KnownFact, { type: Type }>
type Session = NonNullable<Book['session']>

function foldAdvance(book: Book, fact: FactOf<'expense.paid'> | FactOf<'expense.settled'>): Book {
  const known = { ...book, expenses: foldExpense(book.expenses ?? [], fact) }
  const { sessionId } = fact.body
  if (sessionId === undefined) return known
  const paid = fact.type === 'expense.paid'
  const amountMinor = paid ? fact.body.amountMinor : fact.body.returnedMinor
  const kind = paid ? 'pay_out' : 'pay_in'
  const pieces = paid ? fact.body.pieces : fact.body.returnedPieces
  const { currency } = fact.body
  const attemptId = paid ? fact.body.attemptId : undefined
  return addTo(known, sessionId, (totals) =>
    addMovement(totals, { kind, amountMinor, currency, pieces, attemptId }),
  )
}

function countUp(book: Book, day: string, counter: number): Book {
  return countReceipt(book, day, Math.max(counter, book.counters[day] ?? 0))
}

// Acts of a session that this till does not know change nothing here: the store server has its totals.
function addTo(
  book: Book,
  sessionId: SessionId,
  add: (totals: Session['totals']) => Session['totals'],
): Book {
  if (isTold(book, sessionId)) return book
  return changeHere(book, sessionId, (session) => ({ ...session, totals: add(session.totals) }))
}

// A session that is open here already is the one that people work in.
function open(book: Book, { id, body, occurredAt, businessDate }: FactOf<'till.opened'>): Book {
  if (book.session !== undefined || book.lastClosed?.id === id) return book
  return beginHere(book, sessionOf(body, { id, openedAt: occurredAt, businessDate }))
}

function close(book: Book, { id, body, occurredAt }: FactOf<'till.closed'>): Book {
  const session = findHere(book, body.sessionId)
  if (session === undefined) return book
  const lastClosed = closedOf(session, body, { id, closedAt: occurredAt })
  return { ...dropHere(book, session.id), lastClosed }
}

// A count that was asked for once more is not asked for again.
function recount(book: Book, { body }: FactOf<'till.counted'>): Book {
  if (body.kind !== 'recount') return book
  return changeHere(book, body.sessionId, (session) => ({ ...session, recounts: 1 }))
}
