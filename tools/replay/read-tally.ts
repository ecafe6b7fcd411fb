import { post } from './post.ts'
import type { DayTally, ItemTally, Tally } from './tally.ts'

/** A server whose totals are asked for, over the same public API on the store and in the cloud. */
export type TotalsOf = { readonly url: string; readonly token: string }

type Day = DayTally & { readonly businessDate: string }
type Item = { readonly code: string; readonly quantity: number; readonly totalMinor: number }

/**
 * Reads what a server says the shops' days and their items add up to: days from its running totals,
 * items from the lines themselves. `keyOf` names a shop as the wanted tally does.
 */
export async function readTally(
  server: TotalsOf,
  shops: readonly { readonly id: string; readonly key: number }[],
  days: readonly string[],
): Promise<Tally> {
  const tally = { days: new Map<string, DayTally>(), items: new Map<string, ItemTally>() }
  const ask = async <T>(path: string): Promise<readonly T[]> => {
    const { status, body } = await post(server.url, server.token, { path })
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return body.items as readonly T[]
  }
  for (const { id, key } of shops) {
    for (const day of days) {
      const range = `shopId=${id}&from=${day}&to=${day}`
      for (const found of await ask<Day>(`/v1/summaries/days?${range}`)) {
        const { sales, salesMinor, refunds, refundsMinor } = found
        // A day on which a till was only opened and closed has a row and no sale.
        if (sales + refunds === 0) continue
        tally.days.set(`${key}/${found.businessDate}`, { sales, salesMinor, refunds, refundsMinor })
      }
      for (const { code, quantity, totalMinor } of await ask<Item>(
        `/v1/summaries/items?${range}`,
      )) {
        tally.items.set(`${key}/${day}/${code}`, { pieces: quantity / 1000, totalMinor })
      }
    }
  }
  return tally
}
