import { denominationsOf } from './denominations.ts'
import type { Currency, Minor } from './money.ts'

/** How pieces of a face come packed: notes in bundles, coins in rolls or bags. */
export type Pack = { readonly kind: 'bundle' | 'roll'; readonly pieces: number }

/** Notes are banded by the hundred nearly everywhere. */
const bundlePieces = 100

/**
 * Pieces in a roll of coins, by face. EUR: the rolls of the euro area's central banks. USD: the Federal Reserve's.
 * GBP: the Royal Mint's coin bags, which banks take only full. THB: the hundreds in which banks hand out coins.
 * JPY: rolls of fifty.
 */
const rolls: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  THB: { 1000: 100, 500: 100, 200: 100, 100: 100 },
  EUR: { 200: 25, 100: 25, 50: 40, 20: 40, 10: 40, 5: 50, 2: 50, 1: 50 },
  USD: { 25: 40, 10: 50, 5: 40, 1: 50 },
  GBP: { 200: 10, 100: 20, 50: 20, 20: 50, 10: 50, 5: 100, 2: 50, 1: 100 },
  JPY: { 500: 50, 100: 50, 50: 50, 10: 50, 5: 50, 1: 50 },
}

/** How a face of a currency comes packed; `undefined` where nobody packs it, or we do not know how. */
export function packOf(currency: Currency, face: Minor): Pack | undefined {
  const known = denominationsOf(currency).find(({ faceMinor }) => faceMinor === face)
  if (known === undefined) return undefined
  if (known.kind === 'note') return { kind: 'bundle', pieces: bundlePieces }
  const pieces = rolls[currency]?.[face]
  return pieces === undefined ? undefined : { kind: 'roll', pieces }
}
