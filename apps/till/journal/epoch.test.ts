import { expect, test } from 'vitest'
import { chooseEpoch, markOf, raiseMinor } from './epoch.ts'

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
  expect(chooseEpoch('2.3', { mark, head: found })).toBe(epoch)
})

test('a minor above nine stays a number', () => {
  expect(raiseMinor('1.9')).toBe('1.10')
  expect(raiseMinor('12.99')).toBe('12.100')
})
