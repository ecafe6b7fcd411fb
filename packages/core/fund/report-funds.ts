import type { StaffId } from '../base/id.ts'
import type { Day } from '../base/instant.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

type Whose = { readonly staffId: StaffId; readonly staffName: string; readonly currency: Currency }
type Sums = {
  readonly issuedMinor: Minor
  readonly returnedMinor: Minor
  /** What was short (below zero) or over when all of it was given back. */
  readonly varianceMinor: Minor
}

/** What happened to one person's fund in one currency: on a day, or on all days before the first one asked for. */
export type FundChange = Whose & Sums & { readonly businessDate: Day | null }

/** A day of somebody's fund, with what they held when it was over; below zero only where facts are missing. */
export type FundDay = Whose & Sums & { readonly businessDate: Day; readonly heldMinor: Minor }

/** All days of somebody's fund together: what they held before and after them. */
export type FundOverDays = Whose & Sums & { readonly startMinor: Minor; readonly heldMinor: Minor }

export type FundReport = {
  readonly people: readonly FundOverDays[]
  readonly days: readonly FundDay[]
}

/** What people were given, gave back, owe and hold over the days. Who held nothing and did nothing is left out. */
export function reportFunds(changes: readonly FundChange[]): FundReport {
  const people = new Map<string, FundOverDays>()
  const days: FundDay[] = []
  for (const change of [...changes].sort(byDay)) {
    const { businessDate, staffId, staffName, currency } = change
    const whose = { staffId, staffName, currency }
    const before = people.get(`${staffId} ${currency}`) ?? { ...whose, ...none }
    const heldMinor = minor(before.heldMinor + gainOf(change))
    const after =
      businessDate === null
        ? { ...before, startMinor: heldMinor, heldMinor }
        : { ...addSums(before, change), heldMinor }
    people.set(`${staffId} ${currency}`, after)
    if (businessDate !== null) days.push({ ...change, businessDate, heldMinor })
  }
  const moved = new Set(days.map(({ staffId, currency }) => `${staffId} ${currency}`))
  return {
    people: [...people.values()].filter(
      ({ staffId, currency, heldMinor }) => heldMinor !== 0 || moved.has(`${staffId} ${currency}`),
    ),
    days,
  }
}

/** What all of these people held together when each of the dates was over. The dates are oldest first. */
export function sumHeld({ people, days }: FundReport, dates: readonly Day[]): readonly Minor[] {
  const gains = new Map<Day, number>()
  for (const day of days) {
    gains.set(day.businessDate, (gains.get(day.businessDate) ?? 0) + gainOf(day))
  }
  let held = people.reduce((all, { startMinor }) => all + startMinor, 0)
  return dates.map((date) => {
    held += gains.get(date) ?? 0
    return minor(held)
  })
}

const none = {
  ...{ startMinor: minor(0), heldMinor: minor(0) },
  ...{ issuedMinor: minor(0), returnedMinor: minor(0), varianceMinor: minor(0) },
}

// What is short when all came back is held no longer: it is booked, as what came back is.
const gainOf = ({ issuedMinor, returnedMinor, varianceMinor }: Sums): number =>
  issuedMinor - returnedMinor + varianceMinor

const addSums = <Row extends Sums>(row: Row, more: Sums): Row => ({
  ...row,
  issuedMinor: minor(row.issuedMinor + more.issuedMinor),
  returnedMinor: minor(row.returnedMinor + more.returnedMinor),
  varianceMinor: minor(row.varianceMinor + more.varianceMinor),
})

/** What was before comes first; then the oldest day. */
function byDay(a: FundChange, b: FundChange): number {
  const nameOf = ({ businessDate, staffName, staffId }: FundChange) =>
    `${businessDate ?? ''} ${staffName} ${staffId}`
  const [first, second] = [nameOf(a), nameOf(b)]
  return first < second ? -1 : first > second ? 1 : 0
}
