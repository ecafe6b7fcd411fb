import { expect, test } from 'vitest'
import { minor } from '../money/money.ts'
import { openSession, ownAuthority, shopId, staffId } from '../sale/sale.gen.ts'
import { type CashMovementKind, decideMoveCash, type MoveCash } from './move-cash.ts'
import { addMovement, noTotals } from './session-totals.ts'
import { expectedMinor } from './till-session.ts'

const attemptId = '01940000-0000-7000-8000-0000000000e1'
const decide = (kind: CashMovementKind, differing: Partial<MoveCash> = {}, most?: number) =>
  decideMoveCash(
    {
      ...{ at: { shopId }, session: openSession },
      holds: { amountMinor: minor(0) },
      authority: {
        ...ownAuthority,
        actor: {
          ...ownAuthority.actor,
          permissions: ['cash.move'],
          limits: most === undefined ? [] : [{ permission: 'cash.move', maxMinor: minor(most) }],
        },
      },
    },
    { staffId, kind, amountMinor: minor(500), attemptId, ...differing },
  )

test('what a machine gives out need not be in the drawer, and needs the same word as cash of the drawer', () => {
  expect(decide('pay_out')).toMatchObject({ ok: true, value: { kind: 'pay_out', attemptId } })
  expect(decide('pay_out', { attemptId: undefined })).toMatchObject({
    refusal: { code: 'not_in_drawer' },
  })
  expect(decide('pay_out', {}, 499)).toMatchObject({ refusal: { code: 'approval_required' } })
})

test('what goes to the safe goes through no machine', () => {
  expect(decide('drop')).toMatchObject({ refusal: { code: 'attempt_not_for_drop' } })
})

test.for<[CashMovementKind, number]>([
  ['pay_in', 0],
  ['pay_out', 0],
  ['top_up', 500],
])('a %s by machine leaves the drawer with %d more', ([kind, more]) => {
  const moved = decide(kind)
  if (!moved.ok) throw new Error(moved.refusal.code)
  const after = addMovement(noTotals, moved.value)
  expect(expectedMinor(minor(0), after)).toBe(more)
  if (more === 0) expect(after).toEqual(noTotals)
})
