import { type Minor, minor, mulDivRound } from '../money/money.ts'

/** One rate's part of a sale or a refund. `netMinor + taxMinor` is what its lines come to. */
export type TaxTotal = {
  /** Hundredths of a per cent: 700 is 7 %. */
  readonly vatBasisPoints: number
  readonly netMinor: Minor
  readonly taxMinor: Minor
}

type TaxedLine = { readonly totalMinor: Minor; readonly vatBasisPoints: number }

/** The tax inside an amount that has it included: `total × rate ÷ (100 % + rate)`, rounded half up. */
export function taxInside(totalMinor: Minor, vatBasisPoints: number): Minor {
  return minor(mulDivRound(totalMinor, vatBasisPoints, 10_000 + vatBasisPoints))
}

/** What the lines of each rate come to, by ascending rate. */
export function totalsByRate(lines: readonly TaxedLine[]): ReadonlyMap<number, Minor> {
  const totals = new Map<number, Minor>()
  for (const { totalMinor, vatBasisPoints } of lines) {
    totals.set(vatBasisPoints, minor((totals.get(vatBasisPoints) ?? 0) + totalMinor))
  }
  return new Map([...totals].sort(([a], [b]) => a - b))
}

/**
 * Takes the tax out of lines whose totals include it: once for each rate, over all of its lines, so that
 * rounding happens once a rate and not once a line. One row for each rate, 0 % too, ascending.
 */
export function taxTotals(lines: readonly TaxedLine[]): TaxTotal[] {
  return Array.from(totalsByRate(lines), ([vatBasisPoints, totalMinor]) => {
    const taxMinor = taxInside(totalMinor, vatBasisPoints)
    return { vatBasisPoints, netMinor: minor(totalMinor - taxMinor), taxMinor }
  })
}
