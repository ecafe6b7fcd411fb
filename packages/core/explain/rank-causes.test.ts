import { expect, test } from 'vitest'
import { type Currency, minor } from '../money/money.ts'
import { type CashStory, type Cause, causeKinds, causesMax, evidenceMax } from './cash-story.ts'
import { chanceOf, type Planted, plantMistake, someSession } from './explain.gen.ts'
import { rankCauses } from './rank-causes.ts'

const sale = (
  no: number,
  given: number,
  change: number,
  others: CashStory['sales'][0]['others'] = [],
) => ({
  id: `sale-${no}`,
  receiptNumber: `RCP-${no}`,
  at: `2026-11-20T0${no}:00:00.000Z`,
  givenMinor: minor(given),
  changeMinor: minor(change),
  others,
  linesMinor: [minor(given - change)],
})
const card = (amount: number) => [{ method: 'card' as const, amountMinor: minor(amount) }]
const story: CashStory = {
  currency: 'THB' as Currency,
  varianceMinor: minor(0),
  openedAt: '2026-11-20T00:00:00.000Z',
  floatMinor: minor(200_000),
  floatPieces: [{ faceMinor: minor(10_000), pieces: 20 }],
  sales: [
    sale(1, 50_000, 6_300),
    sale(2, 0, 0, card(12_300)),
    sale(3, 11_100, 0),
    sale(4, 100_000, 12_000),
    sale(5, 500_000, 7_700),
  ],
  refunds: [],
  movements: [
    { id: 'drop', at: '2026-11-20T06:00:00.000Z', kind: 'drop', amountMinor: minor(300_000) },
    { id: 'ice', at: '2026-11-20T07:00:00.000Z', kind: 'pay_out', amountMinor: minor(6_075) },
    { id: 'ice-2', at: '2026-11-20T07:01:00.000Z', kind: 'pay_out', amountMinor: minor(6_075) },
  ],
  countedPieces: [{ faceMinor: minor(10_000), pieces: 9 }],
  usual: { dropsMinor: [minor(300_000), minor(200_000)], payOutsMinor: [minor(43_025)] },
}

test.for<[string, number, Partial<Cause>, string | undefined]>([
  ['a card taken as cash', -11_100, { kind: 'wrong_tender' }, 'sale-3'],
  ['cash taken as a card', 12_300, { kind: 'wrong_tender' }, 'sale-2'],
  ['a sale that nobody paid', -11_100, { kind: 'sale_unpaid' }, 'sale-3'],
  ['a refund that is not recorded', -11_100, { kind: 'missing_refund' }, 'sale-3'],
  ['a drop that is not recorded', -200_000, { kind: 'missing_drop' }, undefined],
  ['a drop that was not made', 300_000, { kind: 'drop_not_made' }, 'drop'],
  [
    'three 20s in the pile of the 100s',
    24_000,
    {
      kind: 'wrong_pile',
      faces: { isMinor: minor(2_000), takenForMinor: minor(10_000), pieces: 3 },
    },
    undefined,
  ],
  ['change of 63 paid as 630', -56_700, { kind: 'change_times_ten' }, 'sale-1'],
  ['change of 120 paid as 12', 10_800, { kind: 'change_times_ten' }, 'sale-4'],
  ['change of 63 paid as 36', 2_700, { kind: 'wrong_change' }, 'sale-1'],
  ['change of 120 paid as the 77 after it', 4_300, { kind: 'wrong_change' }, 'sale-4'],
  ['a bill as usual', -43_025, { kind: 'missing_pay_out' }, undefined],
  ['a bill recorded twice', 6_075, { kind: 'pay_out_twice' }, 'ice'],
  ['a float with two 100s less', -20_000, { kind: 'wrong_float' }, undefined],
  [
    'a 500 for a 50',
    -45_000,
    {
      kind: 'wrong_note',
      faces: { isMinor: minor(50_000), takenForMinor: minor(5_000), pieces: 1 },
    },
    'sale-1',
  ],
])('%s', ([, varianceMinor, cause, act]) => {
  const three = rankCauses({ ...story, varianceMinor: minor(varianceMinor) }).slice(0, 3)
  const found = three.find(({ kind }) => kind === cause.kind)
  expect(found).toMatchObject({ ...cause, explainsMinor: varianceMinor })
  expect(found?.booking.amountMinor).toBe(Math.abs(varianceMinor))
  const acts = found?.evidence.map((each) => each.act?.id) ?? []
  expect(acts.includes(act) || act === undefined).toBe(true)
})

test('what the drawer never held was not dropped, and a pile of none has no wrong ones', () => {
  const kinds = (of: Partial<CashStory>) => rankCauses({ ...story, ...of }).map(({ kind }) => kind)
  expect(
    kinds({ varianceMinor: minor(-200_000), sales: [], floatMinor: minor(100_000) }),
  ).not.toContain('missing_drop')
  expect(kinds({ varianceMinor: minor(24_000), countedPieces: [] })).not.toContain('wrong_pile')
})

/** Whether the cause that was planted is among the first three, with its act or its faces shown. */
function isFound({ story: told, kind, actId, faces }: Planted): boolean {
  const cause = rankCauses(told)
    .slice(0, 3)
    .find((each) => each.kind === kind)
  if (cause === undefined) return false
  if (actId !== undefined && !cause.evidence.some(({ act }) => act?.id === actId)) return false
  // Other faces may differ by the same; what counts is that the faces shown make the amount.
  if (faces === undefined) return true
  const { isMinor = 0, takenForMinor = 0, pieces = 0 } = cause.faces ?? {}
  return Math.abs(takenForMinor - isMinor) * pieces === Math.abs(told.varianceMinor)
}

const mistakes = 500
const foundShareMin = 0.9

// Two fixed seeds, and the run's own, which it prints.
test.for([1, 20_261_121, Number(process.env.SEED ?? 7)])(
  'of 500 mistakes of all kinds nine in ten are among the first three: seed %i',
  (seed) => {
    const chance = chanceOf(seed)
    const missed = new Map<string, number>()
    for (let index = 0; index < mistakes; index += 1) {
      const kind = causeKinds[index % causeKinds.length] ?? 'missing_drop'
      if (!isFound(plantMistake(chance, kind))) missed.set(kind, (missed.get(kind) ?? 0) + 1)
    }
    const lost = [...missed.values()].reduce((all, count) => all + count, 0)
    expect(1 - lost / mistakes, JSON.stringify([...missed])).toBeGreaterThanOrEqual(foundShareMin)
  },
)

test('a session without a difference is explained by nothing', () => {
  const chance = chanceOf(Number(process.env.SEED ?? 7))
  for (let index = 0; index < 200; index += 1) expect(rankCauses(someSession(chance))).toEqual([])
})

test('causes are few, ranked, explain all of it, and the same facts give the same', () => {
  const chance = chanceOf(Number(process.env.SEED ?? 7) + 1)
  for (let index = 0; index < 60; index += 1) {
    const { story: told } = plantMistake(
      chance,
      causeKinds[index % causeKinds.length] ?? 'wrong_pile',
    )
    const causes = rankCauses(told)
    expect(rankCauses(structuredClone(told))).toEqual(causes)
    expect(causes.length).toBeLessThanOrEqual(causesMax)
    const scores = causes.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(scores.reduce((all, score) => all + score, 0)).toBeLessThanOrEqual(1_000 + causesMax)
    for (const { explainsMinor, evidence, fits } of causes) {
      expect(explainsMinor).toBe(told.varianceMinor)
      expect(evidence).toHaveLength(Math.min(fits, evidenceMax))
    }
  }
})
