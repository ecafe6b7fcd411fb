/** Chance out of a seed: the same seed gives the same numbers, on every machine. */
export type Random = {
  /** In [0, 1). */
  readonly next: () => number
  /** A whole number from 0 up to, and without, `max`. */
  readonly below: (max: number) => number
  /** A whole number from `min` up to and with `max`. */
  readonly between: (min: number, max: number) => number
  /** True in this share of cases. */
  readonly chance: (share: number) => boolean
  readonly bytes: (count: number) => Uint8Array
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T
  readonly shuffle: <T>(list: readonly T[]) => T[]
  /** Chance of its own: what one part draws moves no other part's numbers. */
  readonly fork: (name: string) => Random
}

/** A stream of numbers from a seed (mulberry32). */
export function random(seed: number): Random {
  const first = seed >>> 0
  let a = first
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
    between: (min, max) => min + below(max - min + 1),
    chance: (share) => share > 0 && next() < share,
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
    pick: (list) => {
      const one = list[below(list.length)]
      if (one === undefined) throw new Error('one is picked out of some')
      return one
    },
    shuffle: (list) => {
      const mixed = [...list]
      for (let at = mixed.length - 1; at > 0; at -= 1) {
        const other = below(at + 1)
        const held = mixed[at] as (typeof mixed)[number]
        mixed[at] = mixed[other] as (typeof mixed)[number]
        mixed[other] = held
      }
      return mixed
    },
    fork: (name) => {
      let hash = first ^ 0x9e3779b9
      for (let at = 0; at < name.length; at += 1) {
        hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
      }
      return random(hash >>> 0)
    },
  }
}
