import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeToken, tokensKept } from './rolling-token.ts'

test.for([
  { what: 'nothing was heard', history: [], held: 'a', next: 'b', verdict: 'begins' },
  { what: 'it goes on', history: ['a', 'b'], held: 'b', next: 'c', verdict: 'goes_on' },
  { what: 'the answer was lost', history: ['a', 'b'], held: 'a', next: 'b', verdict: 'repeats' },
  { what: 'it comes late', history: ['a', 'b', 'c'], held: 'a', next: 'b', verdict: 'repeats' },
  { what: 'another went on', history: ['a', 'b'], held: 'a', next: 'x', verdict: 'cloned' },
  { what: 'an old image', history: ['b', 'c'], held: 'a', next: 'b', verdict: 'cloned' },
  { what: 'a stranger', history: ['a'], held: 'x', next: 'y', verdict: 'cloned' },
] as const)('$what: $verdict', ({ history, held, next, verdict }) => {
  expect(judgeToken([...history], { held, next })).toBe(verdict)
})

/** A parent's memory of one child's epoch. */
function makeParent() {
  let history: string[] = []
  return (pair: { held: string; next: string }) => {
    const verdict = judgeToken(history, pair)
    if (verdict === 'begins') history = [pair.held, pair.next]
    if (verdict === 'goes_on') history = [...history, pair.next].slice(-tokensKept)
    return verdict
  }
}

/** A child's memory: what it wrote down, and what it says. A copy has the memory, and chance of its own. */
function makeChild(name: string, memory: { held: string; next: string | undefined }) {
  let { held, next } = memory
  let made = 0
  return {
    say: () => {
      made += 1
      next ??= `${name}${made}`
      return { held, next }
    },
    hear: () => {
      if (next !== undefined) held = next
      next = undefined
    },
    copy: (as: string) => makeChild(as, { held, next }),
  }
}

type Event = 'heard' | 'answer lost' | 'hello lost' | 'said twice'
const events = fc.constantFrom<Event>('heard', 'answer lost', 'hello lost', 'said twice')

test('one child is never taken for a copy, whatever is lost or repeated', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 100 }), (happens) => {
      const parent = makeParent()
      const child = makeChild('a', { held: 'a0', next: undefined })
      for (const event of happens) {
        const pair = child.say()
        if (event === 'hello lost') continue
        expect(parent(pair)).not.toBe('cloned')
        if (event === 'said twice') expect(parent(pair)).not.toBe('cloned')
        if (event !== 'answer lost') child.hear()
      }
    }),
  )
})

test('of two copies that go on, one is found, and the other is left in peace', () => {
  fc.assert(
    fc.property(
      fc.array(events, { maxLength: 30 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
      (before, turns) => {
        const parent = makeParent()
        const child = makeChild('a', { held: 'a0', next: undefined })
        for (const event of before) {
          const pair = child.say()
          if (event === 'hello lost') continue
          parent(pair)
          if (event !== 'answer lost') child.hear()
        }
        const both = [child, child.copy('b')] as const
        const found = new Set<number>()
        // Each of both says hello and hears; who is found asks for an epoch of its own and is quiet here.
        for (const turn of [...turns.map(Number), 0, 1, 0, 1, 0, 1]) {
          if (found.has(turn)) continue
          const each = both[turn]
          if (each === undefined) continue
          if (parent(each.say()) === 'cloned') found.add(turn)
          else each.hear()
        }
        expect(found.size).toBe(1)
      },
    ),
  )
})
