import { expect, test } from 'vitest'
import { isUp, judgeNode, type NodeReport } from './judge-node.ts'

const nowMs = Date.parse('2026-11-21T08:00:00.000Z')
const ago = (seconds: number) => new Date(nowMs - seconds * 1_000).toISOString()
const well: NodeReport = {
  heardAt: ago(20),
  direct: true,
  lagFacts: 0,
  oldestUnackedAt: null,
  parked: 0,
  clockOffsetMs: 12,
  openIncidents: 0,
}

test.for([
  [{}, 'well'],
  [{ lagFacts: 3 }, 'behind'],
  [{ lagFacts: 3, oldestUnackedAt: ago(59) }, 'behind'],
  [{ lagFacts: 3, oldestUnackedAt: ago(61) }, 'alarm'],
  // A shop that has no line is not stuck: it is away, and its facts wait.
  [{ heardAt: ago(101), oldestUnackedAt: ago(9_000) }, 'away'],
  [{ heardAt: null }, 'away'],
  // A till that the cloud only hears of.
  [{ heardAt: ago(9_000), direct: false }, 'well'],
  [{ parked: 1 }, 'attention'],
  [{ parked: 1, heardAt: null }, 'attention'],
  [{ clockOffsetMs: -61_000 }, 'attention'],
  [{ clockOffsetMs: 300_001 }, 'alarm'],
  [{ openIncidents: 1, parked: 9 }, 'alarm'],
] as const)('%o is %s', ([changes, state]) => {
  expect(judgeNode({ ...well, ...changes }, nowMs)).toBe(state)
})

test('three missed hellos are a line that is down', () => {
  expect([isUp(ago(99), nowMs), isUp(ago(100), nowMs), isUp(null, nowMs)]).toEqual([
    true,
    false,
    false,
  ])
})
