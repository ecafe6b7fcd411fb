import type { Day } from '@tillkeeper/core/base/instant.ts'
import { receiptCounterMax, receiptNumber } from '@tillkeeper/core/sale/receipt-number.ts'
import Type from 'typebox'
import { Text } from './parts.ts'

// Cash that moves by hand leaves a paper as a sale does, and its number is the next of the same series. It is
// given by who seals the fact, in the act's own transaction; replicas take what the fact says.

/** The number of an act's paper. Facts of before papers were numbered have none. */
export const paperNumber = {
  receiptNumber: Type.Optional(Text(24, 1)),
  /** The place in its till's day. */
  receiptCounter: Type.Optional(Type.Integer({ minimum: 1, maximum: receiptCounterMax })),
}

/** Movements whose paper is numbered; sales, refunds and voids number themselves. */
export const numberedTypes = [
  'cash.moved',
  'cash.given',
  'cash.received',
  'till.handed_over',
  'till.resumed',
  'expense.paid',
  'expense.settled',
  'bag.sealed',
  'bag.deposited',
  'change.received',
  'fund.issued',
  'fund.returned',
] as const

const numbered: ReadonlySet<string> = new Set(numberedTypes)

/** Whether an act leaves a paper of its own: what was declined, or stayed in its drawer, moved nothing. */
export function takesNumber(type: string, body: unknown): boolean {
  if (!numbered.has(type)) return false
  const { answer, carried } = body as { answer?: string; carried?: readonly unknown[] }
  return answer !== 'declined' && carried?.length !== 0
}

/** The number that a fact's paper has, if it has one. */
export function numberOf(
  type: string,
  body: unknown,
): { readonly receiptNumber: string; readonly receiptCounter: number } | undefined {
  if (!numbered.has(type)) return undefined
  const { receiptNumber: said, receiptCounter } = body as {
    readonly receiptNumber?: string
    readonly receiptCounter?: number
  }
  if (said === undefined || receiptCounter === undefined) return undefined
  return { receiptNumber: said, receiptCounter }
}

/** Gives an accepted act the next number of its series. */
export function numberPaper<Body>(
  body: Body,
  series: { readonly number: number; readonly businessDate: Day; readonly lastCounter: number },
): Body & { readonly receiptNumber: string; readonly receiptCounter: number } {
  const receiptCounter = series.lastCounter + 1
  return {
    ...body,
    receiptNumber: receiptNumber(series.number, series.businessDate, receiptCounter),
    receiptCounter,
  }
}
