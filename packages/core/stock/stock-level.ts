import { type Acts, sumMoved, takeOnce } from '../merge/once.ts'
import { compareStamps, type Stamp } from '../merge/stamp.ts'

/** Goods that came or went, in thousandths of the product's unit: below zero, they went. */
export type StockMovement = {
  readonly factId: string
  readonly stream: string
  /** Its position in its stream: whether a count has seen it. */
  readonly seq: number
  readonly quantity: number
}

/**
 * Somebody counted, and what of each stream had been booked by then: up to this position the count has seen
 * all, above it and in streams that it does not name nothing.
 */
export type StockCount = Stamp & {
  readonly quantity: number
  readonly cut: Readonly<Record<string, number>>
}

/** One product in one place. */
export type Stock = {
  readonly movements: Acts<StockMovement>
  /** The latest count. */
  readonly count: StockCount | undefined
}

export const emptyStock: Stock = { movements: new Map(), count: undefined }

/** Takes a movement once. */
export function takeStockMovement(held: Stock, movement: StockMovement): Stock {
  return { ...held, movements: takeOnce(held.movements, movement.factId, movement) }
}

/** Takes a count: of two, the later by stamp stays. */
export function takeStockCount(held: Stock, count: StockCount): Stock {
  const isLater = held.count === undefined || compareStamps(held.count, count) < 0
  return isLater ? { ...held, count } : held
}

/**
 * What is there: the count, and every movement that it has not seen. One that arrives late and lies inside the
 * cut was counted already and is not taken twice. Below zero is what the books say, and is for a person.
 */
export function stockLevel({ movements, count }: Stock): number {
  const unseen = [...movements.values()].filter(
    ({ stream, seq }) => seq > (count?.cut[stream] ?? 0),
  )
  return (count?.quantity ?? 0) + sumMoved(unseen.map(({ quantity }) => quantity))
}
