import type { Instant } from '@tillkeeper/core/base/instant.ts'
import {
  countStock,
  type DrawerStock,
  moveStock,
  recountFaces,
} from '@tillkeeper/core/hint/drawer-stock.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { ownChangeMinor } from '@tillkeeper/core/sale/tender.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { changeHere } from '../journal/book-session.ts'
import type { Book, OpenSession } from '../journal/kept.ts'

type Followed<F> = F extends { readonly type: string; readonly body: unknown }
  ? Pick<F & { readonly id: string; readonly occurredAt: string }, 'id' | 'type' | 'occurredAt'> &
      Pick<F, 'body' & keyof F>
  : never
/** A fact of this till, before or after it is sealed. */
export type FollowedFact = Followed<KnownFact>

/** The book with what a fact did to the notes and coins that the till supposes to be in its drawer. */
export function followDrawer(book: Book, fact: FollowedFact): Book {
  const sessionId =
    fact.type === 'till.opened'
      ? fact.id
      : 'sessionId' in fact.body
        ? fact.body.sessionId
        : undefined
  if (sessionId === undefined) return book
  return changeHere(book, sessionId, (session) => {
    const stock = followStock(session, fact)
    return stock === session.stock ? session : { ...session, stock }
  })
}

function followStock(
  { currency, stock }: OpenSession,
  fact: FollowedFact,
): DrawerStock | undefined {
  const at = fact.occurredAt as Instant
  switch (fact.type) {
    // A float that was not counted by piece is not known, until all of it is counted.
    case 'till.opened': {
      const { pieces } = fact.body
      return pieces === undefined ? undefined : countStock(currency, pieces, at)
    }
    case 'till.handed_over': {
      const own = fact.body.counted.find((each) => each.currency === currency)
      return own?.pieces === undefined ? stock : countStock(currency, own.pieces, at)
    }
    case 'till.counted': {
      const { faces, kind } = fact.body
      if (faces === undefined || fact.body.currency !== currency) return stock
      if (kind !== 'cycle') return countStock(currency, faces, at)
      return stock && recountFaces(stock, faces, at)
    }
    default:
      return stock && movesOf(fact, currency).reduce((held, each) => moveStock(held, each), stock)
  }
}

type Move = {
  readonly into: boolean
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly at: Instant
}

/** The cash of one currency that a fact brought into the drawer and took out of it. */
function movesOf(fact: FollowedFact, currency: Currency): readonly Move[] {
  const at = fact.occurredAt as Instant
  const move = (into: boolean, amountMinor: Minor, pieces?: Pieces): Move => ({
    ...{ into, amountMinor, pieces, at },
  })
  switch (fact.type) {
    case 'sale.completed':
    case 'sale.refunded':
    case 'sale.voided': {
      const sold = fact.type === 'sale.completed'
      const cash = fact.body.tenders
        .filter(({ method, foreign }) => method === 'cash' && foreign === undefined)
        .map(({ givenMinor, pieces }) => move(sold, givenMinor, pieces))
      if (fact.type !== 'sale.completed') return cash
      return [...cash, move(false, ownChangeMinor(fact.body), fact.body.changePieces)]
    }
    case 'cash.moved': {
      const { kind, amountMinor, pieces, attemptId } = fact.body
      if (attemptId !== undefined && kind !== 'top_up' && kind !== 'drop') return []
      const into = kind === 'pay_in' || kind === 'top_up'
      return fact.body.currency === currency ? [move(into, amountMinor, pieces)] : []
    }
    case 'cash.given': {
      const { amountMinor, pieces } = fact.body
      return fact.body.currency === currency ? [move(false, amountMinor, pieces)] : []
    }
    case 'cash.received': {
      const { answer, countedMinor, pieces } = fact.body
      if (answer === 'declined' || fact.body.currency !== currency) return []
      return [move(true, countedMinor, pieces)]
    }
    case 'cash.swapped': {
      const { amountMinor, given, taken } = fact.body
      if (fact.body.currency !== currency) return []
      return [move(false, amountMinor, given), move(true, amountMinor, taken)]
    }
    case 'expense.paid':
      if (fact.body.attemptId !== undefined) return []
      return [move(false, fact.body.amountMinor, fact.body.pieces)]
    case 'expense.settled':
      return [move(true, fact.body.returnedMinor)]
    default:
      return []
  }
}
