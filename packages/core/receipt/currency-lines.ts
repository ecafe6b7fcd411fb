import { formatDigits, formatMinor, type Language } from '../money/currency.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { type CashPaid, type ForeignTender, ownChangeMinor, type Tender } from '../sale/tender.ts'
import type { CashTotals, SessionTotals } from '../till/session-totals.ts'
import { expectedMinor } from '../till/till-session.ts'
import { row } from './layout.ts'
import type { Writer } from './receipt-text.ts'

// What receipts and reports say of other currencies than their own: each amount as it was handed over, the
// rate, and what it is worth.

/** How an act was paid: its tenders, what cash was rounded by, and the change of each currency. */
export function paidLines(
  paid: CashPaid & {
    readonly currency: Currency
    readonly tenders: readonly Pick<Tender, 'method' | 'givenMinor' | 'foreign'>[]
    readonly roundingMinor?: Minor | undefined
  },
  writer: Writer,
): string[] {
  const { words, width, amount } = writer
  const { currency, tenders, change, roundingMinor = minor(0) } = paid
  const own = ownChangeMinor(paid)
  return [
    ...tenders.flatMap(({ method, givenMinor, foreign }) =>
      foreign === undefined
        ? row(words.methods[method], amount(givenMinor), width)
        : [
            ...row(
              `${words.methods[method]} ${inCurrency(foreign.givenMinor, foreign.currency, writer)}`,
              amount(givenMinor),
              width,
            ),
            `  ${rateText(foreign, currency, writer.language)}`,
          ],
    ),
    ...(roundingMinor === 0 ? [] : row(words.rounding, amount(roundingMinor), width)),
    ...(change ?? []).flatMap((part) =>
      row(
        `${words.change} ${inCurrency(part.minor, part.currency, writer)}`,
        amount(part.baseMinor),
        width,
      ),
    ),
    ...(own > 0 ? row(words.change, amount(own), width) : []),
  ]
}

/** The rate of a tender, for people: `1 USD = 34.25 THB`. */
export function rateText(
  { currency, rate, scale }: Pick<ForeignTender, 'currency' | 'rate' | 'scale'>,
  base: Currency,
  language: Language,
): string {
  return `1 ${currency} = ${formatDigits(rate, scale, language)} ${base}`
}

/** What was paid in other currencies, by its worth, and what cash was rounded by: so that the ways to pay add up. */
export function foreignPaidLines(
  { others, roundingMinor }: Pick<SessionTotals, 'others' | 'roundingMinor'>,
  { words, width, amount }: Writer,
): string[] {
  return [
    ...byName(others).flatMap(([currency, { baseMinor }]) =>
      baseMinor === undefined
        ? []
        : row(`${words.methods.cash} ${currency}`, amount(baseMinor), width),
    ),
    ...(roundingMinor === undefined
      ? []
      : row(words.rounding, amount(minor(-roundingMinor)), width)),
  ]
}

/** What moved in the drawer in other currencies, and what should lie there where that may be seen. */
export function otherDrawerLines(
  { others }: Pick<SessionTotals, 'others'>,
  seesExpected: boolean,
  writer: Writer,
): string[] {
  const { words, width, rule, language } = writer
  return byName(others).flatMap(([currency, cash]) => {
    const figure = (name: string, value: number) =>
      value === 0
        ? []
        : row(`${name} ${currency}`, formatMinor(minor(value), currency, language), width)
    return [
      rule,
      ...figure(words.float, cash.floatMinor),
      ...figure(words.cashIn, cash.cashInMinor),
      ...figure(words.cashOut, -cash.cashOutMinor),
      ...figure(words.dropped, -cash.droppedMinor),
      ...figure(words.toppedUp, cash.toppedUpMinor),
      ...(seesExpected
        ? row(
            `${words.expected} ${currency}`,
            formatMinor(expectedMinor(cash.floatMinor, cash), currency, language),
            width,
          )
        : []),
    ]
  })
}

function byName(others: SessionTotals['others']): [Currency, CashTotals][] {
  const entries = Object.entries(others ?? {}) as [Currency, CashTotals][]
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

function inCurrency(value: Minor, currency: Currency, { language }: Writer): string {
  return `${currency} ${formatMinor(value, currency, language)}`
}
