import { expect, test } from 'vitest'
import { keepMs, mayForget } from './retain.ts'

const now = Date.UTC(2026, 10, 20)

test.for([
  { seq: 5, cloud: 5, age: keepMs, may: true },
  { seq: 5, cloud: 9, age: keepMs + 1, may: true },
  { seq: 5, cloud: 4, age: 10 * keepMs, may: false },
  { seq: 5, cloud: 5, age: keepMs - 1, may: false },
  { seq: 1, cloud: 0, age: 10 * keepMs, may: false },
  // A clock that was set back.
  { seq: 5, cloud: 5, age: -1, may: false },
])('fact $seq, cloud has $cloud, $age ms old: $may', ({ seq, cloud, age, may }) => {
  expect(mayForget({ seq, sealedMs: now - age }, cloud, now)).toBe(may)
})
