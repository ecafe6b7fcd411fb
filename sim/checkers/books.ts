import { minor } from '@tillkeeper/core/money/money.ts'
import {
  addMovement,
  addRefund,
  addSale,
  noTotals,
  type SessionTotals,
} from '@tillkeeper/core/till/session-totals.ts'
import { expectedMinor } from '@tillkeeper/core/till/till-session.ts'
import type { FactOf, KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'

/** What a session came to, by the rules of core. */
export type SessionBook = {
  readonly totals: SessionTotals
  readonly floatMinor: number
  /** Its close; of two, that with the earlier id. */
  readonly close: SessionClose | undefined
  /** Copies of one till may close one session twice, each with the acts that it knows. */
  readonly closes: number
}

export type SessionClose = {
  readonly id: string
  readonly author: string
  /** What it said that the drawer should hold. */
  readonly expectedMinor: number
}

/** Distinct acts, and what they add up to. */
export type Books = {
  readonly ids: ReadonlySet<string>
  readonly sessions: ReadonlyMap<string, SessionBook>
}

const parsed = new WeakMap<Uint8Array, KnownFact | undefined>()

/** A fact out of its bytes, read once however often it is asked for. */
export function factOf(bytes: Uint8Array): KnownFact | undefined {
  if (parsed.has(bytes)) return parsed.get(bytes)
  const read = readFact(bytes)
  const fact = read.kind === 'known' ? read.fact : undefined
  parsed.set(bytes, fact)
  return fact
}

/** Adds facts up. Each id counts once, wherever and however often it stands. */
export function foldBooks(
  rows: Iterable<{ readonly id: string; readonly bytes: Uint8Array }>,
): Books {
  const ids = new Set<string>()
  const sessions = new Map<string, SessionBook>()
  const change = (id: string, next: (before: SessionBook) => SessionBook) =>
    sessions.set(
      id,
      next(sessions.get(id) ?? { totals: noTotals, floatMinor: 0, close: undefined, closes: 0 }),
    )
  for (const { id, bytes } of rows) {
    if (ids.has(id)) continue
    ids.add(id)
    const fact = factOf(bytes)
    switch (fact?.type) {
      case 'till.opened':
        change(fact.id, (book) => ({ ...book, floatMinor: fact.body.floatMinor }))
        break
      case 'sale.completed':
        change(fact.body.sessionId, (book) => ({
          ...book,
          totals: addSale(book.totals, fact.body),
        }))
        break
      case 'sale.refunded':
        change(fact.body.sessionId, (book) => ({
          ...book,
          totals: addRefund(book.totals, fact.body),
        }))
        break
      case 'cash.moved':
        change(fact.body.sessionId, (book) => ({
          ...book,
          totals: addMovement(book.totals, fact.body),
        }))
        break
      case 'till.closed':
        change(fact.body.sessionId, (book) => addClose(book, fact))
        break
      default:
    }
  }
  return { ids, sessions }
}

function addClose(book: SessionBook, { id, author, body }: FactOf<'till.closed'>): SessionBook {
  const { close } = book
  const said = { id, author, expectedMinor: body.expectedMinor }
  return {
    ...book,
    close: close === undefined || id < close.id ? said : close,
    closes: book.closes + 1,
  }
}

/** What a drawer should hold by its acts. */
export function drawerOf({ floatMinor, totals }: SessionBook): number {
  return expectedMinor(minor(floatMinor), totals)
}
