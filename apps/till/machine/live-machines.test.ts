import type { LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  findMachine,
  hearMachines,
  isUnknown,
  type MachineEntry,
  type MachinesEvent,
  newsOf,
  noMachines,
} from './live-machines.ts'
import { machineId, record, viewOf } from './machine.gen.ts'
import { newsLengthMax, readNews } from './read-news.ts'

const thb = 'THB' as Currency
const here = { tillId: 'till', currency: thb }
const entry: MachineEntry = {
  ...{ id: machineId, name: 'Counter', currencies: [thb], tills: [], active: true, unresolved: 0 },
}
const idle: LiveRecycler = {
  ...{ recyclerId: machineId, at: 'idle', condition: { is: 'ready' } },
  ...{ capabilities: null, stock: null, attempt: null },
}
const fault = { kind: 'jam', code: '0301', text: 'Notes are stuck' } as const
const after = (...events: MachinesEvent[]) => events.reduce(hearMachines, noMachines)
const register = (...entries: MachineEntry[]): MachinesEvent => ({ type: 'register', entries })
const news = (live: LiveRecycler): MachinesEvent => ({ type: 'news', live })

test.each<[string, Partial<LiveRecycler> | undefined, object | undefined]>([
  ['at rest can be asked', {}, undefined],
  ['without any news cannot', undefined, { why: 'no_line' }],
  ['offline cannot', { at: 'offline' }, { why: 'offline' }],
  ['that is looked at cannot yet', { at: 'checking' }, { why: 'checking' }],
  ['at work cannot', { at: 'working' }, { why: 'busy' }],
  ['at somebody else’s work cannot', { condition: { is: 'busy' } }, { why: 'busy' }],
  [
    'that stopped says why',
    { at: 'stopped', condition: { is: 'fault', fault } },
    { why: 'stopped', fault },
  ],
  ['that stopped without a word cannot', { at: 'stopped' }, { why: 'stopped' }],
])('a machine %s', (_, live, away) => {
  const told = live === undefined ? [] : [news({ ...idle, ...live })]
  const found = findMachine(after(register(entry), { type: 'up' }, ...told), here)
  expect(found?.away).toEqual(away)
})

test.each<[string, Partial<MachineEntry>, boolean]>([
  ['of every till', {}, true],
  ['of this till', { tills: ['till'] }, true],
  ['of another till', { tills: ['other'] }, false],
  ['that was switched off', { active: false }, false],
  ['for other money', { currencies: ['EUR' as Currency] }, false],
])('a machine %s', (_, change, is) => {
  expect(findMachine(after(register({ ...entry, ...change })), here) !== undefined).toBe(is)
})

test('a machine that is ready is asked before one that is not; else the first by its name', () => {
  const second = { ...entry, id: 'second', name: 'Back' }
  const both = [register(entry, second), { type: 'up' }] as const
  expect(findMachine(after(...both), here)?.name).toBe('Back')
  expect(findMachine(after(...both, news(idle)), here)?.name).toBe('Counter')
})

test('what an old line said is not believed on a new one', () => {
  const lost = after(register(entry), { type: 'up' }, news(idle), { type: 'down' }, { type: 'up' })
  expect(findMachine(lost, here)?.away).toEqual({ why: 'no_line' })
  expect(findMachine(after(register(entry), { type: 'off' }), here)?.away).toEqual({
    why: 'no_login',
  })
})

test('the last news counts, whatever came before and however often', () => {
  const at = fc.constantFrom(...(['offline', 'checking', 'idle', 'working', 'stopped'] as const))
  fc.assert(
    fc.property(fc.array(at, { minLength: 1 }), (told) => {
      const heard = after({ type: 'up' }, ...told.map((each) => news({ ...idle, at: each })))
      expect(heard.live.get(machineId)?.at).toBe(told.at(-1))
    }),
  )
})

test('news of a machine that is not in the register ask for it; an attempt is told from another', () => {
  expect(isUnknown(after(register(entry)), machineId)).toBe(false)
  expect(isUnknown(after(register(entry)), 'new')).toBe(true)
  expect(newsOf(idle, record.attemptId)).toBeUndefined()
  expect(newsOf({ ...idle, attempt: viewOf() }, record.attemptId)).toEqual(viewOf())
  expect(newsOf({ ...idle, attempt: viewOf() }, 'another')).toBe('other')
})

test('news are the same however their bytes are cut', () => {
  const stream =
    ': here\n\ndata: {"a":1}\n\ndata: {"b":\r\ndata: 2}\r\n\r\nevent: x\n\n: still here\n\ndata:3\n\n'
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const heard: string[] = []
      const read = readNews((data) => heard.push(data))
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length]
      for (const [index, from] of at.entries())
        expect(read(stream.slice(from, at[index + 1]))).toBe(true)
      expect(heard).toEqual(['{"a":1}', '{"b":\n2}', '3'])
    }),
  )
})

test('a line that never ends an event is dropped', () => {
  const read = readNews(() => undefined)
  expect(read('data: ')).toBe(true)
  expect(read('x'.repeat(newsLengthMax))).toBe(false)
})
