import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import type { Attempt, Reply, Stock } from './contract.ts'
import { baht, capabilities } from './recycler.gen.ts'
import { type RecyclerEffect, type RecyclerEvent, step } from './recycler-state.ts'
import { settleAttempt } from './settle-attempt.ts'

// The stories that no random one tells often enough: a sale that was begun, and then nobody knows.

const hundred = minor(10_000)
const stock = (pieces: number): Stock => [
  { unit: 'recycling', currency: baht, faceMinor: hundred, pieces, level: 'normal' },
]
const sale: Attempt = {
  ...{ attemptId: 'a', seqNo: '1', currency: baht, before: stock(5) },
  work: { kind: 'pay_in', amountMinor: hundred },
}
const atRest: readonly RecyclerEvent[] = [
  { type: 'linked', capabilities },
  { type: 'condition', condition: { is: 'ready' } },
  { type: 'stock', stock: stock(5), certain: true },
]

/** What all these events together brought about. */
function tell(...events: readonly RecyclerEvent[]) {
  let state: Parameters<typeof step>[0] = { at: 'offline' }
  const effects: RecyclerEffect[] = []
  for (const event of events) {
    const next = step(state, event)
    state = next.state
    effects.push(...next.effects)
  }
  const sent = effects.flatMap((effect) => (effect.type === 'send' ? [effect.command.type] : []))
  return { state, sent, ended: effects.filter(({ type }) => type === 'ended') }
}

const begun: readonly RecyclerEvent[] = [
  ...atRest,
  { type: 'work', attempt: sale },
  { type: 'noted' },
]

test('the machine hears of work when its intent is written, and not before', () => {
  const noting = tell(...atRest, { type: 'work', attempt: sale })
  expect(noting.state.at).toBe('noting')
  expect(noting.sent).not.toContain('start')
  expect(tell(...begun).sent.filter((type) => type === 'start')).toHaveLength(1)
})

test.each<RecyclerEvent>([
  { type: 'waited', wait: 'start' },
  { type: 'no_answer', command: 'start' },
])('a start without an answer is looked for, and ends nothing: %o', (silence) => {
  const { state, sent, ended } = tell(...begun, silence)
  expect(state).toMatchObject({ at: 'finding', attempt: { attemptId: 'a' } })
  expect(sent.at(-1)).toBe('find')
  expect(ended).toEqual([])
})

test.each<readonly RecyclerEvent[]>([
  [],
  [{ type: 'started', seqNo: '1' }],
  [{ type: 'waited', wait: 'start' }],
])(
  'a line that breaks under work keeps it open, and looks for it when it is back: %o',
  (...news) => {
    const off = tell(...begun, ...news, { type: 'lost', why: 'a cable' })
    expect(off.state).toMatchObject({ at: 'offline', open: { attemptId: 'a' } })
    const back = tell(
      ...[...begun, ...news],
      { type: 'lost', why: 'a cable' },
      { type: 'linked', capabilities },
    )
    expect(back.sent.at(-1)).toBe('find')
    expect(back.ended).toEqual([])
  },
)

const reply = (result: Reply['result'], given = 0): Reply => {
  const out = given === 0 ? [] : [{ faceMinor: hundred, pieces: given }]
  return { result, in: [{ faceMinor: hundred, pieces: 1 }], out, code: '13' }
}

test('a reply that failed is certain only where the machine holds what it says', () => {
  const doubted = { ending: 'unresolved', certain: false, because: 'reply' }
  expect(settleAttempt(sale, reply('failed'), undefined)).toMatchObject(doubted)
  expect(settleAttempt(sale, reply('failed'), stock(5))).toMatchObject(doubted)
  expect(settleAttempt(sale, reply('failed'), stock(6))).toMatchObject({
    ...{ ending: 'done', certain: true },
  })
})

test('a machine that does not know what it gave is not believed, whatever it holds', () => {
  for (const after of [undefined, stock(5), stock(6)]) {
    expect(settleAttempt(sale, reply('inconsistent'), after)).toMatchObject({
      ...{ ending: 'unresolved', certain: false },
    })
  }
})
