import { expect, test } from 'vitest'
import { judgeBody } from './body.ts'

test.for([
  { what: 'after a set-up', kept: undefined, beside: undefined, keyWorks: true, body: 'first' },
  { what: 'at the next start', kept: 'a', beside: 'a', keyWorks: true, body: 'same' },
  { what: 'without Ed25519', kept: 'a', beside: 'a', keyWorks: undefined, body: 'same' },
  { what: 'in another profile', kept: 'a', beside: undefined, keyWorks: true, body: 'other' },
  { what: 'put back from a backup', kept: 'a', beside: 'b', keyWorks: true, body: 'other' },
  { what: 'with a key that was cut off', kept: 'a', beside: 'a', keyWorks: false, body: 'other' },
] as const)('$what: $body', ({ kept, beside, keyWorks, body }) => {
  expect(judgeBody({ kept, beside, keyWorks })).toBe(body)
})
