import { expect, test } from 'vitest'
import { assert, Bug, unreachable } from './assert.ts'
import { accepted, refused } from './outcome.ts'

test('what is not true of our code is a bug', () => {
  expect(() => assert(true, 'fine')).not.toThrow()
  expect(() => assert(false, 'the claim')).toThrow(new Bug('the claim'))
  expect(() => unreachable('odd' as never)).toThrow('unreachable value: odd')
})

test('an outcome carries its value or its refusal', () => {
  expect(accepted(1)).toEqual({ ok: true, value: 1 })
  expect(refused({ code: 'no' })).toEqual({ ok: false, refusal: { code: 'no' } })
})
