import { expect, test } from 'vitest'
import { decideResolveFact, type ResolveFactState, reaches, reachOf } from './resolve-fact.ts'

const shop = 'shop:01990000-0000-7000-8000-000000000001'
const author = 's-01990000-0000-7000-8000-000000000001'
const factId = '01990000-0000-7000-8000-0000000000f1'
const other = '01990000-0000-7000-8000-0000000000f2'
const state: ResolveFactState = {
  parked: { reason: 'apply_failed', scope: shop },
  replacement: 'none',
  author,
}
const skip = { factId, how: 'skipped', note: 'counted by hand' } as const
const replace = { factId, how: 'replaced', note: 'typed again', replacementId: other } as const

test.for([
  ['a fact that is not parked here', { parked: undefined }, skip, 'fact_not_parked'],
  ['a fact of another shop', { author: 's-another' }, skip, 'fact_of_other_scope'],
  ['a fact, by a till', { author: 't-1' }, skip, 'fact_of_other_scope'],
  [
    'a fact that a newer program reads',
    { parked: { reason: 'unknown_type', scope: shop } },
    skip,
    'fact_needs_newer_program',
  ],
  [
    'a fact that waits for another',
    { parked: { reason: 'behind', scope: shop } },
    skip,
    'fact_waits_behind',
  ],
  ['by nothing', {}, { ...replace, replacementId: undefined }, 'replacement_not_found'],
  [
    'by itself',
    { replacement: 'projected' },
    { ...replace, replacementId: factId },
    'replacement_not_found',
  ],
  ['by what is not in the tables', { replacement: 'missing' }, replace, 'replacement_not_found'],
] as const)('%s cannot be settled', ([_, changes, command, code]) => {
  expect(decideResolveFact({ ...state, ...changes }, command)).toEqual({
    ok: false,
    refusal: { code },
  })
})

test('a parked fact is skipped or replaced, by its shop or by the cloud', () => {
  expect(decideResolveFact(state, { ...skip, replacementId: other })).toEqual({
    ok: true,
    value: skip,
  })
  for (const by of [author, 'cloud']) {
    const decided = decideResolveFact({ ...state, author: by, replacement: 'projected' }, replace)
    expect(decided).toEqual({ ok: true, value: replace })
  }
})

test('who settles whose', () => {
  expect(reachOf('t-1')).toBeUndefined()
  expect([reaches('cloud', 'org'), reaches(author, 'org'), reaches(author, shop)]).toEqual([
    true,
    false,
    true,
  ])
})
