import { expect, test } from 'vitest'
import { type Currency, minor } from '../money/money.ts'
import { checkMachineUses, type KnownAttempt, usesOfTenders } from './check-machine-use.ts'

const [thb, eur] = ['THB', 'EUR'] as Currency[] as [Currency, Currency]
const attemptId = 'attempt'
const use = { attemptId, currency: thb, minor: minor(500) }
const known = (differing: Partial<KnownAttempt>): KnownAttempt => ({
  ...{ attemptId, isEnded: true, isUsed: false },
  ...{ moved: [{ currency: thb, minor: minor(500) }] },
  ...differing,
})
const moved = (amount: number, currency = thb) => ({
  moved: [{ currency, minor: minor(amount) }],
})

// One row for each way in which it ends.
test.for<[string, readonly KnownAttempt[], object | undefined]>([
  ['nobody knows the attempt yet', [], undefined],
  ['it has not ended yet', [known({ isEnded: false, moved: [] })], undefined],
  ['it moved that', [known({})], undefined],
  ['another attempt is known', [known({ attemptId: 'x', isUsed: true })], undefined],
  ['another act names it', [known({ isUsed: true })], { code: 'machine_attempt_used' }],
  [
    'another act names it, and it has not ended',
    [known({ isUsed: true, isEnded: false })],
    { code: 'machine_attempt_used' },
  ],
  ['it moved nothing', [known({ moved: [] })], { code: 'machine_attempt_not_done' }],
  ['all came back', [known(moved(0))], { code: 'machine_attempt_not_done' }],
  [
    'it moved less',
    [known(moved(499))],
    { code: 'machine_amount_differs', currency: thb, movedMinor: 499 },
  ],
  [
    'it gave that, and did not take it',
    [known(moved(-500))],
    { code: 'machine_amount_differs', currency: thb, movedMinor: -500 },
  ],
  [
    'it moved another currency',
    [known(moved(500, eur))],
    { code: 'machine_amount_differs', currency: eur, movedMinor: 500 },
  ],
])('an act that says 500 in: %s', ([, books, refusal]) => {
  expect(checkMachineUses([use], books)).toEqual(
    refusal === undefined
      ? { ok: true, value: undefined }
      : { ok: false, refusal: { ...refusal, attemptId } },
  )
})

test('a sale says what a machine kept, a refund what it gave, and cash says nothing', () => {
  const tenders = [
    { method: 'cash', givenMinor: minor(7) },
    { method: 'machine', givenMinor: minor(500), attemptId },
  ] as const
  expect(usesOfTenders('sale', { currency: thb, tenders })).toEqual([use])
  expect(usesOfTenders('refund', { currency: thb, tenders })).toEqual([
    { ...use, minor: minor(-500) },
  ])
})
