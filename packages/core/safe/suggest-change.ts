import type { Cash } from '../money/cash-amount.ts'
import { denominationsOf } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { packOf } from '../money/packs.ts'
import { knownPieces, type SafeStock } from './safe-stock.ts'

/** So many weeks are looked back: a month, as shops pay and are paid by the month. */
export const suggestWeeks = 4

/** Pieces of one face that went out of a safe to work in the shop, less those that came back, in one week. */
export type FaceUse = {
  readonly currency: Currency
  readonly faceMinor: Minor
  /** 0: the seven days that end today; 1: the seven before them. */
  readonly week: number
  /** Below zero where more came back than went out. */
  readonly pieces: number
}

export type FaceSuggestion = {
  readonly faceMinor: Minor
  /** What each week used, the oldest first. */
  readonly weeks: readonly number[]
  /** What the busiest of them used: so much should be there for the next one. */
  readonly neededPieces: number
  readonly heldPieces: number
  /** On its way: ordered, and not come yet. */
  readonly orderedPieces: number
  /** Coins come in whole rolls; null where pieces come singly. */
  readonly rollPieces: number | null
  /** What to order; 0 where enough is there or on its way. */
  readonly pieces: number
}

export type ChangeSuggestion = {
  readonly currency: Currency
  /** Whether all pieces of the safe are known; where not, what is known of them is taken for what is there. */
  readonly known: boolean
  /** Every face that was used up, high to low. */
  readonly faces: readonly FaceSuggestion[]
}

/**
 * What change to order: for each face what the busiest of the last weeks used, less what lies in the safe and what is
 * on its way. Notes come singly, coins in whole rolls. A face of which as much comes back as goes out is not ordered.
 */
export function suggestChange({
  uses,
  stock,
  ordered,
}: {
  readonly uses: readonly FaceUse[]
  readonly stock: readonly SafeStock[]
  /** The cash of every order that has not come yet. */
  readonly ordered: readonly Cash[]
}): readonly ChangeSuggestion[] {
  const currencies = [...new Set(uses.map(({ currency }) => currency))].sort()
  return currencies
    .map((currency) => {
      const held = stock.find((each) => each.currency === currency)
      const used = uses.filter((use) => use.currency === currency)
      // A bank brings what is issued, whatever once lay in the safe.
      const faces = denominationsOf(currency).flatMap(({ faceMinor }) => {
        const weeks = sumWeeks(used.filter((use) => use.faceMinor === faceMinor))
        const neededPieces = Math.max(...weeks)
        if (neededPieces <= 0) return []
        const heldPieces = Math.max(0, held?.faces?.get(faceMinor) ?? 0)
        const orderedPieces = sumOrdered(ordered, currency, faceMinor)
        const missing = Math.max(0, neededPieces - heldPieces - orderedPieces)
        const pack = packOf(currency, faceMinor)
        const rollPieces = pack?.kind === 'roll' ? pack.pieces : null
        const pieces = Math.ceil(missing / (rollPieces ?? 1)) * (rollPieces ?? 1)
        return [{ faceMinor, weeks, neededPieces, heldPieces, orderedPieces, rollPieces, pieces }]
      })
      const known = held !== undefined && knownPieces(held) !== undefined
      return { currency, known, faces }
    })
    .filter(({ faces }) => faces.length > 0)
}

/** A suggestion as the cash of an order; empty where nothing is missing. */
export function suggestedCash(suggestions: readonly ChangeSuggestion[]): Cash {
  return suggestions
    .map(({ currency, faces }) => {
      const pieces = faces
        .filter((face) => face.pieces > 0)
        .map((face) => ({ faceMinor: face.faceMinor, pieces: face.pieces }))
      const worth = pieces.reduce((all, face) => all + face.faceMinor * face.pieces, 0)
      return { currency, minor: minor(worth), pieces }
    })
    .filter(({ pieces }) => pieces.length > 0)
}

function sumWeeks(uses: readonly FaceUse[]): readonly number[] {
  const weeks = Array.from({ length: suggestWeeks }, () => 0)
  for (const { week, pieces } of uses) {
    const place = suggestWeeks - 1 - week
    weeks[place] = (weeks[place] ?? 0) + pieces
  }
  return weeks
}

const sumOrdered = (ordered: readonly Cash[], currency: Currency, faceMinor: Minor): number =>
  ordered
    .flat()
    .filter((amount) => amount.currency === currency)
    .flatMap(({ pieces = [] }) => pieces)
    .reduce((all, face) => (face.faceMinor === faceMinor ? all + face.pieces : all), 0)
