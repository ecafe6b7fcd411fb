import { expect, test } from 'vitest'
import { describeAge, describeNode, formatOffset } from './node-look.ts'

test.for([
  [0, 'age.seconds', 0],
  [59.4, 'age.seconds', 59],
  [60, 'age.minutes', 1],
  [3_599, 'age.minutes', 59],
  [7_200, 'age.hours', 2],
  [200_000, 'age.days', 2],
] as const)('%i s is %s %i', ([seconds, text, count]) => {
  expect(describeAge(seconds)).toEqual({ text, count })
})

test.for([
  [0, '±0 s'],
  [-49, '±0 s'],
  [-1_500, '−1.5 s'],
  [62_000, '+62 s'],
] as const)('a clock that is off by %i ms says %s', ([offsetMs, text]) => {
  expect(formatOffset(offsetMs)).toBe(text)
})

test('what needs somebody is never green', () => {
  expect(describeNode('alarm').tone).toBe('danger')
  expect(describeNode('attention').tone).toBe('warn')
  expect(describeNode('away').tone).toBe('idle')
})
