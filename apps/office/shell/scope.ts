import type { Shop } from '@tillkeeper/client/api/shapes.ts'
import { isUuid } from '@tillkeeper/core/base/id.ts'
import { businessDateOf, type Day, isDay } from '@tillkeeper/core/base/instant.ts'

/** What the whole office looks at; it stays in the address from screen to screen. */
export type Scope = {
  /** One shop; without it, all that the person may see. */
  readonly shop?: string | undefined
  /** A day that is over; without it, today, also after midnight. */
  readonly date?: Day | undefined
}

/** Reads the scope out of an address. What makes no sense is left out. */
export function readScope(search: Readonly<Record<string, unknown>>): Scope {
  const { shop, date } = search
  return {
    ...(typeof shop === 'string' && isUuid(shop) && { shop }),
    ...(typeof date === 'string' && isDay(date) && { date }),
  }
}

/** Today by the clock of a shop: the first one's, where shops lie in several time zones. */
export function todayIn(shops: readonly Shop[], nowMs: number): Day {
  const timeZone = shops[0]?.timeZone ?? 'UTC'
  return businessDateOf(new Date(nowMs).toISOString(), timeZone)
}

/** A day some days later, or earlier when negative. */
export function addDays(day: Day, days: number): Day {
  const dayMs = 24 * 60 * 60 * 1000
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).toISOString().slice(0, 10)
}
