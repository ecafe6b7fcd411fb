import { minor } from '@tillkeeper/core/money/money.ts'
import { describe, expect, test } from 'vitest'
import type { Work } from '../contract.ts'
import { type Bench, emptyJournal, expectTrue, keptMinor, Life, readStock } from './bench.ts'

// What every driver is held to: a sale, a pay-out, and everything that can come between, over a simulator that keeps
// its own truth. Money is compared by the piece. Faces and amounts are those of baht, in satang.

const [thousand, hundred, twenty, ten, one] = [100_000, 10_000, 2_000, 1_000, 100]
const take = (amount: number): Work => ({ kind: 'pay_in', amountMinor: minor(amount) })
const give = (amount: number): Work => ({ kind: 'pay_out', amountMinor: minor(amount) })

type Case = readonly [name: string, run: (bench: Bench) => Promise<void>]

/** The machine and the journal agree on all that moved since, and no start was said twice. */
function expectWhole(life: Life): void {
  const begun = life.bench.begun()
  expect(new Set(begun).size).toBe(begun.length)
}

const sales: readonly Case[] = [
  [
    'says what it can do, and what it holds',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      await life.until('idle')
      expect(life.capabilities()).toMatchObject({ payIn: true })
      expect(life.capabilities().currencies).toContain(bench.currency)
      expect(readStock(life)).toEqual(bench.holds())
      await life.kill()
    },
  ],
  [
    'takes an exact amount, and tells of it as it comes',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(take(hundred + twenty))
      await life.insert(hundred)
      await life.until('working')
      await life.insert(twenty)
      const ended = await life.end(seqNo)
      expect(ended).toMatchObject({ settled: { ending: 'done', out: [] }, differences: [] })
      expectTrue(ended, before, bench.holds())
      const progress = life.news.filter((news) => news.type === 'progress')
      expect(progress.every(({ attempt }) => attempt.seqNo === seqNo)).toBe(true)
      await life.until('idle')
      expect(readStock(life)).toEqual(bench.holds())
      expectWhole(life)
      await life.kill()
    },
  ],
  [
    'gives change',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(take(hundred + twenty + one))
      await life.insert(thousand)
      const ended = await life.end(seqNo)
      expect(ended).toMatchObject({ settled: { ending: 'done' }, differences: [] })
      expect(keptMinor(ended)).toBe(hundred + twenty + one)
      expectTrue(ended, before, bench.holds())
      expectWhole(life)
      await life.kill()
    },
  ],
  [
    'gives back what was put in when it is cancelled in the middle',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(take(hundred * 2))
      await life.insert(hundred, twenty)
      await life.until('working')
      life.order({ type: 'cancel' })
      const ended = await life.end(seqNo)
      expect(ended).toMatchObject({ settled: { ending: 'not_done' }, differences: [] })
      expectTrue(ended, before, bench.holds())
      expectWhole(life)
      await life.kill()
    },
  ],
  [
    'is cancelled before anything was put in',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(take(hundred))
      life.order({ type: 'cancel' })
      const ended = await life.end(seqNo)
      expect(ended.settled).toMatchObject({ ending: 'not_done', in: [], out: [] })
      expect(bench.holds()).toEqual(before)
      await life.kill()
    },
  ],
  [
    'has too little change: says so, and never calls it done',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      bench.breaks.takeChange()
      await life.until('idle')
      await life.kill()
      const next = new Life(bench, emptyJournal())
      await next.until('idle')
      const before = bench.holds()
      const seqNo = await next.begin(take(twenty))
      await next.insert(thousand)
      // One machine waits for a word, another ends by itself and owes: both end with the truth.
      const asked = () => next.news.some((news) => news.type === 'progress' && news.short)
      while (!next.journal.ended.some(({ attempt }) => attempt.seqNo === seqNo)) {
        if (asked() && next.at === 'working') next.order({ type: 'end_short' })
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      const ended = await next.end(seqNo)
      expectTrue(ended, before, bench.holds())
      expect(ended.settled.ending).toBe(keptMinor(ended) === 0 ? 'not_done' : 'unresolved')
      expect(keptMinor(ended)).not.toBe(twenty)
      await next.kill()
    },
  ],
  [
    'works twice in a row, each attempt its own',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const start = bench.holds()
      const first = await life.begin(take(twenty))
      await life.insert(twenty)
      await life.end(first)
      const between = bench.holds()
      const second = await life.begin(take(hundred - ten))
      await life.insert(hundred)
      expectTrue(await life.end(first), start, between)
      expectTrue(await life.end(second), between, bench.holds())
      expectWhole(life)
      await life.kill()
    },
  ],
]

const payOuts: readonly Case[] = [
  [
    'pays out an amount',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(give(hundred * 3 + twenty * 2 + one))
      const ended = await life.end(seqNo)
      expect(ended).toMatchObject({ settled: { ending: 'done', in: [] }, differences: [] })
      expect(keptMinor(ended)).toBe(-(hundred * 3 + twenty * 2 + one))
      expectTrue(ended, before, bench.holds())
      await life.kill()
    },
  ],
  [
    'pays out more than it has: tells exactly what it gave',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(give(50_000_000))
      const ended = await life.end(seqNo)
      expect(ended.settled.ending).toBe(keptMinor(ended) === 0 ? 'not_done' : 'unresolved')
      expectTrue(ended, before, bench.holds())
      await life.kill()
    },
  ],
]

const refusals: readonly Case[] = [
  [
    'is not begun while another is at work with the machine',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      await life.until('idle')
      const before = bench.holds()
      bench.breaks.occupy(true)
      const seqNo = await life.begin(take(hundred))
      await expect.poll(() => decidedOf(life, seqNo), { timeout: 20_000 }).toBe(true)
      expect(life.journal.ended.every(({ settled }) => settled.ending === 'not_done')).toBe(true)
      expect(bench.begun()).not.toContain(seqNo)
      bench.breaks.occupy(false)
      const again = await life.beginWhenFree(take(hundred))
      await life.insert(hundred)
      expect((await life.end(again)).settled.ending).toBe('done')
      expectTrue(await life.end(again), before, bench.holds())
      await life.kill()
    },
  ],
  [
    'takes one piece of work at a time',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const seqNo = await life.begin(take(hundred))
      await life.until('working')
      const attempt = { ...{ attemptId: 'second', seqNo: '99999999999', before: [] } }
      life.order({
        type: 'work',
        attempt: { ...attempt, currency: bench.currency, work: take(twenty) },
      })
      await expect
        .poll(() => life.news)
        .toContainEqual({ type: 'refuse', attemptId: 'second', code: 'busy' })
      await life.insert(hundred)
      expect((await life.end(seqNo)).settled.ending).toBe('done')
      expect(bench.begun()).not.toContain('99999999999')
      await life.kill()
    },
  ],
]

const decidedOf = (life: Life, seqNo: string): boolean =>
  life.news.some(({ type }) => type === 'refuse') ||
  life.journal.ended.some(({ attempt }) => attempt.seqNo === seqNo)

/** A sale of 80 with a hundred: each ends done, whatever was lost on the way. */
async function expectSale(life: Life, seqNo: string, before: ReturnType<Bench['holds']>) {
  const ended = await life.end(seqNo)
  expect(ended.settled.ending).toBe('done')
  expect(keptMinor(ended)).toBe(hundred - twenty)
  expectTrue(ended, before, life.bench.holds())
  expectWhole(life)
}

const losses: readonly Case[] = [
  [
    'loses the answer to a start that was heard: finds the work, and starts nothing twice',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      await life.until('idle')
      const before = bench.holds()
      bench.breaks.loseStart('heard')
      const seqNo = await life.begin(take(hundred - twenty))
      await life.insert(hundred)
      await expectSale(life, seqNo, before)
      await life.kill()
    },
  ],
  [
    'loses a start that was not heard: not done, and the sale before it is not taken for it',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const earlier = await life.begin(take(hundred))
      await life.insert(hundred)
      await life.end(earlier)
      await life.until('idle')
      const before = bench.holds()
      bench.breaks.loseStart('unheard')
      const seqNo = await life.begin(take(hundred))
      const ended = await life.end(seqNo)
      expect(ended.settled).toMatchObject({ ending: 'not_done', because: 'stock' })
      expectTrue(ended, before, bench.holds())
      expect(bench.begun()).not.toContain(seqNo)
      await life.kill()
    },
  ],
  [
    'loses the word of how it ended: finds it',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(take(hundred - twenty))
      await life.until('working')
      bench.breaks.loseEnd()
      await life.insert(hundred)
      await expectSale(life, seqNo, before)
      await life.kill()
    },
  ],
  [
    'loses the line in the middle: the customer goes on, and it is found when the line is back',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const before = bench.holds()
      const seqNo = await life.begin(take(hundred - twenty))
      await life.until('working')
      bench.breaks.setLine(false)
      await life.until('offline')
      expect(life.journal.ended).toEqual([])
      await life.insert(hundred)
      bench.breaks.setLine(true)
      await expectSale(life, seqNo, before)
      await life.kill()
    },
  ],
  [
    'is given up on while the line is gone: unresolved, nothing assumed, and the next sale works',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const seqNo = await life.begin(take(hundred))
      await life.until('working')
      bench.breaks.setLine(false)
      await life.until('offline')
      life.order({ type: 'give_up' })
      const nothing = { in: [], out: [], certain: false, because: 'nothing' }
      expect((await life.end(seqNo)).settled).toEqual({ ending: 'unresolved', ...nothing })
      await life.insert(hundred)
      bench.breaks.setLine(true)
      await life.until('idle')
      expect(readStock(life)).toEqual(bench.holds())
      const before = bench.holds()
      const next = await life.begin(take(hundred - twenty))
      await life.insert(hundred)
      await expectSale(life, next, before)
      await life.kill()
    },
  ],
]

const deaths: readonly Case[] = [
  [
    'dies between the note and the start: the next life finds that nothing was begun',
    async (bench) => {
      const journal = emptyJournal()
      const first = new Life(bench, journal, 'note')
      const before = bench.holds()
      const seqNo = await first.begin(take(hundred))
      await first.until('noting')
      await first.kill()
      const second = new Life(bench, journal)
      const ended = await second.end(seqNo)
      expect(ended.settled).toMatchObject({ ending: 'not_done', because: 'stock' })
      expectTrue(ended, before, bench.holds())
      expect(bench.begun()).not.toContain(seqNo)
      await second.kill()
    },
  ],
  [
    'dies between the start and the reply: the next life takes the work up where it is',
    async (bench) => {
      const journal = emptyJournal()
      const first = new Life(bench, journal)
      const before = bench.holds()
      const seqNo = await first.begin(take(hundred - twenty))
      await first.until('working')
      await first.kill()
      const second = new Life(bench, journal)
      await second.until('working')
      await second.insert(hundred)
      await expectSale(second, seqNo, before)
      await second.kill()
    },
  ],
  [
    'dies, and all is over when the next life begins',
    async (bench) => {
      const journal = emptyJournal()
      const first = new Life(bench, journal)
      const before = bench.holds()
      const seqNo = await first.begin(take(hundred - twenty))
      await first.until('working')
      await first.kill()
      await first.insert(hundred)
      const second = new Life(bench, journal)
      await expectSale(second, seqNo, before)
      await second.kill()
    },
  ],
  [
    'dies before the end is in the journal: the next life writes the same end',
    async (bench) => {
      const journal = emptyJournal()
      const first = new Life(bench, journal, 'conclude lost')
      const before = bench.holds()
      const seqNo = await first.begin(take(hundred - twenty))
      await first.insert(hundred)
      // Its end is known and being written when it dies.
      await expect.poll(() => first.at, { timeout: 20_000 }).toBe('idle')
      await first.kill()
      expect(journal.ended).toEqual([])
      const second = new Life(bench, journal)
      await expectSale(second, seqNo, before)
      await second.kill()
    },
  ],
  [
    'believes in a piece that is not there: the difference is told, and the next sale works',
    async (bench) => {
      const life = new Life(bench, emptyJournal())
      const seqNo = await life.begin(take(hundred))
      await life.until('working')
      bench.breaks.misbelieve(minor(ten))
      await life.insert(hundred)
      const { settled, differences } = await life.end(seqNo)
      // Where it tells no pieces, only what it holds could name them, and that is wrong: a person looks.
      if (settled.ending === 'unresolved') expect(settled.certain).toBe(false)
      else {
        expect(settled.ending).toBe('done')
        const wrong = differences.map((line) => [line.faceMinor, line.reported - line.expected])
        expect(wrong).toEqual([[ten, 1]])
      }
      const before = bench.holds()
      const next = await life.begin(take(hundred - twenty))
      await life.insert(hundred)
      await expectSale(life, next, before)
      await life.kill()
    },
  ],
]

/** Runs every case on a bench of its own. */
export function testContract(name: string, openBench: () => Promise<Bench>): void {
  describe(`a cash recycler, by the contract: ${name}`, () => {
    test.each([...sales, ...payOuts, ...refusals, ...losses, ...deaths])('%s', async (_, run) => {
      const bench = await openBench()
      try {
        await run(bench)
      } finally {
        await bench.close()
      }
    })
  })
}
