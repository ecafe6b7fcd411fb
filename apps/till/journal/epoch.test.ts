import { expect, test } from 'vitest'
import { chooseEpoch, markOf, provisionalEpoch, raiseMinor } from './epoch.ts'

const head = markOf({ stream: 't-1:2.3/business', seq: 7, hash: 'ab' })

test.for([
  { what: 'a first start', mark: undefined, found: undefined, epoch: '2.3' },
  { what: 'a start after a good end', mark: head, found: head, epoch: '2.3' },
  { what: 'a start after a kill', mark: undefined, found: head, epoch: '2.4' },
  {
    what: 'a mark from before the last fact',
    mark: markOf({ stream: 't-1:2.3/business', seq: 6, hash: 'aa' }),
    found: head,
    epoch: '2.4',
  },
  {
    what: 'a head of the same position with other content',
    mark: markOf({ stream: 't-1:2.3/business', seq: 7, hash: 'ac' }),
    found: head,
    epoch: '2.4',
  },
])('$what seals in $epoch', ({ mark, found, epoch }) => {
  const how = { mark, head: found, suspect: false, chance: 0.5 }
  expect(chooseEpoch('2.3', how)).toBe(epoch)
})

test.for([
  { what: 'after a good end', mark: head, found: head },
  { what: 'before its first fact', mark: undefined, found: undefined },
])('a suspect start $what seals where no copy of it does', ({ mark, found }) => {
  const start = (chance: number) => chooseEpoch('2.3', { mark, head: found, suspect: true, chance })
  expect(start(0.25)).toBe('2.300000000')
  expect(start(0.25)).not.toBe(start(0.250001))
})

test('a minor above nine stays a number, and a provisional one has nine digits', () => {
  expect(raiseMinor('1.9')).toBe('1.10')
  expect(raiseMinor('12.99')).toBe('12.100')
  for (const chance of [0, 0.999_999_999_999]) {
    const epoch = provisionalEpoch('12.4', chance)
    expect(epoch).toMatch(/^12\.[1-8]\d{8}$/)
    expect(raiseMinor(epoch)).toMatch(/^12\.\d{9}$/)
  }
})
