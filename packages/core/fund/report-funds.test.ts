import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StaffId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { addBalances } from './fund-history.ts'
import { type FundChange, reportFunds, sumHeld } from './report-funds.ts'

const thb = 'THB' as Currency
const changeOf = (
  staffName: string,
  businessDate: string | null,
  [issued, returned, variance]: readonly [number, number, number],
): FundChange => ({
  ...{ staffId: staffName as StaffId, staffName, currency: thb, businessDate },
  issuedMinor: minor(issued),
  returnedMinor: minor(returned),
  varianceMinor: minor(variance),
})

test('a fund over days: held before, given, given back, short, and held after', () => {
  const { people, days } = reportFunds([
    changeOf('Ploy', '2026-11-20', [300, 0, 0]),
    changeOf('Nok', '2026-11-21', [0, 190, -10]),
    changeOf('Nok', '2026-11-20', [100, 0, 0]),
    changeOf('Nok', null, [500, 400, 0]),
    changeOf('Gone', null, [500, 490, -10]),
    changeOf('Away', null, [70, 0, 0]),
  ])
  expect(people).toMatchObject([
    { staffName: 'Away', startMinor: 70, issuedMinor: 0, heldMinor: 70 },
    { staffName: 'Nok', startMinor: 100, issuedMinor: 100, returnedMinor: 190, varianceMinor: -10 },
    { staffName: 'Ploy', startMinor: 0, issuedMinor: 300, heldMinor: 300 },
  ])
  expect(people[1]?.heldMinor).toBe(0)
  expect(days).toMatchObject([
    { businessDate: '2026-11-20', staffName: 'Nok', heldMinor: 200 },
    { businessDate: '2026-11-20', staffName: 'Ploy', heldMinor: 300 },
    { businessDate: '2026-11-21', staffName: 'Nok', heldMinor: 0 },
  ])
  // A day on which nothing happened is a day like others.
  const dates = ['2026-11-19', '2026-11-20', '2026-11-21']
  expect(sumHeld({ people, days }, dates)).toEqual([170, 570, 370])
})

const amount = fc.integer({ min: 0, max: 1_000_000 })
const changes = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom('Nok', 'Ploy', 'Som'),
      fc.option(fc.constantFrom('2026-11-19', '2026-11-20', '2026-11-21')),
      fc.tuple(amount, amount, fc.integer({ min: -1_000, max: 1_000 })),
    )
    .map((row) => changeOf(...row)),
  { selector: ({ staffName, businessDate }) => `${staffName} ${businessDate}` },
)

test('the report agrees with each history, and its days come to its sums, in whatever order they come', () => {
  fc.assert(
    fc.property(changes, fc.infiniteStream(fc.nat()), (rows, chance) => {
      const report = reportFunds(rows)
      const mixed = rows
        .map((row) => ({ row, place: chance.next().value }))
        .sort((a, b) => a.place - b.place)
        .map(({ row }) => row)
      expect(reportFunds(mixed).days).toEqual(report.days)
      for (const person of report.people) {
        const own = report.days.filter(({ staffId }) => staffId === person.staffId)
        const sum = (name: 'issuedMinor' | 'returnedMinor' | 'varianceMinor') =>
          own.reduce((all, day) => all + day[name], 0)
        expect([person.issuedMinor, person.returnedMinor, person.varianceMinor]).toEqual([
          sum('issuedMinor'),
          sum('returnedMinor'),
          sum('varianceMinor'),
        ])
        // The history counts back from what is held now; the report counts forward.
        const events = own.flatMap((day) => [
          {
            ...{ kind: 'issued' as const, settled: null },
            cash: [{ currency: thb, minor: day.issuedMinor }],
          },
          {
            kind: 'returned' as const,
            cash: [{ currency: thb, minor: day.returnedMinor }],
            settled: [{ currency: thb, varianceMinor: day.varianceMinor }],
          },
        ])
        const held = addBalances(events, [{ currency: thb, minor: person.heldMinor }])
        expect(own.map(({ heldMinor }) => heldMinor)).toEqual(
          own.map((_, index) => held[2 * index + 1]?.balance[0]?.minor ?? 0),
        )
      }
      const [, , last] = sumHeld(report, ['2026-11-19', '2026-11-20', '2026-11-21'])
      const all = report.people.reduce((sum, { heldMinor }) => sum + heldMinor, 0)
      expect(last).toBe(all)
    }),
  )
})
