/** The middle of some figures, and between which they lie. */
export type Spread = { readonly min: number; readonly median: number; readonly max: number }

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new Error('there is a figure')
  return { min, median: quantile(sorted, 0.5), max }
}

/** The smallest figure that at least this share of them does not exceed. `sorted` is ascending. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(sorted.length * share))
  const figure = sorted[rank - 1]
  if (figure === undefined) throw new Error('there is a figure')
  return figure
}

/** A figure as it is shown: more digits would say more than was measured. */
export function rounded(figure: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(figure * scale) / scale
}
