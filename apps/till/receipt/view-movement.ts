import { minor } from '@tillkeeper/core/money/money.ts'
import type { MovementPaper } from '@tillkeeper/core/receipt/receipt-view.ts'
import type { CashGivenBody, CashReceivedBody } from '@tillkeeper/facts/catalogue/drawer-cash.ts'
import type { ExpensePaidBody, ExpenseSettledBody } from '@tillkeeper/facts/catalogue/expense.ts'
import type {
  CashMovedBody,
  TillHandedOverBody,
  TillResumedBody,
} from '@tillkeeper/facts/catalogue/till-session.ts'
import type { Shop } from '../catalogue/directory.ts'
import type { MovementDocument } from './document.ts'

type Said = Pick<MovementPaper, 'parts' | 'byMachine' | 'category' | 'recipient' | 'note'>

/** A movement's paper as core writes it; what it says is read from its fact alone. */
export function viewMovement(document: MovementDocument, shop: Shop): MovementPaper {
  const { receiptNumber, occurredAt, staffName, tillNumber } = document
  const said = saidBy(document)
  const currency = said.parts[0]?.currency ?? shop.currency
  return {
    ...{ kind: 'movement', shop, receiptNumber, occurredAt, staffName, tillNumber, currency },
    ...said,
  }
}

function saidBy({ type, body }: MovementDocument): Said {
  switch (type) {
    case 'cash.moved': {
      const { kind, currency, amountMinor, pieces, category, recipient, note, attemptId } =
        body as CashMovedBody
      const parts = [{ type: kind, currency, amountMinor, pieces }]
      return { parts, byMachine: attemptId !== undefined, category, recipient, note }
    }
    case 'cash.given': {
      const { currency, amountMinor, pieces, note } = body as CashGivenBody
      return { parts: [{ type: 'hand_over', currency, amountMinor, pieces }], note }
    }
    case 'cash.received': {
      const { currency, countedMinor, pieces, note } = body as CashReceivedBody
      const part = { type: 'hand_over', currency, amountMinor: countedMinor, pieces } as const
      return { parts: [part], note }
    }
    case 'expense.paid': {
      const { currency, amountMinor, pieces, attemptId } = body as ExpensePaidBody
      const byMachine = attemptId !== undefined
      return { parts: [{ type: 'advance', currency, amountMinor, pieces }], byMachine }
    }
    case 'expense.settled':
      return { parts: settledParts(body as ExpenseSettledBody) }
    case 'till.handed_over': {
      const { counted } = body as TillHandedOverBody
      const parts = counted.map(({ currency, countedMinor, pieces }) => ({
        ...{ type: 'till_hand_over' as const, currency, amountMinor: countedMinor, pieces },
      }))
      return { parts }
    }
    case 'till.resumed': {
      const { carried } = body as TillResumedBody
      const parts = carried.map((cash) => ({
        ...{ type: 'hand_over' as const, currency: cash.currency },
        ...{ amountMinor: cash.minor, pieces: cash.pieces },
      }))
      return { parts }
    }
    default:
      return { parts: [] }
  }
}

// As the ledger has it: a part for each way that the advance went.
function settledParts(settled: ExpenseSettledBody): MovementPaper['parts'] {
  const { currency, spentMinor, returnedMinor, returnedPieces, varianceMinor } = settled
  const difference = minor(Math.abs(varianceMinor))
  const all: MovementPaper['parts'] = [
    { type: 'expense', currency, amountMinor: spentMinor },
    { type: 'advance_return', currency, amountMinor: returnedMinor, pieces: returnedPieces },
    { type: varianceMinor < 0 ? 'shortage' : 'surplus', currency, amountMinor: difference },
  ]
  return all.filter(({ amountMinor }) => amountMinor > 0)
}
