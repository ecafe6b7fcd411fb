import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { amountFor, type Rate } from '@tillkeeper/core/money/rate.ts'
import { planForeignChange } from '@tillkeeper/core/sale/plan-change.ts'
import { settleTenders } from '@tillkeeper/core/sale/settle-tenders.ts'
import type { Chance } from './trade.gen.ts'

const thb = 'THB' as Currency

const dollar: Rate = {
  id: '01940000-0000-7000-8000-0000000000d1',
  currency: 'USD' as Currency,
  base: thb,
  rate: 34_257,
  scale: 3,
  source: 'the board',
  from: '2026-01-01T00:00:00.000Z',
}

/** Pays in dollars, to the next five of them; change comes in baht or, as far as notes go, in dollars. */
export function payAbroad(chance: Chance, totalMinor: Minor) {
  const least = amountFor(totalMinor, dollar) ?? 0
  const givenMinor = minor(Math.ceil((least + 1) / 500) * 500)
  const tenders = [{ method: 'cash', currency: dollar.currency, givenMinor }] as const
  const terms = {
    currency: thb,
    rates: new Map([[dollar.currency, dollar]]),
    rounding: { stepMinor: minor(25), way: 'nearest' },
  } as const
  const plain = settleTenders(totalMinor, tenders, terms)
  const worth = plain.ok && chance.pick(2) === 0 ? plain.value.changeMinor : minor(0)
  const planned = planForeignChange(worth, dollar)
  const settled =
    planned === undefined
      ? plain
      : settleTenders(totalMinor, tenders, { ...terms, change: [planned] })
  if (!settled.ok) throw new Error(settled.refusal.code)
  return settled.value
}
