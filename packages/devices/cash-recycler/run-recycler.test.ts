import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import type { Attempt, DriverCommand, DriverEvent, Reply, Stock } from './contract.ts'
import { baht, capabilities } from './recycler.gen.ts'
import { type RecyclerNews, runRecycler, waitMs } from './run-recycler.ts'

const faceMinor = minor(10_000)
const stock = (pieces: number): Stock => [
  { unit: 'recycling', currency: baht, faceMinor, pieces, level: 'normal' },
]
const attempt: Attempt = {
  ...{ attemptId: 'a', seqNo: '1', currency: baht, before: [] },
  work: { kind: 'pay_in', amountMinor: faceMinor },
}
const paid: Reply = { result: 'done', in: [{ faceMinor, pieces: 1 }], out: [], code: '0' }
const calm = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A machine on a bench: what it is told is kept, what it says is said by hand. */
function bench({ open, failNote = false, failEnds = 0 }: Bench = {}) {
  const sent: DriverCommand['type'][] = []
  const ends: string[] = []
  const news: RecyclerNews[] = []
  const journal: string[] = []
  const timers: { ms: number; then: () => void }[] = []
  let tell: (event: DriverEvent) => void = () => {}
  let fails = failEnds
  const recycler = runRecycler({
    open,
    openDriver: (ports) => {
      tell = ports.tell
      return { send: ({ type }) => sent.push(type), close: async () => {} }
    },
    note: async ({ attemptId }) => {
      if (failNote) throw new Error('disk')
      journal.push(attemptId)
    },
    conclude: async ({ settled }) => {
      if (fails-- > 0) throw new Error('disk')
      ends.push(`${settled.ending} by ${settled.because}`)
    },
    tell: (one) => news.push(one),
    trace: () => {},
    after: (ms, then) => {
      const timer = { ms, then }
      timers.push(timer)
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1)
      }
    },
  })
  const say = async (...events: DriverEvent[]) => {
    for (const event of events) tell(event)
    await calm()
  }
  /** Lets the wait that runs come to its end. */
  const pass = async () => {
    const [timer] = timers.splice(0, 1)
    timer?.then()
    await calm()
    return timer?.ms
  }
  const linkUp = () =>
    say(
      { type: 'linked', capabilities },
      { type: 'condition', condition: { is: 'ready' } },
      { type: 'stock', stock: stock(5), certain: true },
    )
  const order = async (one: Parameters<typeof recycler.order>[0]) => {
    recycler.order(one)
    await calm()
  }
  return { recycler, sent, ends, news, journal, timers, say, pass, linkUp, order }
}
type Bench = {
  readonly open?: Attempt
  readonly failNote?: boolean
  readonly failEnds?: number
}

test('a sale: written down, told, followed, compared, concluded', async () => {
  const { linkUp, order, say, sent, ends, news, journal, recycler } = bench()
  await linkUp()
  await order({ type: 'work', attempt })
  expect(journal).toEqual(['a'])
  expect(sent).toEqual(['read_condition', 'read_stock', 'start'])
  await say({ type: 'inserted', seqNo: '1', minor: faceMinor })
  expect(news.at(-1)).toMatchObject({ type: 'progress', insertedMinor: 10_000 })
  await say({ type: 'replied', seqNo: '1', reply: paid })
  await say({ type: 'stock', stock: stock(6), certain: true })
  expect(ends).toEqual(['done by reply'])
  expect(recycler.state()).toEqual({ at: 'idle', stock: stock(6) })
})

test('a journal that does not take the intent leaves the machine untold', async () => {
  const { linkUp, order, sent, news } = bench({ failNote: true })
  await linkUp()
  await order({ type: 'work', attempt })
  expect(sent).not.toContain('start')
  expect(news).toContainEqual({ type: 'refuse', attemptId: 'a', code: 'stopped' })
})

test('an end is written until the journal takes it, before anything else is begun', async () => {
  const { linkUp, order, say, pass, ends, journal } = bench({ failEnds: 2 })
  await linkUp()
  await order({ type: 'work', attempt })
  await say({ type: 'replied', seqNo: '1', reply: paid })
  await say({ type: 'stock', stock: stock(6), certain: true })
  await order({ type: 'work', attempt: { ...attempt, attemptId: 'b', seqNo: '2' } })
  expect([ends, journal]).toEqual([[], ['a']])
  for (let tries = 0; tries < 4 && ends.length === 0; tries += 1) await pass()
  expect([ends, journal]).toEqual([['done by reply'], ['a', 'b']])
})

test('a silence is looked into, and the start is never said twice', async () => {
  const { linkUp, order, pass, say, sent, ends } = bench()
  await linkUp()
  await order({ type: 'work', attempt })
  expect(await pass()).toBe(waitMs.start)
  expect(await pass()).toBe(waitMs.find)
  await say({ type: 'finding', seqNo: '1', finding: { found: 'nothing' } })
  await say({ type: 'stock', stock: stock(5), certain: true })
  expect(sent.filter((type) => type === 'start')).toHaveLength(1)
  expect(sent.filter((type) => type === 'find')).toHaveLength(2)
  expect(ends).toEqual(['not_done by stock'])
})

test('what the last life left open is found before new work is taken', async () => {
  const open = { ...attempt, before: stock(5) }
  const { linkUp, order, say, sent, ends, news } = bench({ open })
  await linkUp()
  await order({ type: 'work', attempt: { ...attempt, attemptId: 'b', seqNo: '2' } })
  expect(news).toContainEqual({ type: 'refuse', attemptId: 'b', code: 'busy' })
  expect(sent).toEqual(['find'])
  await say({ type: 'finding', seqNo: '1', finding: { found: 'reply', reply: paid } })
  await say({ type: 'stock', stock: stock(6), certain: true })
  expect(ends).toEqual(['done by reply'])
})

test('a flood is a line that is gone', async () => {
  const { linkUp, order, say, sent, recycler } = bench()
  await linkUp()
  await order({ type: 'work', attempt })
  await say(...Array.from({ length: 1_500 }, () => ({ type: 'strange', about: 'noise' }) as const))
  expect(recycler.state()).toMatchObject({ at: 'offline', open: { attemptId: 'a' } })
  expect(sent.at(-1)).toBe('relink')
})

test('whoever asked for work hears of it, whatever floods the line meanwhile', async () => {
  const { linkUp, order, say, pass, ends, news } = bench({ failEnds: 1 })
  await linkUp()
  await order({ type: 'work', attempt })
  await say({ type: 'replied', seqNo: '1', reply: paid })
  await say({ type: 'stock', stock: stock(6), certain: true })
  await order({ type: 'work', attempt: { ...attempt, attemptId: 'b', seqNo: '2' } })
  await say(...Array.from({ length: 1_500 }, () => ({ type: 'strange', about: 'noise' }) as const))
  for (let tries = 0; tries < 4 && ends.length === 0; tries += 1) await pass()
  expect(ends).toEqual(['done by reply'])
  expect(news).toContainEqual({ type: 'refuse', attemptId: 'b', code: 'offline' })
})

test('a word on one attempt is never taken for another', async () => {
  const { recycler, sent, linkUp, order, say } = bench()
  await linkUp()
  await order({ type: 'work', attempt })
  await say({ type: 'started', seqNo: '1' })
  recycler.order({ type: 'cancel' }, 'an earlier one')
  recycler.order({ type: 'give_up' }, 'an earlier one')
  await calm()
  expect(sent.at(-1)).toBe('start')
  expect(recycler.state().at).toBe('working')
  recycler.order({ type: 'cancel' }, 'a')
  await calm()
  expect(sent.at(-1)).toBe('cancel')
})
