import type { Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

/** `machine`: a cash recycler took or gave it. It is no cash of a drawer. */
export type TenderMethod = 'cash' | 'card' | 'bank_transfer' | 'promptpay' | 'machine'

/** What was handed over in another currency than the sale's, with the rate that it was taken at. */
export type ForeignTender = {
  readonly currency: Currency
  /** In that currency. */
  readonly givenMinor: Minor
  readonly rateId: string
  /** One unit of the currency is worth `rate × 10^−scale` units of the sale's. */
  readonly rate: number
  readonly scale: number
}

/** One way in which a sale was paid, or a refund paid back. */
export type Tender = {
  readonly method: TenderMethod
  /** What it pays of the total, with its rounding. In the sale's currency, like the next. */
  readonly amountMinor: Minor
  /** What was handed over: `amountMinor`, or more when change goes back. Of `machine`: what it kept. */
  readonly givenMinor: Minor
  /** Cash of another currency: `givenMinor` is what it is worth. */
  readonly foreign?: ForeignTender
  /** The notes and coins handed over, where they are known. They add up to what was given, in its currency. */
  readonly pieces?: Pieces
  /** Of `machine`: the attempt that moved it. */
  readonly attemptId?: string
}

/** Change that is given back in another currency than the sale's. */
export type ForeignChange = {
  readonly currency: Currency
  /** In that currency. */
  readonly minor: Minor
  /** What it is worth in the sale's, at the rate that its currency was taken at. */
  readonly baseMinor: Minor
  readonly pieces?: Pieces
}

/** What of an act the cash in a drawer needs: a sale, or a refund, which has no change. */
export type CashPaid = {
  readonly tenders: readonly Pick<Tender, 'method' | 'givenMinor' | 'foreign'>[]
  readonly changeMinor?: Minor
  /** Null as it is read from a table: none. */
  readonly change?:
    | readonly Pick<ForeignChange, 'currency' | 'minor' | 'baseMinor'>[]
    | null
    | undefined
}

/** The part of the change that is given in the sale's own currency. */
export function ownChangeMinor({
  changeMinor = minor(0),
  change,
}: Pick<CashPaid, 'changeMinor' | 'change'>): Minor {
  return minor(
    (change ?? []).reduce((left, { baseMinor }) => left - baseMinor, changeMinor as number),
  )
}

/** What cash an act brings into the drawer, or takes out of it: given less change. */
export type CashTaken = {
  /** In the sale's own currency; below zero where change was given for notes of another one. */
  readonly ownMinor: Minor
  /** Of each other currency: how much of it, and what that is worth in the sale's. */
  readonly others: ReadonlyMap<Currency, { readonly minor: Minor; readonly baseMinor: Minor }>
}

/** The cash of a sale by currency, given less change; of a refund, what is paid back. */
export function cashTaken(paid: CashPaid): CashTaken {
  let own: number = -ownChangeMinor(paid)
  const others = new Map<Currency, { minor: Minor; baseMinor: Minor }>()
  const add = (currency: Currency, amount: number, base: number) => {
    const before = others.get(currency)
    others.set(currency, {
      minor: minor((before?.minor ?? 0) + amount),
      baseMinor: minor((before?.baseMinor ?? 0) + base),
    })
  }
  for (const { method, givenMinor, foreign } of paid.tenders) {
    if (method !== 'cash') continue
    if (foreign === undefined) own += givenMinor
    else add(foreign.currency, foreign.givenMinor, givenMinor)
  }
  for (const { currency, minor: amount, baseMinor } of paid.change ?? []) {
    add(currency, -amount, -baseMinor)
  }
  return { ownMinor: minor(own), others }
}
