import type { Authority } from '@tillkeeper/core/approval/check-approval.ts'
import type { ProductId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import { type CashRounding, roundCash } from '@tillkeeper/core/money/cash-rounding.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { amountFor, amountWithin, type Rate, type RatesHeld } from '@tillkeeper/core/money/rate.ts'
import { foreignPaidOf } from '@tillkeeper/core/refund/pay-back.ts'
import type { SaleRefunded } from '@tillkeeper/core/refund/refund.ts'
import { decideRefundSale, type RefundableSale } from '@tillkeeper/core/refund/refund-sale.ts'
import {
  decideCompleteSale,
  priceSale,
  type SaleCompleted,
} from '@tillkeeper/core/sale/complete-sale.ts'
import { planForeignChange } from '@tillkeeper/core/sale/plan-change.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import { decideCloseTill } from '@tillkeeper/core/till/close-till.ts'
import { decideMoveCash } from '@tillkeeper/core/till/move-cash.ts'
import { decideOpenTill } from '@tillkeeper/core/till/open-till.ts'
import {
  addMovement,
  addRefund,
  addSale,
  noTotals,
  type SessionTotals,
} from '@tillkeeper/core/till/session-totals.ts'
import { expectedMinor, expectedOf, type TillSession } from '@tillkeeper/core/till/till-session.ts'
import fc from 'fast-check'
import type { FactDraft } from '../seal/seal.ts'
import { catalogue, type FactType } from './catalogue.ts'
import { numberPaper, takesNumber } from './paper-number.ts'

// A day at one till as the facts it leaves: decided by the same rules as in a shop, so the facts belong
// together, and whoever applies them can be held against the totals that the rules kept.

export const tillDayShop = {
  shopId: '01940000-0000-7000-8000-0000000000a1' as ShopId,
  tillId: '01940000-0000-7000-8000-0000000000a2' as TillId,
  staffId: '01940000-0000-7000-8000-0000000000a3' as StaffId,
  tillNumber: 2,
  timeZone: 'Asia/Bangkok',
  currency: 'THB' as Currency,
}

const goods: readonly (readonly [name: string, price: number, rate: number])[] = [
  ['กาแฟเย็น', 4_500, 700],
  ['Croissant', 5_500, 700],
  ['ข้าวเหนียวมะม่วง', 12_000, 700],
  ['Rye loaf', 18_925, 700],
  ['Book', 29_900, 0],
  ['Leaflet', 0, 0],
]

export const tillDayProducts: readonly Product[] = goods.map(([name, price, rate], index) => ({
  id: `01940000-0000-7000-8000-0000000000b${index}` as ProductId,
  code: `P${index + 1}`,
  name,
  currency: tillDayShop.currency,
  priceMinor: minor(price),
  vatBasisPoints: rate,
  active: true,
}))

export type TillDay = {
  /** In the order in which they happened: a float, acts, a count. */
  readonly drafts: readonly FactDraft[]
  /** What the rules say that the acts add up to. */
  readonly totals: SessionTotals
  readonly expectedMinor: Minor
}

const product = fc.nat({ max: goods.length - 1 })
const someAct = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('sale'),
      lines: fc.array(
        fc.record({ product, quantity: fc.constantFrom(1_000, 1_000, 2_000, 250, 333) }),
        { minLength: 1, maxLength: 6 },
      ),
      method: fc.constantFrom(
        ...(['cash', 'cash', 'cash', 'card', 'promptpay', 'bank_transfer', 'machine'] as const),
      ),
      extra: fc.constantFrom(0, 500, 5_075, 100_000),
      /** What cash is given in, and whether its change goes back in it as far as notes do. */
      currency: fc.constantFrom('THB', 'THB', 'THB', 'USD', 'JPY'),
      abroad: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refund'),
      sale: fc.nat(),
      quantity: fc.integer({ min: 1, max: 2_000 }),
      method: fc.constantFrom('cash', 'card', 'machine'),
      abroad: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pay_in', 'pay_out', 'drop', 'top_up'),
      amount: fc.integer({ min: 1, max: 50_000 }),
    }),
  },
)
type Act = typeof someAct extends fc.Arbitrary<infer Each> ? Each : never

/** A day at a till, of up to some thirty acts. */
export const someTillDay: fc.Arbitrary<TillDay> = fc
  .record({
    /** At eight in Bangkok, so that no act falls on the next day. */
    openedMs: fc
      .nat({ max: 364 })
      .map((days) => Date.parse('2026-01-01T01:00Z') + days * 86_400_000),
    float: fc.integer({ min: 0, max: 500_000 }),
    acts: fc.array(someAct, { maxLength: 30 }),
    miscount: fc.constantFrom(0, 0, -25, 100),
  })
  .map(({ openedMs, float, acts, miscount }) => {
    const day = openDay(openedMs, float)
    for (const act of acts) actIn(day, act)
    return closeDay(day, miscount)
  })

type Day = {
  readonly session: TillSession
  readonly drafts: FactDraft[]
  readonly sales: { readonly id: string; readonly sale: SaleCompleted }[]
  readonly refunds: SaleRefunded[]
  totals: SessionTotals
  nowMs: number
  counter: number
}

const { shopId, tillId, staffId, currency } = tillDayShop
const at = { shopId, tillId }
const authority: Authority = {
  ...{ actId: 'an act', at: '2026-01-01T01:00:00.000Z' },
  actor: { staffId, permissions: ['cash.move', 'sale.refund'], limits: [] },
}
const rounding: CashRounding = { stepMinor: minor(25), way: 'nearest' }

const rate = (code: string, value: number, scale: number): Rate => ({
  id: `01940000-0000-7000-8000-0000000${code.charCodeAt(0).toString(16).padStart(5, '0')}`,
  currency: code as Currency,
  base: currency,
  rate: value,
  scale,
  source: 'the board',
  from: '2025-12-31T00:00:00.000Z',
})
const rates: RatesHeld = new Map(
  [rate('USD', 3425, 2), rate('JPY', 2315, 4)].map((each) => [each.currency, each]),
)

function openDay(openedMs: number, float: number): Day {
  const opened = must(
    decideOpenTill(
      {
        at,
        till: { id: tillId, shopId, active: true },
        currency,
        staff: { id: staffId, active: true },
        openSessionId: undefined,
      },
      { currency, floatMinor: minor(float) },
    ),
  )
  const id = uuidv7(openedMs, new Uint8Array(10)) as SessionId
  const session = { ...opened, id, state: 'open' } as const
  const day: Day = {
    session,
    drafts: [],
    sales: [],
    refunds: [],
    totals: noTotals,
    nowMs: openedMs,
    counter: 0,
  }
  record(day, 'till.opened', opened)
  return day
}

function actIn(day: Day, act: Act): void {
  const { session } = day
  const receipt = {
    tillNumber: tillDayShop.tillNumber,
    businessDate: businessDate(day),
    lastCounter: day.counter,
  }
  if ('lines' in act) {
    const sale = sell(day, act, receipt)
    day.sales.push({ id: record(day, 'sale.completed', sale), sale })
    day.totals = addSale(day.totals, sale)
    day.counter = sale.receiptCounter
    return
  }
  if ('sale' in act) {
    const sold = day.sales[act.sale % Math.max(day.sales.length, 1)]
    if (sold === undefined) return
    const refunds = day.refunds.filter(({ saleId }) => saleId === sold.id)
    const sale = { ...sold.sale, id: sold.id, refunds }
    const drawer = (of: Currency) => ({
      amountMinor: expectedOf(session, day.totals).get(of) ?? minor(0),
    })
    const state = { at, session, drawer, sale, receipt, rounding, authority }
    const back = {
      staffId,
      lines: [{ lineNo: 1, quantity: act.quantity }],
      ...byMethod(day, act.method),
      reason: 'came back',
    }
    const plain = decideRefundSale(state, back)
    if (!plain.ok) return // That much of the line is not left, or that much cash is not in the drawer.
    const foreign = act.abroad ? payAbroad(state.sale, plain.value) : undefined
    const outcome = foreign === undefined ? plain : decideRefundSale(state, { ...back, foreign })
    if (!outcome.ok) throw new Error(outcome.refusal.code)
    day.refunds.push(outcome.value)
    record(day, 'sale.refunded', outcome.value, [sold.id])
    day.totals = addRefund(day.totals, outcome.value)
    day.counter = outcome.value.receiptCounter
    return
  }
  const kind = act.kind as 'pay_in' | 'pay_out' | 'drop' | 'top_up'
  const holds = { amountMinor: expectedMinor(session.floatMinor, day.totals) }
  const moved = decideMoveCash(
    { at, session, holds, authority },
    { staffId, kind, amountMinor: minor(act.amount) },
  )
  if (!moved.ok) return // That much is not in the drawer.
  record(day, 'cash.moved', moved.value)
  day.totals = addMovement(day.totals, moved.value)
}

function sell(
  day: Day,
  act: Extract<Act, { lines: unknown }>,
  receipt: Parameters<typeof decideCompleteSale>[0]['receipt'],
): SaleCompleted {
  const products = new Map(tillDayProducts.map((each) => [each.id as string, each]))
  const lines = act.lines.map(({ product: place, quantity }) => ({
    productId: tillDayProducts[place]?.id ?? '',
    quantity,
  }))
  const terms = { products, currency }
  const { totalMinor } = must(priceSale(terms, lines))
  const { method, ...by } = byMethod(day, act.method)
  const state = { at, session: day.session, products, authority, receipt, rates, rounding }
  // What a machine kept is more than is due where it had not the pieces for the change.
  const more = method === 'cash' || (method === 'machine' && act.extra === 500) ? act.extra : 0
  const rounded = method === 'machine' ? roundCash(totalMinor, rounding) : totalMinor
  const dueMinor = minor(rounded + more)
  const rate = method === 'cash' ? rates.get(act.currency as Currency) : undefined
  const tender =
    rate === undefined
      ? { method, givenMinor: dueMinor, ...by }
      : { method, currency: rate.currency, givenMinor: amountFor(dueMinor, rate) ?? minor(0) }
  const asked = { staffId, currency, lines, tenders: [tender] }
  const sale = must(decideCompleteSale(state, asked))
  const planned =
    rate === undefined || !act.abroad ? undefined : planForeignChange(sale.changeMinor, rate)
  return planned === undefined
    ? sale
    : must(decideCompleteSale(state, { ...asked, change: [planned] }))
}

/** A way to pay; a machine's with an attempt that no other act names. */
function byMethod({ nowMs }: Day, method: string) {
  return {
    method: method as TenderMethod,
    ...(method === 'machine' && { attemptId: uuidv7(nowMs, new Uint8Array(10).fill(1)) }),
  }
}

/** As much of a refund as can be in a currency that its sale was paid in. */
function payAbroad(sale: RefundableSale, { totalMinor, tenders }: SaleRefunded) {
  const [paid] = foreignPaidOf(sale, sale.refunds).values()
  if (paid === undefined || tenders.some(({ method }) => method !== 'cash')) return undefined
  const within = amountWithin(totalMinor, { ...paid.at, base: currency }, minor(1))
  const amount = minor(Math.min(within, paid.leftMinor))
  return amount === 0 ? undefined : { currency: paid.at.currency, minor: amount }
}

function closeDay(day: Day, miscount: number): TillDay {
  const { session, totals } = day
  const blind = must(decideCloseTill({ at, session, totals }, { staffId, countedMinor: minor(0) }))
  const countedMinor = minor(Math.max(0, blind.expectedMinor + miscount))
  const closed = must(decideCloseTill({ at, session, totals }, { staffId, countedMinor }))
  record(day, 'till.closed', closed)
  return { drafts: day.drafts, totals, expectedMinor: closed.expectedMinor }
}

function record(day: Day, type: FactType, body: unknown, refs: string[] = []): string {
  const id = type === 'till.opened' ? day.session.id : uuidv7(day.nowMs, new Uint8Array(10))
  day.drafts.push({
    id,
    type,
    v: catalogue[type].v,
    scope: `shop:${shopId}`,
    actor: `staff:${staffId}`,
    occurredAt: new Date(day.nowMs).toISOString(),
    businessDate: businessDate(day),
    keys: [`session:${day.session.id}`],
    refs,
    body: takesNumber(type, body) ? numbered(day, body as object) : body,
  })
  day.nowMs += 61_000 // Each act has its own millisecond, and so its own id.
  return id
}

// A movement's paper takes the next number of the day, as whoever seals it gives it.
function numbered(day: Day, body: object): object {
  const series = { number: tillDayShop.tillNumber, businessDate: businessDate(day) }
  const paper = numberPaper(body, { ...series, lastCounter: day.counter })
  day.counter = paper.receiptCounter
  return paper
}

function businessDate(day: Day): string {
  return businessDateOf(new Date(day.nowMs).toISOString(), tillDayShop.timeZone)
}

function must<Value>(
  outcome: { ok: true; value: Value } | { ok: false; refusal: { code: string } },
): Value {
  if (!outcome.ok) throw new Error(outcome.refusal.code)
  return outcome.value
}
