import type { ForeignChange, SaleTender } from '@tillkeeper/facts/catalogue/sale-completed.ts'
import { addTransfer, type Effects, type TransferRow, type TransferType } from '../apply/effects.ts'
import { customer, drawer, exchange } from './location.ts'

// Cash between a customer and a drawer, in any currency. Notes of another currency come in as they are, and two
// legs against `exchange:<shop>` say what they count for: the customer's place then holds what was
// paid in the sale's currency alone, and `exchange` what the shop holds against it. Each leg adds up to zero.

type Moved = Omit<TransferRow, 'id' | 'type' | 'from_location' | 'to_location' | 'amount_minor'> & {
  readonly tillId: string
}

/** What one act moves: who, where and when, with the act's own currency. */
export type CashAct = Moved

/** Cash of one currency, and what it is worth in the act's where that is another one. */
export type CashPart = {
  /** Names the transfer within its act. */
  readonly part: string
  readonly type: Extract<TransferType, 'sale' | 'change' | 'refund'>
  /** Into the drawer, or out of it. */
  readonly to: 'drawer' | 'customer'
  readonly amountMinor: number
  readonly pieces?: unknown
  readonly foreign?: { readonly currency: string; readonly amountMinor: number } | undefined
}

/** Moves cash between customer and drawer. `amountMinor` is in the act's currency. */
export function addCashPart(effects: Effects, { tillId, ...act }: CashAct, cash: CashPart): void {
  const { part, type, to, amountMinor, pieces, foreign } = cash
  const [outside, inside] = [customer(act.shop_id), drawer(tillId)]
  const way = (from: string, into: string) =>
    to === 'drawer'
      ? { from_location: from, to_location: into }
      : { from_location: into, to_location: from }
  addTransfer(effects, {
    ...act,
    id: `${act.fact_id}/${part}`,
    type,
    ...way(outside, inside),
    currency: foreign?.currency ?? act.currency,
    amount_minor: foreign?.amountMinor ?? amountMinor,
    pieces,
  })
  if (foreign === undefined) return
  const market = exchange(act.shop_id)
  addTransfer(effects, {
    ...act,
    id: `${act.fact_id}/${part}/bought`,
    type: 'exchange',
    ...way(market, outside),
    currency: foreign.currency,
    amount_minor: foreign.amountMinor,
  })
  addTransfer(effects, {
    ...act,
    id: `${act.fact_id}/${part}/paid`,
    type: 'exchange',
    ...way(outside, market),
    amount_minor: amountMinor,
  })
}

/** A cash tender as it moves: in a sale into the drawer, in a refund out of it. */
export function partOfTender(
  { givenMinor, foreign, pieces }: SaleTender,
  named: Pick<CashPart, 'part' | 'type' | 'to'>,
): CashPart {
  return {
    ...named,
    amountMinor: givenMinor,
    pieces,
    ...(foreign !== undefined && {
      foreign: { currency: foreign.currency, amountMinor: foreign.givenMinor },
    }),
  }
}

/** Change in another currency as it moves out of the drawer. */
export function partOfChange({ currency, minor, baseMinor, pieces }: ForeignChange): CashPart {
  return {
    part: `change/${currency}`,
    type: 'change',
    to: 'customer',
    amountMinor: baseMinor,
    pieces,
    foreign: { currency, amountMinor: minor },
  }
}
