/** Chance out of a seed. */
export type Random = {
  /** In [0, 1). */
  readonly next: () => number
  readonly below: (max: number) => number
  readonly chance: (share: number) => boolean
  readonly bytes: (count: number) => Uint8Array
}

/** A stream of numbers from a seed (mulberry32). */
export function random(seed: number): Random {
  let a = seed >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (max: number) => Math.floor(next() * max)
  return {
    next,
    below,
    chance: (share) => next() < share,
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  }
}
