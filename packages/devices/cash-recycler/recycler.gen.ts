import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import type { Attempt, Capabilities, Reply, Stock, Work } from './contract.ts'
import type { RecyclerEvent } from './recycler-state.ts'

// Machines, attempts and news, for properties.

export const baht = 'THB' as Currency
const faces: readonly Minor[] = [100_000, 50_000, 10_000, 2_000, 1_000, 500, 100].map(minor)

export const capabilities: Capabilities = {
  ...{ currencies: [baht], payIn: true, payOut: 'both', deposit: true },
  replenish: ['entrance'],
  collect: ['cash_box', 'exit'],
  ...{ lock: true, reset: true, verify: true, pushes: true },
}

const pieces = fc
  .uniqueArray(
    fc.record({ faceMinor: fc.constantFrom(...faces), pieces: fc.integer({ min: 1, max: 9 }) }),
    {
      selector: ({ faceMinor }) => faceMinor,
      maxLength: 4,
    },
  )
  .map((list) => list.toSorted((a, b) => b.faceMinor - a.faceMinor))

export const anyPieces = pieces

export const anyStock: fc.Arbitrary<Stock> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 })), {
    minLength: faces.length,
    maxLength: faces.length,
  })
  .map((counts) =>
    counts.flatMap(([recycling, boxed], index) => {
      const faceMinor = faces[index] ?? minor(100)
      const line = { currency: baht, faceMinor, level: 'normal' } as const
      return [
        { ...line, unit: 'recycling', pieces: recycling } as const,
        { ...line, unit: 'cash_box', pieces: boxed } as const,
      ]
    }),
  )

const amount = fc.integer({ min: 1, max: 500_000 }).map(minor)
export const anyWork: fc.Arbitrary<Work> = fc.oneof(
  fc.record({ kind: fc.constant('pay_in' as const), amountMinor: amount }),
  fc.record({ kind: fc.constant('pay_out' as const), amountMinor: amount }),
  fc.constant({ kind: 'deposit' } as const),
  fc.constant({ kind: 'replenish', from: 'entrance' } as const),
  fc.record({
    kind: fc.constant('collect' as const),
    to: fc.constantFrom('cash_box', 'exit'),
    pieces,
  }),
)

export const anyAttempt = (seqNos: fc.Arbitrary<string>): fc.Arbitrary<Attempt> =>
  fc
    .record({ seqNo: seqNos, work: anyWork, before: anyStock })
    .map((part) => ({ attemptId: `attempt ${part.seqNo}`, currency: baht, ...part }))

export const anyReply: fc.Arbitrary<Reply> = fc.record({
  result: fc.constantFrom('done', 'cancelled', 'short', 'inconsistent', 'failed'),
  in: pieces,
  out: pieces,
  code: fc.constantFrom('0', '1', '10', '12', '100'),
})

const seqNos = fc.constantFrom('1', '2', '3')
const by = { seqNo: seqNos }
const news = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields)
const type = <T extends RecyclerEvent['type']>(name: T) => fc.constant(name)
const fault = { kind: 'jam', code: '0501', text: 'jam' } as const

/** Any news and any order, in any order: also those that no sound machine or person would send. */
export const anyEvent: fc.Arbitrary<RecyclerEvent> = fc.oneof(
  fc.constantFrom<RecyclerEvent>(
    { type: 'linked', capabilities },
    { type: 'lost', why: 'line' },
    { type: 'condition', condition: { is: 'ready' } },
    { type: 'condition', condition: { is: 'busy' } },
    { type: 'condition', condition: { is: 'fault', fault } },
    { type: 'noted' },
    { type: 'not_noted' },
    { type: 'cancel' },
    { type: 'end_short' },
    { type: 'finish' },
    { type: 'reset' },
    { type: 'verify' },
    { type: 'lock', locked: true },
    { type: 'give_up' },
    { type: 'strange', about: 'noise' },
    { type: 'no_answer', command: 'start' },
    { type: 'no_answer', command: 'read_stock' },
  ),
  news({ type: type('stock'), stock: anyStock, certain: fc.boolean() }),
  news({ type: type('inserted'), minor: amount, ...by }),
  news({ type: type('giving'), minor: amount, ...by }),
  news({ type: type('short'), ...by }),
  news({ type: type('started'), ...by }),
  news({
    type: type('not_started'),
    refusal: fc.constantFrom(
      { code: 'busy', makerCode: '11' } as const,
      { code: 'duplicate', makerCode: '96' } as const,
    ),
    ...by,
  }),
  news({ type: type('replied'), reply: anyReply, ...by }),
  news({
    type: type('finding'),
    finding: fc.oneof(
      fc.constantFrom(
        { found: 'nothing' } as const,
        { found: 'running', insertedMinor: minor(100) } as const,
      ),
      anyReply.map((reply) => ({ found: 'reply', reply }) as const),
    ),
    ...by,
  }),
  news({ type: type('work'), attempt: anyAttempt(seqNos) }),
  news({ type: type('recall'), attempt: anyAttempt(seqNos) }),
  news({
    type: type('waited'),
    wait: fc.constantFrom('start', 'cancel', 'settle', 'find', 'check'),
  }),
)
