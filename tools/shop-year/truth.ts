import type { Currency } from '@tillkeeper/core/money/money.ts'

// What really happened to the cash of the year, by whoever made it up: kept apart from every table and program
// that is held against it.

/** Amounts in minor units, by place and currency, such as `safe:<shop> THB`. */
export type Balances = ReadonlyMap<string, number>

/** The true balances of places, day by day. */
export type Truth = {
  readonly move: (day: string, leg: Leg) => void
  /** What a place holds now. */
  readonly held: (place: string, currency: Currency) => number
  /** The balances at the end of each day on which something moved, in the order of days. */
  readonly days: () => readonly { readonly day: string; readonly balances: Balances }[]
  /** Transfers, without those of nothing. */
  readonly movements: () => number
}

export type Leg = {
  readonly from: string
  readonly to: string
  readonly currency: Currency
  readonly minor: number
}

export function createTruth(): Truth {
  const held = new Map<string, number>()
  const changes = new Map<string, Map<string, number>>()
  let movements = 0
  const add = (day: string, name: string, minor: number) => {
    held.set(name, (held.get(name) ?? 0) + minor)
    const of = changes.get(day) ?? new Map<string, number>()
    of.set(name, (of.get(name) ?? 0) + minor)
    changes.set(day, of)
  }
  return {
    move: (day, { from, to, currency, minor }) => {
      if (minor === 0) return
      movements += 1
      add(day, `${from} ${currency}`, -minor)
      add(day, `${to} ${currency}`, minor)
    },
    held: (place, currency) => held.get(`${place} ${currency}`) ?? 0,
    days: () => {
      const running = new Map<string, number>()
      return [...changes.keys()].sort().map((day) => {
        for (const [name, minor] of changes.get(day) ?? []) {
          running.set(name, (running.get(name) ?? 0) + minor)
        }
        return { day, balances: new Map(running) }
      })
    },
    movements: () => movements,
  }
}
