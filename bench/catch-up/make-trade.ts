import type { Authority } from '@tillkeeper/core/approval/check-approval.ts'
import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { decideCompleteSale } from '@tillkeeper/core/sale/complete-sale.ts'
import type { TillSession } from '@tillkeeper/core/till/till-session.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'

// What the tills of a convenience shop say in a week: opened, sold, counted. Every sale is decided by the
// product's own rules; chance comes from a seed, so that the same seed is the same week.

/** A generator of chance that repeats itself (mulberry32): from 0 up to, but without, `below`. */
export type Pick = (below: number) => number

export function pickFrom(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export type TradePlan = {
  readonly shopId: ShopId
  readonly tillId: TillId
  /** 1 to 99. */
  readonly tillNumber: number
  readonly staff: readonly StaffId[]
  readonly products: readonly Product[]
  readonly currency: Currency
  /** The first day of business; each day has a session. */
  readonly firstDayMs: number
  readonly salesPerDay: number
}

const dayMs = 86_400_000
/** A shop opens at seven in the morning in Bangkok, which is midnight in UTC, for sixteen hours. */
const openMs = 16 * 3_600_000
const floatMinor = 200_000
const notes = [2_000, 5_000, 10_000, 50_000, 100_000]
/** Of a hundred baskets, those of one line, of two …: 2.2 lines on average. */
const baskets = [45, 25, 13, 8, 5, 3, 1]

/**
 * The acts of one till in its order, day by day, without end: as many sales as are taken. Ids and times
 * follow from `pick` and the plan alone.
 */
export function* makeTrade(plan: TradePlan, pick: Pick): Generator<FactDraft> {
  for (let day = 0; ; day += 1) yield* makeDay(plan, pick, plan.firstDayMs + day * dayMs)
}

function* makeDay(plan: TradePlan, pick: Pick, startMs: number): Generator<FactDraft> {
  const { shopId, tillId, currency } = plan
  const staffId = choose(plan.staff, pick)
  const businessDate = new Date(startMs).toISOString().slice(0, 10) as Day
  let nowMs = startMs
  const draft = (type: string, session: string | undefined, body: unknown): FactDraft => {
    const id = uuidv7(
      nowMs,
      Uint8Array.from({ length: 10 }, () => pick(256)),
    )
    return {
      ...{ id, type, v: 1, scope: `shop:${shopId}`, actor: `staff:${staffId}` },
      occurredAt: new Date(nowMs).toISOString(),
      businessDate,
      keys: [`session:${session ?? id}`],
      refs: [],
      body,
    }
  }
  const place = { shopId, tillId, staffId, currency }
  const opened = draft('till.opened', undefined, { ...place, floatMinor })
  yield opened
  const session: TillSession = {
    ...{ id: opened.id as SessionId, shopId, tillId, staffId, currency },
    ...{ floatMinor: minor(floatMinor), state: 'open' },
  }
  const authority: Authority = {
    ...{ actId: opened.id, at: opened.occurredAt as Instant },
    actor: { staffId, permissions: ['sale.create'], limits: [] },
  }
  const products = new Map(plan.products.map((product) => [product.id as string, product]))
  let expectedMinor = floatMinor
  for (let nth = 0; nth < plan.salesPerDay; nth += 1) {
    nowMs += Math.floor(openMs / (plan.salesPerDay + 1))
    const lines = chooseLines(plan.products, pick)
    const { tillNumber } = plan
    const state = {
      ...{ at: { shopId }, session, products, authority },
      receipt: { tillNumber, businessDate, lastCounter: nth },
    }
    const totalMinor = lines.reduce((sum, { cost }) => sum + cost, 0)
    const tender = chooseTender(totalMinor, pick)
    const decided = decideCompleteSale(state, { staffId, currency, lines, tenders: [tender] })
    if (!decided.ok) throw new Error(`a sale is refused: ${JSON.stringify(decided.refusal)}`)
    if (tender.method === 'cash') expectedMinor += totalMinor
    yield draft('sale.completed', session.id, decided.value)
  }
  nowMs = startMs + openMs
  const varianceMinor = 100 * (pick(3) - 1)
  const countedMinor = expectedMinor + varianceMinor
  const counted = { countedMinor, expectedMinor, varianceMinor }
  yield draft('till.closed', session.id, { ...place, sessionId: session.id, ...counted })
}

function chooseLines(products: readonly Product[], pick: Pick) {
  const share = pick(100)
  const count = baskets.filter((_, index) => sum(baskets.slice(0, index)) <= share).length
  return Array.from({ length: count }, () => {
    const product = choose(products, pick)
    const pieces = pick(5) === 0 ? 2 : 1
    const cost = product.priceMinor * pieces
    return { productId: product.id, quantity: 1_000 * pieces, cost }
  })
}

/** Six of ten pay cash, half of them with what makes change. */
function chooseTender(totalMinor: number, pick: Pick) {
  const way = pick(100)
  if (way >= 60) {
    return { method: way < 90 ? 'promptpay' : 'card', givenMinor: minor(totalMinor) } as const
  }
  const note = notes.find((face) => face >= totalMinor) ?? totalMinor
  const givenMinor = minor(pick(2) === 0 ? totalMinor : Math.max(note, totalMinor))
  return { method: 'cash', givenMinor } as const
}

const sum = (parts: readonly number[]) => parts.reduce((all, part) => all + part, 0)

function choose<T>(items: readonly T[], pick: Pick): T {
  const item = items[pick(items.length)]
  if (item === undefined) throw new Error('there is something to choose from')
  return item
}
