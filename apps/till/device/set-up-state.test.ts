import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { expect, test } from 'vitest'
import type { Manager, TillChoice } from './enrol-till.ts'
import { onChosen, onEnrolRefused, onManager } from './set-up-state.ts'

const manager = { tills: [] } as unknown as Manager

test('a manager who is let in chooses; who is not, tries again and learns why', () => {
  expect(onManager(accepted(manager))).toEqual({ stage: 'choosing', manager })
  expect(onManager(refused({ code: 'wrong' }))).toEqual({ stage: 'manager', refusal: 'wrong' })
})

test.for([
  ['forbidden', 'manager'],
  ['unreachable', 'choosing'],
  ['not_saved', 'choosing'],
] as const)('an enrolment that is %s goes on with %s', ([code, stage]) => {
  expect(onEnrolRefused(manager, { code }).stage).toBe(stage)
})

test.for([
  { what: 'a new device', before: undefined, stage: 'enrolling' },
  { what: 'the same till again', before: { tillId: 'a', unsent: 3 }, stage: 'enrolling' },
  { what: 'another till, all sent', before: { tillId: 'b', unsent: 0 }, stage: 'enrolling' },
  { what: 'another till, with unsent sales', before: { tillId: 'b', unsent: 1 }, stage: 'sure' },
])('$what: $stage', ({ before, stage }) => {
  expect(onChosen({ manager, till: { id: 'a' } as TillChoice }, before).stage).toBe(stage)
})
