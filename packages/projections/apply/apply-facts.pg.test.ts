import { type SessionId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { SaleCompletedBody } from '@tillkeeper/facts/catalogue/sale-completed.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type FactDraft, seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { listCashLocations } from '../cash/cash-sql.ts'
import type { Db } from '../db.ts'
import { nodeAuthor } from '../journal/record-facts.ts'
import { sha256 } from '../journal/sha256.ts'
import { lockOrg } from '../journal/stream-sql.ts'
import { digestTables } from '../rebuild/digest-tables.ts'
import { listDaySummaries } from '../summary/day-summary-sql.ts'
import { listExceptions } from '../summary/exceptions-sql.ts'
import { nowMs, recordedAt } from '../testing/fill-database.ts'
import { chanceFrom, generateChain, generateTrade } from '../testing/trade.gen.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { findSession } from '../till/session-sql.ts'
import type { AppliedFact } from './applied-fact.ts'
import { applyFacts } from './apply-facts.ts'

// One session told act by act, with the amounts that each table must then hold.

const chance = chanceFrom(51)
const chain = generateChain(chance, { shops: 1, tills: 1 })
const { org } = chain
const [{ shopId, tillId, drafts }] = generateTrade(chance, chain, {
  days: 1,
  salesPerSession: 30,
}) as [ReturnType<typeof generateTrade>[number]]
const opened = drafts[0] as FactDraft
// A sale in the session's own currency.
const sample = drafts.find(
  ({ type, body }) => type === 'sale.completed' && !Object.hasOwn(body as object, 'change'),
) as FactDraft<string, SaleCompletedBody>
const sessionId = opened.id as SessionId
const here = {
  shopId,
  tillId,
  sessionId,
  staffId: sample.body.staffId,
  currency: sample.body.currency,
}

function draft(type: string, body: object, id = uuidv7(nowMs, chance.bytes(10))): FactDraft {
  return { ...sample, id, type, body }
}
const saleOf = (id: string, totalMinor: number, given: number, receiptCounter: number) =>
  draft(
    'sale.completed',
    {
      ...sample.body,
      receiptCounter,
      lines: [{ ...sample.body.lines[0], lineNo: 1, quantity: 2_000, totalMinor }],
      taxes: [{ vatBasisPoints: 700, netMinor: totalMinor - 700, taxMinor: 700 }],
      totalMinor,
      taxMinor: 700,
      tenders: [
        { method: 'cash', amountMinor: totalMinor - 1_000, givenMinor: given - 1_000 },
        { method: 'card', amountMinor: 1_000, givenMinor: 1_000 },
      ],
      changeMinor: given - totalMinor,
    },
    id,
  )
const refundOf = (saleId: string | undefined, quantity: number, totalMinor: number) => {
  const {
    discountMinor: _,
    unitPriceMinor: __,
    ...line
  } = sample.body.lines[0] as {
    discountMinor: number
    unitPriceMinor: number
  }
  const { changeMinor: ___, ...body } = sample.body
  return draft('sale.refunded', {
    ...body,
    ...(saleId === undefined ? {} : { saleId }),
    receiptCounter: 9,
    lines: [{ ...line, lineNo: 1, quantity, totalMinor }],
    taxes: [],
    totalMinor,
    taxMinor: 65,
    tenders: [{ method: 'cash', amountMinor: totalMinor, givenMinor: totalMinor }],
    reason: 'stale',
  })
}
const moved = (kind: string, amountMinor: number) =>
  draft('cash.moved', { ...here, kind, amountMinor })
const close = (countedMinor: number, expectedMinor: number) =>
  draft('till.closed', {
    ...here,
    countedMinor,
    expectedMinor,
    varianceMinor: countedMinor - expectedMinor,
  })

function sealed(all: readonly FactDraft[]): AppliedFact[] {
  const author = nodeAuthor(org, 't-1', '1.0')
  const head = { stream: author.stream, seq: 0, hash: genesisHash(sha256, author.stream) }
  const facts = seal({ ...author, sha256 }, { head, hlc: hlcZero, nowMs }, all).sealed
  return facts.map(({ fact }) => ({ fact: fact as KnownFact, recordedAt }))
}
const apply = (db: Db, all: readonly FactDraft[]) =>
  db.begin(async (tx) => {
    await lockOrg(tx, org)
    return applyFacts(tx, org, sealed(all))
  })

const saleId = uuidv7(nowMs, chance.bytes(10))
const story = [
  draft(
    'till.opened',
    {
      ...(opened.body as object),
      others: undefined,
      ...{ floatMinor: 50_000, leftMinor: 0, loanMinor: 50_000, varianceMinor: 0 },
    },
    sessionId,
  ),
  saleOf(saleId, 10_700, 12_000, 7),
  refundOf(saleId, 1_000, 5_350),
  moved('pay_in', 300),
  moved('pay_out', 200),
  moved('drop', 20_000),
  moved('top_up', 4_000),
  close(38_400, 38_450),
]

test('a session’s cash, totals and day are what its acts come to', () =>
  withTestDatabase(async (db) => {
    expect(await apply(db, story)).toHaveLength(story.length)
    // 50,000 + 9,700 + 300 − 5,350 − 200 − 20,000 + 4,000 = 38,450
    expect(await findSession(db, org, sessionId)).toMatchObject({
      state: 'closed_with_variance',
      expectedMinor: 38_450,
      close: { countedMinor: 38_400, varianceMinor: -50 },
      totals: {
        ...{ sales: 1, salesMinor: 10_700, refunds: 1, refundsMinor: 5_350, taxMinor: 635 },
        ...{ cashInMinor: 10_000, cashOutMinor: 5_550, payInMinor: 300, payOutMinor: 200 },
        ...{ droppedMinor: 20_000, toppedUpMinor: 4_000 },
        ...{ cardMinor: 1_000, bankTransferMinor: 0, promptpayMinor: 0, machineMinor: 0 },
      },
    })
    const balance = Object.fromEntries(
      (await listCashLocations(db, org, { shops: 'all' })).map((at) => [at.kind, at.balanceMinor]),
    )
    expect(balance).toEqual({
      drawer: 0,
      safe: -50_000 + 20_000 - 4_000 + 38_400,
      customer: -9_700 + 5_350,
      supplier: -100,
      over_short: 50,
    })
    const { businessDate: from } = sample
    expect(await listDaySummaries(db, org, { shops: 'all', from, to: from })).toMatchObject([
      {
        ...{ sales: 1, salesMinor: 10_700, refunds: 1, refundsMinor: 5_350, taxMinor: 635 },
        ...{ cashMinor: 9_700 - 5_350, payInMinor: 300, payOutMinor: 200 },
        ...{ closes: 1, varianceMinor: -50 },
        hours: [{ sales: 1, salesMinor: 10_700, refundsMinor: 5_350 }],
      },
    ])
    const counters = await db`SELECT last FROM receipt_counter`
    expect(counters.map(({ last }) => last)).toEqual([9])
  }))

test('acts that were applied before change nothing, together or one by one, in any order', () =>
  withTestDatabase(async (db) => {
    await apply(db, story)
    const before = await digestTables(db, { org })
    expect(await apply(db, story)).toEqual([])
    for (const act of [...story].reverse()) expect(await apply(db, [act])).toEqual([])
    expect(await apply(db, [...story, ...story])).toEqual([])
    expect(await digestTables(db, { org })).toEqual(before)
  }))

test('an act that stands twice in a batch counts once', () =>
  withTestDatabase((db) =>
    withTestDatabase(async (other) => {
      await apply(db, story)
      expect(
        await apply(
          other,
          story.flatMap((act) => [act, act]),
        ),
      ).toHaveLength(story.length)
      expect(await digestTables(other, { org })).toEqual(await digestTables(db, { org }))
    }),
  ))

// A refund of the whole, after half came back; and one of a little more money than the sale's line.
test.for([
  {
    what: 'more pieces',
    refunds: [refundOf(saleId, 1_000, 5_350), refundOf(saleId, 1_001, 5_000)],
  },
  { what: 'more money', refunds: [refundOf(saleId, 2_000, 10_701)] },
])('a refund of $what than was sold raises one exception, in any order', ({ refunds }) =>
  withTestDatabase((db) =>
    withTestDatabase(async (other) => {
      const [open, sale] = story as [FactDraft, FactDraft]
      for (const act of [open, sale, ...refunds]) await apply(db, [act])
      for (const act of [...refunds, sale, open].reverse()) await apply(other, [act])
      const anyOrder = [...refunds].reverse()
      await withTestDatabase(async (third) => {
        for (const act of [...anyOrder, sale, open]) await apply(third, [act])
        expect(await digestTables(third, { org })).toEqual(await digestTables(db, { org }))
      })
      expect(await digestTables(other, { org })).toEqual(await digestTables(db, { org }))
      const { items: raised } = await listExceptions(db, org, { shops: 'all', limit: 10 })
      expect(raised).toMatchObject([
        {
          id: `${saleId}/refund_exceeds_sale`,
          shopId,
          keys: [`sale:${saleId}`],
          detail: { soldMinor: 10_700, lines: [{ lineNo: 1, sold: 2_000 }] },
        },
      ])
    }),
  ),
)

test('what comes back in whole, or without a receipt, raises nothing', () =>
  withTestDatabase(async (db) => {
    const whole = [refundOf(saleId, 1_000, 5_350), refundOf(saleId, 1_000, 5_350)]
    await apply(db, [...story.slice(0, 2), ...whole, refundOf(undefined, 9_000, 99_000)])
    expect((await listExceptions(db, org, { shops: 'all', limit: 10 })).items).toEqual([])
  }))

test('of two closes the earlier id is the session’s, and a manager is told', () =>
  withTestDatabase(async (db) => {
    const closes = [close(38_400, 38_450), close(38_450, 38_450)].map((act, index) => ({
      ...act,
      id: `019cac0f-2680-7000-8000-00000000000${2 - index}`,
    }))
    await apply(db, [...story.slice(0, -1), ...closes])
    expect(await findSession(db, org, sessionId)).toMatchObject({
      state: 'closed',
      close: { id: '019cac0f-2680-7000-8000-000000000001', countedMinor: minor(38_450) },
    })
    expect((await listExceptions(db, org, { shops: 'all', limit: 10 })).items).toMatchObject([
      {
        id: `${sessionId}/session_closed_twice`,
        kind: 'session_closed_twice',
        shopId,
        detail: { closes: [{ countedMinor: 38_450 }, { countedMinor: 38_400 }] },
      },
    ])
  }))
