import {
  type OrgId,
  type SessionId,
  type ShopId,
  type StaffId,
  type TillId,
  uuidv7,
} from '@tillkeeper/core/base/id.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { noTotals, type SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { type Chance, chanceFrom } from './chance.ts'
import { createTruth, type Leg, type Truth } from './truth.ts'

export const thb = 'THB' as Currency
/** The shop's own currency and the two that its customers bring. */
export const foreign = ['USD', 'JPY'] as Currency[]
export const tillsOfShop = 5
const peopleOfShop = 8
const dayMs = 86_400_000
/** Nine in the morning in Bangkok, on the first day of business. */
const firstMs = Date.parse('2026-01-05T02:00:00.000Z')

/** The one who seals what the shop's server says; tills are 0 to 4. */
export const server = -1

/** A till while the year is made up. */
export type TillNow = {
  /** Whose facts it seals: that of the device, wherever its drawer is carried. */
  readonly author: TillId
  /** The till at which its drawer stands. */
  id: TillId
  readonly number: number
  session:
    | {
        readonly id: SessionId
        staffId: StaffId
        readonly floatMinor: Minor
        totals: SessionTotals
        /** What should lie there of other currencies. */
        readonly others: Map<Currency, number>
      }
    | undefined
  /** What the last close left in the drawer, by currency. */
  left: Map<Currency, number>
  counter: number
  /** What lies in the drawer and was never said: below zero, it was taken out. */
  secretMinor: number
}

/** A year of a shop as it is made up: its facts by author, and what was true. */
export type Year = {
  readonly chance: Chance
  readonly org: OrgId
  readonly shopId: ShopId
  readonly people: readonly StaffId[]
  readonly tills: readonly TillNow[]
  /** A till at which nobody works: a drawer may be carried there. */
  spare: TillId
  readonly truth: Truth
  /** The cash recycler on the counter, with the pieces of each face in it. */
  readonly machine: {
    readonly id: string
    readonly shopId: ShopId
    readonly recycling: Map<number, number>
    readonly cash_box: Map<number, number>
    seqNo: number
  }
  /** Facts by author, with the day on which each was done. */
  readonly drafts: Map<number, { readonly day: number; readonly draft: FactDraft }[]>
  /** What is under way from one day to the next. */
  readonly open: {
    bags: { id: string; sealedOn: number; cash: { currency: Currency; minor: number }[] }[]
    advances: { id: string; categoryId: string; takenBy: StaffId; amountMinor: number }[]
    drops: { id: string; sessionId: SessionId; amountMinor: number }[]
    sales: { id: string; totalMinor: number; sessionId: SessionId }[]
    /** What the bank credited and no statement has said yet. */
    credits: { bagId: string; reference: string; creditedMinor: number }[]
    /** Exceptions that payments at the machine have to raise, by their ids. */
    payments: string[]
  }
  /** Counts what each type of fact was used for. */
  readonly types: Map<string, number>
  day: number
  nowMs: number
}

export function beginYear(seed: number): Year {
  const chance = chanceFrom(seed)
  const id = <T extends string>() => uuidv7(firstMs, chance.bytes(10)) as T
  const [org, shopId] = [id<OrgId>(), id<ShopId>()]
  return {
    ...{ chance, org, shopId },
    people: Array.from({ length: peopleOfShop }, () => id<StaffId>()),
    spare: id<TillId>(),
    tills: Array.from({ length: tillsOfShop }, () => id<TillId>()).map((till, index) => ({
      ...{ id: till, author: till, left: new Map<Currency, number>() },
      number: index + 1,
      session: undefined,
      counter: 0,
      secretMinor: 0,
    })),
    truth: createTruth(),
    machine: { id: id(), shopId, recycling: new Map(), cash_box: new Map(), seqNo: 0 },
    drafts: new Map(),
    open: { bags: [], advances: [], drops: [], sales: [], credits: [], payments: [] },
    types: new Map(),
    day: 0,
    nowMs: firstMs,
  }
}

/** Begins a day of business. The shop rests on the seventh. */
export function beginDay(year: Year, day: number): void {
  year.day = day
  year.nowMs = firstMs + (day + Math.floor(day / 6)) * dayMs
  for (const till of year.tills) till.counter = 0
}

export const dateOf = ({ nowMs }: Year): string => new Date(nowMs).toISOString().slice(0, 10)

/** Somebody does something: a fact of its author, some seconds after the one before. Returns its id. */
export function act(
  year: Year,
  author: number,
  { type, v = 1, body }: { readonly type: string; readonly v?: number; readonly body: object },
): string {
  year.nowMs += 1_000 + year.chance.pick(20_000)
  const id = uuidv7(year.nowMs, year.chance.bytes(10))
  const of = year.drafts.get(author) ?? []
  of.push({
    day: year.day,
    draft: {
      ...{ id, type, v, scope: `shop:${year.shopId}`, actor: 'node:shop-year' },
      ...{ occurredAt: new Date(year.nowMs).toISOString(), businessDate: dateOf(year) },
      ...{ keys: [`shop:${year.shopId}`], refs: [] },
      body: { shopId: year.shopId, ...body },
    },
  })
  year.drafts.set(author, of)
  year.types.set(type, (year.types.get(type) ?? 0) + 1)
  return id
}

/** Writes down what is true, in the words of the ledger. */
export function moved(year: Year, ...legs: readonly Leg[]): void {
  for (const leg of legs) year.truth.move(dateOf(year), leg)
}

/** A difference against over and short: above zero the place has more than it should. */
export function differs(
  year: Year,
  place: string,
  { currency, minor }: { readonly currency: Currency; readonly minor: number },
): void {
  const outside = `over_short:${year.shopId}`
  const [from, to] = minor > 0 ? [outside, place] : [place, outside]
  moved(year, { from, to, currency, minor: Math.abs(minor) })
}

export const somebody = ({ chance, people }: Year): StaffId => chance.one(people)
export const emptyTotals = noTotals
export const drawerOf = ({ id }: TillNow) => `drawer:${id}`
export const safeOf = ({ shopId }: Year) => `safe:${shopId}`
