import { assert } from '../base/assert.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { amountMax, type Minor, minor } from '../money/money.ts'
import type { Tender, TenderMethod } from './tender.ts'

/** What a customer hands over. */
export type AskedTender = {
  readonly method: TenderMethod
  /** Zero or more. Only cash may be more than is due. */
  readonly givenMinor: Minor
  readonly pieces?: Pieces | undefined
}

/** Why tenders do not settle what is due, in order of precedence; `index` counts from 0. */
export type SettleRefusal =
  | { readonly code: 'pieces_only_of_cash'; readonly of: 'tender'; readonly index: number }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'tender'; readonly index: number }
  | { readonly code: 'amount_too_large' }
  /** Cards and transfers together come to more than is due, and they give no change. */
  | { readonly code: 'tender_above_due'; readonly dueMinor: Minor }
  | { readonly code: 'not_enough_given'; readonly dueMinor: Minor; readonly givenMinor: Minor }

export type Settled = { readonly tenders: readonly Tender[]; readonly changeMinor: Minor }

/**
 * Shares what is due among tenders: what is not cash pays its whole amount, cash pays the rest in its
 * order, and what is left of the cash is the change. A tender of nothing is left out.
 */
export function settleTenders(
  dueMinor: Minor,
  asked: readonly AskedTender[],
): Outcome<Settled, SettleRefusal> {
  assert(
    asked.every((tender) => tender.givenMinor >= 0),
    'nobody hands over less than nothing',
  )
  const odd = findOddPieces(asked)
  if (odd !== undefined) return refused(odd)
  const given = asked.reduce((all, tender) => all + tender.givenMinor, 0)
  if (given > amountMax) return refused({ code: 'amount_too_large' })
  const notCash = asked.reduce(
    (all, tender) => (tender.method === 'cash' ? all : all + tender.givenMinor),
    0,
  )
  if (notCash > dueMinor) return refused({ code: 'tender_above_due', dueMinor })
  if (given < dueMinor) {
    return refused({ code: 'not_enough_given', dueMinor, givenMinor: minor(given) })
  }

  let cashDue = dueMinor - notCash
  const tenders = asked
    .filter((tender) => tender.givenMinor > 0)
    .map(({ method, givenMinor, pieces }): Tender => {
      const amount = method === 'cash' ? Math.min(givenMinor, cashDue) : givenMinor
      if (method === 'cash') cashDue -= amount
      return {
        method,
        amountMinor: minor(amount),
        givenMinor,
        ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
      }
    })
  return accepted({ tenders, changeMinor: minor(given - dueMinor) })
}

function findOddPieces(asked: readonly AskedTender[]) {
  for (const [index, { method, givenMinor, pieces }] of asked.entries()) {
    if (pieces === undefined) continue
    if (method !== 'cash') return { code: 'pieces_only_of_cash', of: 'tender', index } as const
    if (!piecesAddUp(pieces, givenMinor)) {
      return { code: 'pieces_do_not_add_up', of: 'tender', index } as const
    }
  }
  return undefined
}
