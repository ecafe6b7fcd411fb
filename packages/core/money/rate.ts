import { assert } from '../base/assert.ts'
import type { ShopId } from '../base/id.ts'
import type { Instant } from '../base/instant.ts'
import { exponentOf } from './currency.ts'
import { amountMax, type Currency, type Minor, minor } from './money.ts'

/** The largest integer of a rate, and the most decimals: 1 dong in dinar still has four figures that count. */
export const rateMax = 1_000_000_000
export const rateScaleMax = 10

/**
 * What one unit of a currency is worth: `rate × 10^−scale` units of `base`. 34.25 baht for a dollar is
 * 3425 with scale 2. A rate is set once and never changed: who sets another makes another.
 */
export type Rate = {
  readonly id: string
  readonly currency: Currency
  readonly base: Currency
  /** 0: from then on the currency is not taken. */
  readonly rate: number
  readonly scale: number
  /** Where it was taken from, as its setter says. */
  readonly source: string
  /** It holds from then on, until the next one. */
  readonly from: Instant
  /** Of this shop alone; left out or null: of all shops with this base. */
  readonly shopId?: ShopId | null | undefined
}

/** The part of a rate that an amount is converted by, as a tender keeps it. */
export type RateTerms = Pick<Rate, 'currency' | 'base' | 'rate' | 'scale'>

/** The rates that hold in a place at a time, by their currency. */
export type RatesHeld = ReadonlyMap<Currency, Rate>

/** Whether the numbers of a rate are such that conversions by it are exact. */
export function isRate({ rate, scale }: Pick<Rate, 'rate' | 'scale'>): boolean {
  const rateFits = Number.isSafeInteger(rate) && rate >= 0 && rate <= rateMax
  return rateFits && Number.isSafeInteger(scale) && scale >= 0 && scale <= rateScaleMax
}

/**
 * What an amount of the rate's currency is worth in its base: to the nearest minor unit, halves up. It may
 * be more than `amountMax`; who takes it for an amount checks that.
 */
export function worthOf(amountMinor: Minor, terms: RateTerms): number {
  assert(amountMinor >= 0, 'nobody hands over less than nothing')
  const { up, down } = factorsOf(terms)
  return Number((2n * BigInt(amountMinor) * up + down) / (2n * down))
}

/**
 * The least amount of the rate's currency that is worth at least `dueMinor` of its base: what a customer
 * is asked for. `undefined` where that is more than an act may carry, or the currency is not taken.
 */
export function amountFor(dueMinor: Minor, terms: RateTerms): Minor | undefined {
  const { up, down } = factorsOf(terms)
  if (up === 0n) return undefined
  if (dueMinor <= 0) return minor(0)
  const least = divideUp((2n * BigInt(dueMinor) - 1n) * down, 2n * up)
  return least > BigInt(amountMax) ? undefined : minor(Number(least))
}

/**
 * The most of the rate's currency, in whole steps of `stepMinor`, that is worth no more than `worthMinor` of its
 * base: what change of that much can be given in it. 0 where the currency is not taken.
 */
export function amountWithin(worthMinor: Minor, terms: RateTerms, stepMinor: Minor): Minor {
  assert(stepMinor > 0, 'a step goes on')
  const { up, down } = factorsOf(terms)
  if (up === 0n || worthMinor <= 0) return minor(0)
  const most = divideUp((2n * BigInt(worthMinor) + 1n) * down, 2n * up) - 1n
  const bound = most > BigInt(amountMax) ? BigInt(amountMax) : most
  const step = BigInt(stepMinor)
  return minor(Number((bound / step) * step))
}

/**
 * The rates that hold in a shop at an instant: of each currency the one that began last, whoever set it;
 * of two that began at once the one with the greater id, which was made later. A currency that is not
 * taken any more is left out.
 */
export function ratesAt(
  rates: Iterable<Rate>,
  { base, shopId, at }: { readonly base: Currency; readonly shopId: ShopId; readonly at: Instant },
): RatesHeld {
  const held = new Map<Currency, Rate>()
  for (const rate of rates) {
    if (rate.base !== base || rate.currency === base || rate.from > at) continue
    if ((rate.shopId ?? shopId) !== shopId) continue
    const before = held.get(rate.currency)
    if (before === undefined || isLater(rate, before)) held.set(rate.currency, rate)
  }
  for (const [currency, { rate }] of held) if (rate === 0) held.delete(currency)
  return held
}

function isLater(one: Rate, other: Rate): boolean {
  return one.from === other.from ? one.id > other.id : one.from > other.from
}

// Minor units of base for `down` minor units of the currency. As bigints: the products pass 2^53.
function factorsOf(terms: RateTerms): { readonly up: bigint; readonly down: bigint } {
  assert(isRate(terms), 'a rate is a bounded whole number with bounded decimals')
  return {
    up: BigInt(terms.rate) * 10n ** BigInt(exponentOf(terms.base)),
    down: 10n ** BigInt(terms.scale + exponentOf(terms.currency)),
  }
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor
}
