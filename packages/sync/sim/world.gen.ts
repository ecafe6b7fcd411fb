import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Timer } from '../link/ports.ts'

// Virtual time and chance. Nothing here reads a clock: a seed repeats a run to the last event.

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

type Due = { readonly atMs: number; readonly order: number; readonly call: () => void }

export type World = {
  readonly nowMs: () => number
  readonly timer: Timer
  /** Lives until `untilMs`, or until `over` says so. */
  readonly live: (untilMs: number, over?: () => boolean) => Promise<void>
}

/** A world in which nothing happens by itself. Work between two events is done before time goes on. */
export function makeWorld(): World {
  let nowMs = 0
  let order = 0
  let due: Due[] = []
  const after = (ms: number, call: () => void): (() => void) => {
    order += 1
    const entry = { atMs: nowMs + ms, order, call }
    due.push(entry)
    return () => {
      due = due.filter((other) => other !== entry)
    }
  }
  return {
    nowMs: () => nowMs,
    timer: { after, elapsed: () => nowMs },
    live: async (untilMs, over = () => false) => {
      for (let events = 0; !over(); events += 1) {
        assert(events < 2_000_000, 'the world comes to rest')
        let first = due[0]
        for (const entry of due) {
          if (
            first === undefined ||
            entry.atMs < first.atMs ||
            (entry.atMs === first.atMs && entry.order < first.order)
          ) {
            first = entry
          }
        }
        if (first === undefined || first.atMs > untilMs) break
        due = due.filter((entry) => entry !== first)
        nowMs = first.atMs
        first.call()
        await new Promise((resolve) => setImmediate(resolve))
      }
      nowMs = Math.max(nowMs, untilMs)
    },
  }
}
