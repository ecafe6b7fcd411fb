/** Chance from a seed: the same seed, the same run. */
export type Random = {
  /** In [0, 1). */
  readonly next: () => number
  /** A whole number from `min` to `max`, both included. */
  readonly whole: (min: number, max: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
}

/** Mulberry32: 32 bits of state, which is plenty to choose where to cut. */
export function seedRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    whole: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: <T>(items: readonly T[]) => {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new Error('there is something to pick from')
      return item
    },
    chance: (probability) => next() < probability,
  }
}
