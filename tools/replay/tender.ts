import { denominationsOf, makeChange } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'

type Pieces = readonly { readonly faceMinor: number; readonly pieces: number }[]

/** How the customer of a replayed sale pays: always cash, exact or with the next notes up. */
export type CashTender = {
  readonly givenMinor: number
  readonly pieces?: Pieces
  readonly changePieces?: Pieces
}

/**
 * Pays `totalMinor` in cash: each third customer has it exactly, the others hand over the next hundred
 * or thousand minor units of notes up. By denomination wherever the currency's pieces can make it.
 */
export function payInCash(totalMinor: number, currency: string, turn: number): CashTender {
  const faces = denominationsOf(currency as Currency)
  const steps = [1, 10_000, 100_000]
  const step = steps[turn % steps.length] ?? 1
  const givenMinor = Math.ceil(totalMinor / step) * step
  const pieces = makeChange(minor(givenMinor), faces)
  const changePieces = makeChange(minor(givenMinor - totalMinor), faces)
  return {
    givenMinor,
    ...(pieces === undefined ? {} : { pieces }),
    ...(changePieces === undefined || changePieces.length === 0 ? {} : { changePieces }),
  }
}

/** Lays out an amount by denomination, if the currency's pieces can make it. */
export function layOut(amountMinor: number, currency: string): { readonly pieces?: Pieces } {
  const pieces = makeChange(minor(amountMinor), denominationsOf(currency as Currency))
  return pieces === undefined ? {} : { pieces }
}
