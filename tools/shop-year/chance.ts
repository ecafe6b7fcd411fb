/** Chance that repeats itself by its seed (mulberry32). */
export type Chance = {
  /** From 0 up to, but without, `below`. */
  readonly pick: (below: number) => number
  /** True once in so many times. */
  readonly once: (times: number) => boolean
  readonly one: <Item>(items: readonly Item[]) => Item
  readonly bytes: (length: number) => Uint8Array
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const pick = (below: number) => next() % below
  return {
    pick,
    once: (times) => pick(times) === 0,
    one: (items) => {
      const item = items[pick(items.length)]
      if (item === undefined) throw new Error('there is one to choose')
      return item
    },
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  }
}
