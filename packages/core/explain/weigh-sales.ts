import { denominationsOf, makeChange, type Pieces } from '../money/denominations.ts'
import { type Minor, minor } from '../money/money.ts'
import type { CashStory, EvidenceWhy, ToldSale } from './cash-story.ts'
import { lookAlikes } from './look-alikes.ts'
import { type Fit, noFit, type Weighed } from './weighed.ts'

// What a mistake at one sale would make of a session's variance. Each function answers two things: how likely
// this variance is, if somebody made this mistake at some sale of the session, and which sales it fits.

/** How much more likely it is where cash was typed exactly: nobody who pays by card is given change. */
const exactWeight = 3
/** A second sale of the same amount so soon after the first is the same customer's. */
const twiceWithinMs = 180_000
const twiceWeight = 10

/** Paid by card and recorded as cash (short), or the reverse (over). */
export function weighWrongTender({ sales, varianceMinor }: CashStory): Weighed {
  if (varianceMinor > 0) {
    const weigh = (sale: ToldSale) =>
      sale.others.map(({ amountMinor }) => ({
        weight: 1,
        fits: amountMinor === varianceMinor,
        why: 'other_amount_equal' as const,
        recordedMinor: amountMinor,
      }))
    return weighSales(sales, weigh)
  }
  return weighSales(sales, (sale) => [
    {
      weight: isExact(sale) ? exactWeight : 1,
      fits: cashOf(sale) === -varianceMinor,
      why: isExact(sale) ? ('exact_cash' as const) : ('cash_amount_equal' as const),
      recordedMinor: cashOf(sale),
    },
  ])
}

/** Recorded as paid in cash, and nobody paid; or one sale recorded twice. */
export function weighUnpaid({ sales, varianceMinor }: CashStory): Weighed {
  if (varianceMinor > 0) return noFit
  return weighSales(sales, (sale, index) => {
    const isTwice = isAgain(sale, sales[index - 1])
    return [
      {
        weight: isTwice ? twiceWeight : isExact(sale) ? exactWeight : 1,
        fits: cashOf(sale) === -varianceMinor,
        why: isTwice ? ('made_twice' as const) : whyCash(sale),
        recordedMinor: cashOf(sale),
      },
    ]
  })
}

/** Cash was paid back for a sale, or for a line of it, and no refund recorded. */
export function weighMissingRefund({ sales, varianceMinor }: CashStory): Weighed {
  if (varianceMinor > 0) return noFit
  return weighSales(sales, (sale) => {
    const whole = { fits: cashOf(sale) === -varianceMinor, why: 'cash_amount_equal' as const }
    const line = {
      fits: sale.linesMinor.includes(minor(-varianceMinor)),
      why: 'line_equal' as const,
    }
    if (sale.linesMinor.length < 2) return [{ ...whole, weight: 2, recordedMinor: cashOf(sale) }]
    const share = sale.linesMinor.filter((each) => each === -varianceMinor).length
    return [
      { ...whole, weight: 1.2, recordedMinor: cashOf(sale) },
      {
        ...line,
        weight: line.fits ? (0.8 * share) / sale.linesMinor.length : 0.8,
        recordedMinor: minor(-varianceMinor),
      },
    ]
  })
}

/** Change was paid as ten times, or one tenth, of what it should be. */
export function weighTimesTen({ sales, varianceMinor, currency }: CashStory): Weighed {
  const coin = smallestFace(currency)
  return weighSales(sales, ({ changeMinor }) => {
    if (changeMinor === 0) return []
    const tenth = changeMinor % (10 * coin) === 0
    const tenfold = {
      weight: tenth ? 0.6 : 1,
      fits: -9 * changeMinor === varianceMinor,
      why: 'ten_times' as const,
      recordedMinor: changeMinor,
      insteadMinor: minor(changeMinor * 10),
    }
    if (!tenth) return [tenfold]
    const instead = changeMinor / 10
    return [
      tenfold,
      {
        weight: 0.4,
        fits: changeMinor - instead === varianceMinor,
        why: 'one_tenth' as const,
        recordedMinor: changeMinor,
        insteadMinor: minor(instead),
      },
    ]
  })
}

/** Change was paid that was read wrongly, or that was the customer's before or after. */
export function weighWrongChange({ sales, varianceMinor, currency }: CashStory): Weighed {
  const coin = smallestFace(currency)
  return weighSales(sales, (sale, index) => {
    const { changeMinor } = sale
    if (sale.givenMinor === 0) return []
    const wrong = new Map<number, EvidenceWhy>()
    for (const near of [sales[index - 1], sales[index + 1]]) {
      if (near !== undefined && near.changeMinor > 0) {
        wrong.set(near.changeMinor, 'change_of_neighbour')
      }
    }
    for (const swapped of digitSwaps(changeMinor, coin)) wrong.set(swapped, 'digits_swapped')
    wrong.delete(changeMinor)
    return [...wrong].map(([insteadMinor, why]) => ({
      weight: 1 / wrong.size,
      fits: changeMinor - insteadMinor === varianceMinor,
      why,
      recordedMinor: changeMinor,
      insteadMinor: minor(insteadMinor),
    }))
  })
}

/** One note or coin of the change was of another face: a 500 for a 50. */
export function weighWrongNote({ sales, varianceMinor, currency }: CashStory): Weighed {
  const faces = denominationsOf(currency)
  let mistaken: Weighed['faces']
  const weighed = weighSales(sales, ({ changeMinor, changePieces }) => {
    if (changeMinor === 0) return []
    const pieces = changePieces ?? usualChange(changeMinor, currency)
    return pieces.flatMap(({ faceMinor }) => {
      const others = lookAlikes(faces, faceMinor)
      return others.map((other) => {
        const fits = faceMinor - other === varianceMinor
        if (fits) mistaken = { isMinor: other, takenForMinor: faceMinor, pieces: 1 }
        return {
          weight: 1 / pieces.length / others.length,
          fits,
          why: 'face_in_change' as const,
          recordedMinor: changeMinor,
        }
      })
    })
  })
  return { ...weighed, faces: mistaken }
}

type SaleFit = Omit<Fit, 'act' | 'at'> & { readonly fits: boolean }

function weighSales(
  sales: readonly ToldSale[],
  weigh: (sale: ToldSale, index: number) => readonly SaleFit[],
): Weighed {
  let all = 0
  let fitting = 0
  const fits: Fit[] = []
  for (const [index, sale] of sales.entries()) {
    for (const { fits: isOne, ...fit } of weigh(sale, index)) {
      if (fit.recordedMinor === 0) continue
      all += fit.weight
      if (!isOne) continue
      fitting += fit.weight
      const { id, receiptNumber, at } = sale
      fits.push({ ...fit, at, act: { type: 'sale', id, receiptNumber } })
    }
  }
  return { likelihood: all === 0 ? 0 : fitting / all, fits }
}

const cashOf = ({ givenMinor, changeMinor }: ToldSale): Minor => minor(givenMinor - changeMinor)
const isExact = (sale: ToldSale) => sale.givenMinor > 0 && sale.changeMinor === 0
const whyCash = (sale: ToldSale): EvidenceWhy =>
  isExact(sale) ? 'exact_cash' : 'cash_amount_equal'

function isAgain(sale: ToldSale, before: ToldSale | undefined): boolean {
  if (before === undefined || cashOf(sale) === 0 || cashOf(before) !== cashOf(sale)) return false
  return Date.parse(sale.at) - Date.parse(before.at) <= twiceWithinMs
}

/** The smallest amount that can be paid in a currency. */
export function smallestFace(currency: CashStory['currency']): number {
  return denominationsOf(currency).at(-1)?.faceMinor ?? 1
}

/** An amount with two neighbouring digits exchanged, as far as it can be paid: 360 for 630. */
export function digitSwaps(amount: number, coin: number): readonly number[] {
  const digits = String(amount)
  const swapped = new Set<number>()
  for (let index = 0; index + 1 < digits.length; index += 1) {
    const other = `${digits.slice(0, index)}${digits[index + 1]}${digits[index]}${digits.slice(index + 2)}`
    const value = Number(other)
    if (value > 0 && value !== amount && value % coin === 0) swapped.add(value)
  }
  return [...swapped]
}

const changes = new Map<string, Pieces>()
const changesMax = 5_000

/** The change as it is usually made, of the highest faces that there are. */
function usualChange(amount: Minor, currency: CashStory['currency']): Pieces {
  const key = `${currency}${amount}`
  const known = changes.get(key)
  if (known !== undefined) return known
  const made = makeChange(amount, denominationsOf(currency)) ?? []
  if (changes.size < changesMax) changes.set(key, made)
  return made
}
