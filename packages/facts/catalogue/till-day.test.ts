import { createHash } from 'node:crypto'
import { expectedMinor } from '@tillkeeper/core/till/till-session.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFact } from '../read-fact.ts'
import { hlcZero } from '../seal/hlc.ts'
import { factBytesMax, seal } from '../seal/seal.ts'
import { authorStreamId, genesisHash } from '../seal/stream.ts'
import type { SaleCompletedBody } from './sale-completed.ts'
import { someTillDay } from './till-day.gen.ts'
import type { CashMovedBody, TillClosedBody, TillOpenedBody } from './till-session.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const org = '01940000-0000-7000-8000-0000000000a0'
const sealer = { org, author: 't-1', epoch: '1.0', sha256 }
const stream = authorStreamId('t-1', '1.0', 'business')
const start = {
  head: { stream, seq: 0, hash: genesisHash(sha256, stream) },
  hlc: hlcZero,
  nowMs: 1_000,
}

test('what the rules decide is sealed, and is known to every reader', () => {
  fc.assert(
    fc.property(someTillDay, ({ drafts }) => {
      const { sealed } = seal(sealer, start, drafts)
      for (const { bytes, fact } of sealed) expect(readFact(bytes)).toEqual({ kind: 'known', fact })
      expect(new Set(drafts.map(({ id }) => id)).size).toBe(drafts.length)
    }),
  )
})

test('the facts of a day say what its drawer should hold', () => {
  fc.assert(
    fc.property(someTillDay, (day) => {
      const opened = day.drafts[0]?.body as TillOpenedBody
      const closed = day.drafts.at(-1)?.body as TillClosedBody
      let drawer: number = opened.floatMinor
      for (const { type, body } of day.drafts) drawer += cashOf(type, body)
      expect(closed.expectedMinor).toBe(drawer)
      expect(day.expectedMinor).toBe(drawer)
      expect(expectedMinor(opened.floatMinor, day.totals)).toBe(drawer)
      expect(closed.varianceMinor).toBe(closed.countedMinor - drawer)
    }),
  )
})

test('net sales are what was paid by each way, in each currency, less what cash was rounded by', () => {
  fc.assert(
    fc.property(someTillDay, ({ totals }) => {
      const cash = totals.cashInMinor - totals.payInMinor - totals.cashOutMinor + totals.payOutMinor
      const others = Object.values(totals.others ?? {})
      const abroad = others.reduce((all, { baseMinor = 0 }) => all + baseMinor, 0)
      const rest =
        totals.cardMinor + totals.bankTransferMinor + totals.promptpayMinor + totals.machineMinor
      expect(cash + abroad + rest - (totals.roundingMinor ?? 0)).toBe(
        totals.salesMinor - totals.refundsMinor,
      )
    }),
  )
})

test('receipts of a day are numbered without a gap', () => {
  fc.assert(
    fc.property(someTillDay, ({ drafts }) => {
      const counters = drafts.flatMap(({ body }) => {
        const { receiptCounter } = body as { receiptCounter?: number }
        return receiptCounter === undefined ? [] : [receiptCounter]
      })
      expect(counters).toEqual(counters.map((_, index) => index + 1))
    }),
  )
})

test('the largest sale that the schema takes can be sealed', () => {
  const id = 'ffffffff-ffff-7fff-bfff-ffffffffffff'
  const large = 1_000_000_000_000
  const line = {
    lineNo: 1_000,
    productId: id,
    code: '🍞'.repeat(40),
    name: '🍞'.repeat(200),
    quantity: 1_000_000_000,
    unitPriceMinor: large,
    discountMinor: large,
    totalMinor: large,
    vatBasisPoints: 10_000,
  }
  const pieces = Array.from({ length: 40 }, () => ({ faceMinor: large, pieces: 1_000_000 }))
  const foreign = {
    ...{ currency: 'USD', givenMinor: large, rateId: id },
    ...{ rate: 1_000_000_000, scale: 10 },
  }
  const tender = { method: 'cash', amountMinor: large, givenMinor: large, foreign, pieces }
  const change = { currency: 'USD', minor: large, baseMinor: large, pieces }
  const tax = { vatBasisPoints: 10_000, netMinor: large, taxMinor: large }
  const draft = {
    id,
    type: 'sale.completed',
    v: 2,
    scope: '🍞'.repeat(60),
    actor: '🍞'.repeat(80),
    occurredAt: '2026-11-20T07:05:00.000Z',
    businessDate: '2026-11-20',
    keys: Array.from({ length: 50 }, () => '🍞'.repeat(80)),
    refs: Array.from({ length: 50 }, () => id),
    body: {
      shopId: id,
      tillId: id,
      sessionId: id,
      staffId: id,
      receiptNumber: '🍞'.repeat(24),
      receiptCounter: 9_999_999,
      currency: 'THB',
      lines: Array.from({ length: 1_000 }, () => line),
      taxes: Array.from({ length: 1_000 }, () => tax),
      totalMinor: large,
      taxMinor: large,
      tenders: Array.from({ length: 20 }, () => tender),
      changeMinor: large,
      change: Array.from({ length: 20 }, () => change),
      roundingMinor: -large,
      changePieces: pieces,
      customerNumber: '🍞'.repeat(40),
      note: '🍞'.repeat(200),
    },
  }
  const { sealed } = seal(sealer, start, [draft])
  const bytes = sealed[0]?.bytes ?? new Uint8Array()
  expect(readFact(bytes).kind).toBe('known')
  expect(bytes.length).toBeGreaterThan(factBytesMax / 2)
})

/** What a fact brings into the drawer, read from its tenders and change alone. */
function cashOf(type: string, body: unknown): number {
  if (type === 'cash.moved') {
    const { kind, amountMinor } = body as CashMovedBody
    return kind === 'pay_in' || kind === 'top_up' ? amountMinor : -amountMinor
  }
  if (type !== 'sale.completed' && type !== 'sale.refunded') return 0
  const { tenders, changeMinor = 0, change = [] } = body as SaleCompletedBody
  const given = tenders.reduce(
    (all, { method, givenMinor, foreign }) =>
      method === 'cash' && foreign === undefined ? all + givenMinor : all,
    0,
  )
  const abroad = change.reduce((all, { baseMinor }) => all + baseMinor, 0)
  return type === 'sale.completed' ? given - changeMinor + abroad : -given
}
