import { expect, test } from 'vitest'
import { readResult } from './run-pgbench.ts'

const output = (failed: number) => `
number of transactions actually processed: 1234
number of failed transactions: ${failed} (0.000%)
latency average = 4.0 ms
tps = 246.812 (without initial connection time)
`

test('what pgbench prints at its end is read', () => {
  expect(readResult(output(0))).toEqual({ transactions: 1234, perSecond: 246.812 })
})

test('a failed transaction, or no result, is an error', () => {
  expect(() => readResult(output(1))).toThrow('did not end well')
  expect(() => readResult('pgbench: error: no route to host')).toThrow('no route')
})
