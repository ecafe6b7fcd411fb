import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { type RemainingLine, remainingOf } from '@tillkeeper/core/refund/refund-sale.ts'
import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import type { FindSaleAnswer, FoundSale } from './find-sale.ts'
import type { MadeRefund } from './refund-sale.ts'
import type { Returning } from './unlinked-state.ts'

/** What the refund panel shows. Each stage carries what it needs, so none can be half filled. */
export type Refund =
  | { readonly stage: 'asking'; readonly typed: string; readonly answer?: NotFound }
  | { readonly stage: 'looking'; readonly typed: string }
  | Choosing
  | (Omit<Choosing, 'stage' | 'refusal'> & { readonly stage: 'saving' })
  | Returning
  | { readonly stage: 'done'; readonly made: MadeRefund; readonly ack: 'acknowledged' | 'not_yet' }

export type NotFound = Exclude<FindSaleAnswer['is'], 'found'>

export type Choosing = {
  readonly stage: 'choosing'
  /** The refund's id: trying again never pays twice. */
  readonly id: string
  readonly sale: FoundSale
  readonly remaining: readonly RemainingLine[]
  /** Thousandths that come back, by line number. */
  readonly chosen: ReadonlyMap<number, number>
  readonly method: TenderMethod
  /** Cash goes back in this currency as far as its notes go; left out: in the shop's own. */
  readonly currency?: Currency | undefined
  readonly reason: string
  /** Why it was refused, by code, the last time it was tried. */
  readonly refusal?: string | undefined
}

export const openRefund: Refund = { stage: 'asking', typed: '' }
/** What a fact takes. */
export const reasonLengthMax = 200

export function typeReceiptNumber(typed: string): Refund {
  return { stage: 'asking', typed: typed.slice(0, 40) }
}

/** The answer of a look-up. A sale of which nothing is left is shown too, with nothing to choose. */
export function onFound(typed: string, answer: FindSaleAnswer, id: string): Refund {
  if (answer.is !== 'found') return { stage: 'asking', typed, answer: answer.is }
  return {
    stage: 'choosing',
    id,
    sale: answer.sale,
    remaining: remainingOf(answer.sale),
    chosen: new Map(),
    method: 'cash',
    reason: '',
  }
}

/** One unit more or less of a line; a rest smaller than a unit comes back whole. */
export function stepLine(refund: Choosing, lineNo: number, by: 1 | -1): Choosing {
  const left = refund.remaining.find(({ line }) => line.lineNo === lineNo)?.remaining ?? 0
  const now = refund.chosen.get(lineNo) ?? 0
  const next = by > 0 ? now + unitQuantity : Math.ceil(now / unitQuantity - 1) * unitQuantity
  return chooseQuantity(refund, lineNo, Math.max(0, Math.min(left, next)))
}

/** Everything that has not come back yet. */
export function chooseAll(refund: Choosing): Choosing {
  const all = refund.remaining.filter(({ remaining }) => remaining > 0)
  return {
    ...refund,
    refusal: undefined,
    chosen: new Map(all.map(({ line, remaining }) => [line.lineNo, remaining])),
  }
}

export function chooseQuantity(refund: Choosing, lineNo: number, quantity: number): Choosing {
  const chosen = new Map(refund.chosen)
  if (quantity > 0) chosen.set(lineNo, quantity)
  else chosen.delete(lineNo)
  return { ...refund, chosen, refusal: undefined }
}

/** What the chosen lines are asked for as; in the order of the receipt. */
export function chosenLines({ chosen }: Pick<Choosing, 'chosen'>) {
  return [...chosen]
    .map(([lineNo, quantity]) => ({ lineNo, quantity }))
    .sort((a, b) => a.lineNo - b.lineNo)
}

/** Whether it can be paid back: something comes back, and why is said. */
export function isComplete(refund: Choosing): boolean {
  return refund.chosen.size > 0 && refund.reason.trim() !== ''
}

export function startRefunding(refund: Choosing): Refund {
  const { refusal: _, ...rest } = refund
  return { ...rest, stage: 'saving' }
}

/** The answer of the act: refused, it goes back to choosing with everything as it was. */
export function onRefunded(
  refund: Extract<Refund, { stage: 'saving' }>,
  outcome: Outcome<MadeRefund, { readonly code: string }>,
  ack: 'acknowledged' | 'not_yet',
): Refund {
  return outcome.ok
    ? { stage: 'done', made: outcome.value, ack }
    : { ...refund, stage: 'choosing', refusal: outcome.refusal.code }
}
