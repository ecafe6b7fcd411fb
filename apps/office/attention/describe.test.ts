import { exceptionKinds } from '@tillkeeper/core/exception/exception-kinds.ts'
import { parkReasons } from '@tillkeeper/core/parking/resolve-fact.ts'
import { expect, test } from 'vitest'
import { ApiProblem, Unreachable } from '../api/problem.ts'
import { en } from '../messages/en.ts'
import {
  describeException,
  describeIncident,
  describeReason,
  describeRefusal,
  describeType,
  findPlace,
  findScreen,
  maySettle,
  receiptOf,
} from './describe.ts'

test('every kind of exception has words, and a next step', () => {
  for (const kind of exceptionKinds) {
    expect(describeException({ kind }), kind).toEqual({
      ...{ text: `exception.${kind}`, next: `exception.${kind}.next` },
    })
  }
})

test('every reason has words, and a next step', () => {
  for (const reason of parkReasons) {
    const { text, next } = describeReason(reason)
    expect(en[text] && en[next], reason).toBeTruthy()
  }
})

test('what this program has no word for is called by its code', () => {
  expect(describeIncident({ kind: 'fork' })).toEqual({
    ...{ text: 'incident.fork', next: 'incident.fork.next' },
  })
  expect(describeIncident({ kind: 'robot' }).text).toBe('incident.other')
  expect(describeException({ kind: 'robot' }).text).toBe('exception.other')
  expect(describeType('sale.completed')).toBe('fact.sale.completed')
  expect(describeType('product.changed')).toBe('fact.changed')
  expect(describeType('robot.danced')).toBe('fact.other')
})

test('an exception leads to what it is about', () => {
  const id = '01990000-0000-7000-8000-000000000001'
  expect(findPlace({ keys: ['shop:x', `sale:${id}`] })).toEqual({ kind: 'sale', id })
  expect(findPlace({ keys: [`session:${id}`] })).toEqual({ kind: 'session', id })
  expect(findPlace({ keys: ['sale:../../x'] })).toBeUndefined()
  const attemptId = '01990000-0000-7000-8000-000000000002'
  expect(findPlace({ keys: [`attempt:${attemptId}`, `recycler:${id}`, `sale:${id}`] })).toEqual({
    ...{ kind: 'recycler', id, attemptId },
  })
  expect(findPlace({ keys: [`recycler:${id}`, 'attempt:../x'] })).toEqual({ kind: 'recycler', id })
  expect(findScreen({ keys: [`bag:${id}`] })).toBe('/cash/deposits')
  expect(findScreen({ keys: [`fund:${id}:${id}`] })).toBe('/cash/funds')
  expect(findScreen({ keys: ['robot:1', 'constructor:1'] })).toBeUndefined()
})

test('only what a person decides can be settled', () => {
  expect(parkReasons.filter((reason) => !maySettle({ reason }))).toEqual([
    ...['unknown_type', 'behind'],
  ])
})

test('why it was not settled', () => {
  const said = (code: string) => describeRefusal(new ApiProblem({ status: 409, code }))
  expect(said('fact_not_parked')).toBe('settle.refused.gone')
  expect(said('robot')).toBe('settle.refused')
  expect(describeRefusal(new Unreachable())).toBe('settle.unreachable')
})

test('a broken fact may have lost its number', () => {
  expect(receiptOf({ body: { receiptNumber: 'RCP-1' } })).toBe('RCP-1')
  for (const body of [null, {}, { receiptNumber: 4 }, 'x']) expect(receiptOf({ body })).toBe('')
})
