import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CashRounding } from '../money/cash-rounding.ts'
import { type Currency, minor } from '../money/money.ts'
import type { Rate, RatesHeld } from '../money/rate.ts'
import { foreignPaidOf, payBack } from '../refund/pay-back.ts'
import { addOtherCash, addRefund, addSale, noTotals } from '../till/session-totals.ts'
import { planForeignChange } from './plan-change.ts'
import { type AskedTender, type SettleTerms, settleTenders } from './settle-tenders.ts'
import { cashTaken, ownChangeMinor } from './tender.ts'

const [thb, usd, eur, jpy] = ['THB', 'USD', 'EUR', 'JPY'] as Currency[] as [
  Currency,
  Currency,
  Currency,
  Currency,
]
const rate = (currency: Currency, value: number, scale: number): Rate => ({
  id: `rate of ${currency}`,
  currency,
  base: thb,
  rate: value,
  scale,
  source: 'the board',
  from: '2026-11-20T00:00:00.000Z',
})
const rates: RatesHeld = new Map(
  [rate(usd, 3425, 2), rate(eur, 371_234, 4), rate(jpy, 2315, 4)].map((each) => [
    each.currency,
    each,
  ]),
)
const quarter: CashRounding = { stepMinor: minor(25), way: 'nearest' }
const terms: SettleTerms = { currency: thb, rates }
const cash = (givenMinor: number, currency?: Currency): AskedTender => ({
  method: 'cash',
  givenMinor: minor(givenMinor),
  currency,
})
const card = (givenMinor: number): AskedTender => ({
  method: 'card',
  givenMinor: minor(givenMinor),
})
const back = (currency: Currency, amount: number) => ({ currency, minor: minor(amount) })

test('pain 32: part is paid in dollars, part in baht, and change is given in baht', () => {
  const settled = settleTenders(minor(75_000), [cash(2_000, usd), cash(10_000)], terms)
  expect(settled).toEqual({
    ok: true,
    value: {
      tenders: [
        {
          method: 'cash',
          amountMinor: 68_500,
          givenMinor: 68_500,
          foreign: {
            currency: usd,
            givenMinor: 2_000,
            rateId: 'rate of USD',
            rate: 3425,
            scale: 2,
          },
        },
        { method: 'cash', amountMinor: 6_500, givenMinor: 10_000 },
      ],
      changeMinor: 3_500,
    },
  })
})

test('pain 32: change is given in dollars as far as notes go, and the rest in baht', () => {
  const planned = planForeignChange(minor(55_000), rate(usd, 3425, 2))
  expect(planned).toEqual({
    currency: usd,
    minor: 1_600,
    pieces: [
      { faceMinor: 1_000, pieces: 1 },
      { faceMinor: 500, pieces: 1 },
      { faceMinor: 100, pieces: 1 },
    ],
  })
  const change = planned === undefined ? [] : [planned]
  const settled = settleTenders(minor(13_500), [cash(2_000, usd)], { ...terms, change })
  expect(settled.ok && settled.value).toMatchObject({
    changeMinor: 55_000,
    change: [{ currency: usd, minor: 1_600, baseMinor: 54_800 }],
  })
  expect(settled.ok && ownChangeMinor(settled.value)).toBe(200)
  expect(planForeignChange(minor(3_424), rate(usd, 3425, 2))).toBeUndefined()
})

test('pain 22: what cash is rounded by stands in its own line', () => {
  const settled = settleTenders(minor(13_510), [cash(14_000)], { ...terms, rounding: quarter })
  expect(settled.ok && settled.value).toMatchObject({ changeMinor: 500, roundingMinor: -10 })
  const exact = settleTenders(minor(13_510), [cash(13_500)], { ...terms, rounding: quarter })
  expect(exact.ok && exact.value).toEqual({
    tenders: [{ method: 'cash', amountMinor: 13_500, givenMinor: 13_500 }],
    changeMinor: 0,
    roundingMinor: -10,
  })
  const byCard = settleTenders(minor(13_510), [card(13_510)], { ...terms, rounding: quarter })
  expect(byCard.ok && byCard.value.roundingMinor).toBeUndefined()
})

// One row for each way in which tenders do not settle, in order of precedence.
test.for<[string, readonly AskedTender[], SettleTerms, object]>([
  [
    'pieces of a card',
    [{ ...card(5), pieces: [] }],
    terms,
    { code: 'pieces_only_of_cash', of: 'tender', index: 0 },
  ],
  [
    'notes that do not add up, in their own currency',
    [{ ...cash(2_000, usd), pieces: [{ faceMinor: minor(100), pieces: 1 }] }],
    terms,
    { code: 'pieces_do_not_add_up', of: 'tender', index: 0 },
  ],
  [
    'notes of the change that do not add up',
    [cash(2_000, usd)],
    { ...terms, change: [{ ...back(usd, 100), pieces: [] }] },
    { code: 'pieces_do_not_add_up', of: 'change', index: 0 },
  ],
  [
    'a card in dollars',
    [card(5), { ...card(5), currency: usd }],
    terms,
    { code: 'foreign_only_cash', index: 1 },
  ],
  [
    'a currency without a rate',
    [cash(5, 'GBP' as Currency)],
    terms,
    { code: 'rate_not_found', currency: 'GBP' },
  ],
  [
    'no rates at all',
    [cash(5, usd)],
    { currency: thb },
    { code: 'rate_not_found', currency: 'USD' },
  ],
  [
    'a rate that does not hold any more',
    [{ ...cash(5, usd), rateId: 'yesterday' }],
    terms,
    { code: 'rate_stale', currency: 'USD', rateId: 'rate of USD' },
  ],
  ['too much', [cash(1_000_000_000_000, usd)], terms, { code: 'amount_too_large' }],
  [
    'a card above what is due',
    [card(13_501)],
    terms,
    { code: 'tender_above_due', dueMinor: 13_500 },
  ],
  [
    'too few dollars',
    [cash(394, usd)],
    terms,
    { code: 'not_enough_given', dueMinor: 13_500, givenMinor: 13_495 },
  ],
  [
    'change in a currency that did not come',
    [cash(2_000, usd)],
    { ...terms, change: [back(eur, 500)] },
    { code: 'change_currency_not_given', currency: 'EUR' },
  ],
  [
    'change twice in one currency',
    [cash(2_000, usd)],
    { ...terms, change: [back(usd, 100), back(usd, 100)] },
    { code: 'change_currency_not_given', currency: 'USD' },
  ],
  [
    'more change than is due',
    [cash(2_000, usd)],
    { ...terms, change: [back(usd, 1_700)] },
    { code: 'change_above_due', changeMinor: 55_000 },
  ],
])('%s', ([, tenders, given, refusal]) => {
  const settled = settleTenders(minor(13_500), tenders, given)
  expect(settled.ok ? 'settled' : settled.refusal).toEqual(refusal)
})

// Any mix of tenders that is enough: cards, baht, other notes; any rounding; any share of the change abroad.
const someRounding = fc.option(
  fc.record({
    stepMinor: fc.constantFrom(5, 25, 100, 1_000).map(minor),
    way: fc.constantFrom('nearest' as const, 'down' as const),
  }),
  { nil: undefined },
)
const someMix = fc.record({
  due: fc.integer({ min: 0, max: 500_000 }),
  card: fc.integer({ min: 0, max: 1_000 }),
  foreign: fc.array(
    fc.record({
      currency: fc.constantFrom(usd, eur, jpy),
      given: fc.integer({ min: 0, max: 20_000 }),
    }),
    {
      maxLength: 4,
    },
  ),
  extra: fc.constantFrom(0, 1, 24, 500, 86_500),
  share: fc.integer({ min: 0, max: 1_000 }),
  rounding: someRounding,
})
type Mix = typeof someMix extends fc.Arbitrary<infer One> ? One : never

function settle({ due, card: cardShare, foreign, extra, share, rounding }: Mix) {
  const paidByCard = Math.floor((due * cardShare) / 1_000)
  const others = foreign.map(({ currency, given }) => cash(given, currency))
  const own = due - paidByCard + extra
  const asked = [...(paidByCard > 0 ? [card(paidByCard)] : []), ...others, cash(own)]
  const first = settleTenders(minor(due), asked, { ...terms, rounding })
  if (!first.ok) throw new Error(first.refusal.code)
  const wanted = others.find(({ givenMinor }) => givenMinor > 0)?.currency
  const at = wanted === undefined ? undefined : rates.get(wanted)
  const part = minor(Math.floor((first.value.changeMinor * share) / 1_000))
  const planned = at === undefined ? undefined : planForeignChange(part, at)
  const change = planned === undefined ? [] : [planned]
  const settled = settleTenders(minor(due), asked, { ...terms, rounding, change })
  if (!settled.ok) throw new Error(settled.refusal.code)
  return { asked, settled: settled.value }
}

test('given − change − rounding = total, for any mix of tenders and currencies', () => {
  fc.assert(
    fc.property(someMix, (mix) => {
      const { settled } = settle(mix)
      const { tenders, changeMinor, roundingMinor = 0 } = settled
      const given = tenders.reduce((all, { givenMinor }) => all + givenMinor, 0)
      const amounts = tenders.reduce((all, { amountMinor }) => all + amountMinor, 0)
      expect(given - changeMinor - roundingMinor).toBe(mix.due)
      expect(amounts - roundingMinor).toBe(mix.due)
      for (const { amountMinor, givenMinor } of tenders) {
        expect(amountMinor).toBeGreaterThanOrEqual(0)
        expect(amountMinor).toBeLessThanOrEqual(givenMinor)
      }
      const { rounding } = mix
      if (rounding === undefined) expect(roundingMinor).toBe(0)
      else expect(Math.abs(roundingMinor)).toBeLessThan(rounding.stepMinor)
      expect(ownChangeMinor(settled)).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 500 },
  )
})

test('pain 16: of each currency the drawer gains exactly what was handed over less what was given back', () => {
  fc.assert(
    fc.property(someMix, (mix) => {
      const { asked, settled } = settle(mix)
      const taken = cashTaken(settled)
      for (const currency of [usd, eur, jpy]) {
        const given = asked.reduce(
          (all, each) => (each.currency === currency ? all + each.givenMinor : all),
          0,
        )
        const gone = (settled.change ?? []).reduce(
          (all, each) => (each.currency === currency ? all + each.minor : all),
          0,
        )
        expect(taken.others.get(currency)?.minor ?? 0).toBe(given - gone)
      }
      const own = asked.reduce(
        (all, { method, currency, givenMinor }) =>
          method === 'cash' && currency === undefined ? all + givenMinor : all,
        0,
      )
      expect(taken.ownMinor).toBe(own - ownChangeMinor(settled))
      const base = Array.from(taken.others.values()).reduce(
        (all, { baseMinor }) => all + baseMinor,
        0,
      )
      const cards = settled.tenders.reduce(
        (all, { method, amountMinor }) => (method === 'card' ? all + amountMinor : all),
        0,
      )
      expect(taken.ownMinor + base + cards - (settled.roundingMinor ?? 0)).toBe(mix.due)
    }),
    { numRuns: 500 },
  )
})

test('pain 31: the totals of a session tell each currency, and a refund in it takes out what came in', () => {
  const settled = settleTenders(minor(68_500), [cash(2_000, usd)], terms)
  if (!settled.ok) throw new Error(settled.refusal.code)
  const act = { totalMinor: minor(68_500), taxMinor: minor(0) }
  const sold = addSale(noTotals, { ...act, ...settled.value })
  expect(sold).toMatchObject({
    salesMinor: 68_500,
    cashInMinor: 0,
    others: { USD: { cashInMinor: 2_000, baseMinor: 68_500 } },
  })
  const paid = foreignPaidOf(settled.value, [])
  const foreign = { currency: usd, minor: minor(2_000) }
  const paidBack = payBack(minor(68_500), { method: 'cash', foreign }, { currency: thb, paid })
  if (!paidBack.ok) throw new Error(paidBack.refusal.code)
  const after = addRefund(sold, { ...act, ...paidBack.value })
  expect(after.others).toEqual(
    addOtherCash(noTotals, usd, { cashInMinor: minor(2_000), cashOutMinor: minor(2_000) }).others,
  )
  expect(after.cashOutMinor).toBe(0)
})

test.for<[string, number, object, object]>([
  [
    'by card',
    68_500,
    { method: 'card', foreign: back(usd, 5) },
    { code: 'foreign_only_cash', index: 0 },
  ],
  [
    'in another currency',
    68_500,
    { method: 'cash', foreign: back(eur, 5) },
    { code: 'currency_not_paid', currency: 'EUR' },
  ],
  [
    'more than came',
    1_000_000,
    { method: 'cash', foreign: back(usd, 2_001) },
    { code: 'refund_above_paid', currency: 'USD', leftMinor: 2_000 },
  ],
  [
    'worth more than comes back',
    10_000,
    { method: 'cash', foreign: back(usd, 300) },
    { code: 'refund_above_total', totalMinor: 10_000 },
  ],
])('a refund %s is refused', ([, total, asked, refusal]) => {
  const settled = settleTenders(minor(68_500), [cash(2_000, usd)], terms)
  const paid = settled.ok ? foreignPaidOf(settled.value, []) : new Map()
  const outcome = payBack(minor(total), asked as { method: 'cash' }, { currency: thb, paid })
  expect(outcome.ok ? 'paid' : outcome.refusal).toEqual(refusal)
})

test('a refund in part in dollars pays the rest in baht, rounded as cash is', () => {
  const settled = settleTenders(minor(68_500), [cash(2_000, usd)], terms)
  const paid = settled.ok ? foreignPaidOf(settled.value, []) : new Map()
  const back3 = { method: 'cash', foreign: back(usd, 300) } as const
  const outcome = payBack(minor(13_512), back3, { currency: thb, paid, rounding: quarter })
  expect(outcome.ok && outcome.value).toEqual({
    tenders: [
      {
        method: 'cash',
        amountMinor: 10_275,
        givenMinor: 10_275,
        foreign: { currency: usd, givenMinor: 300, rateId: 'rate of USD', rate: 3425, scale: 2 },
      },
      { method: 'cash', amountMinor: 3_225, givenMinor: 3_225 },
    ],
    roundingMinor: -12,
  })
  const earlier = outcome.ok ? [outcome.value] : []
  expect(foreignPaidOf(settled.ok ? settled.value : {}, earlier).get(usd)?.leftMinor).toBe(1_700)
})
