import { expect, test } from 'vitest'
import { ApiProblem, faultOf, Unreachable } from '../api/problem.ts'
import { addressOf } from '../api/send.ts'
import { describeLink } from './describe-link.ts'
import { addDays, readScope } from './scope.ts'

const whole = { linkUp: true, unacknowledged: 0, parked: 0 }

test('the link says the worst that is known', () => {
  expect(describeLink('up', whole)).toMatchObject({ tone: 'good', text: 'link.up' })
  expect(describeLink('down', whole)).toMatchObject({ tone: 'warn', text: 'link.down' })
  expect(describeLink('up', { ...whole, parked: 2 })).toMatchObject({
    text: 'link.parked',
    count: 2,
  })
  expect(describeLink('up', { ...whole, unacknowledged: 4 })).toMatchObject({
    text: 'link.sending',
    count: 4,
  })
})

test('a shop without internet is no alarm: it keeps what will be sent', () => {
  const offline = describeLink('up', { ...whole, linkUp: false, unacknowledged: 3 })
  expect(offline).toEqual({ tone: 'idle', text: 'link.offline', count: 3 })
})

test('an address keeps the shop and the day, and drops what makes no sense', () => {
  const shop = '01990000-0000-7000-8000-000000000001'
  expect(readScope({ shop, date: '2026-11-20' })).toEqual({ shop, date: '2026-11-20' })
  expect(readScope({ shop: '../etc', date: '2026-02-30', x: 1 })).toEqual({})
})

test('a question leaves out fields that are not set', () => {
  expect(addressOf('/v1/sales', { q: 'a b', date: undefined, shopId: '' })).toBe('/v1/sales?q=a+b')
  expect(addressOf('/v1/live', { after: 0 })).toBe('/v1/live?after=0')
})

test('days go on over the ends of months', () => {
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
})

test('every fault has its own sort', () => {
  const problem = (status: number) => faultOf(new ApiProblem({ status, code: 'any' }))
  expect([401, 403, 404, 429, 503, 500, 400].map(problem)).toEqual([
    'login',
    'forbidden',
    'not_found',
    'busy',
    'busy',
    'failed',
    'failed',
  ])
  expect(faultOf(new Unreachable())).toBe('unreachable')
  expect(faultOf(new TypeError('ours'))).toBe('failed')
})
