import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { batchMax, createWriter, waitingMax } from './writer.ts'

/** A database that makes sales one batch at a time, and remembers what came together. */
type Faults = {
  readonly refuse?: (sale: string) => boolean
  readonly away?: () => boolean
}

function makeDatabase({ refuse = () => false, away = () => false }: Faults = {}) {
  const batches: string[][] = []
  const outage = new Error('away')
  const writer = createWriter<string, string>({
    completeSales: async (sales) => {
      batches.push([...sales])
      await turn()
      if (away()) throw outage
      if (sales.some(refuse)) throw new Error('refused')
      return sales.map((sale) => `made ${sale}`)
    },
    isOutage: (error) => error === outage,
  })
  return { batches, writer }
}

test('sales that wait together are made together, at most so many at once', async () => {
  const { batches, writer } = makeDatabase()
  const sales = Array.from({ length: batchMax * 2 + 5 }, (_, index) => String(index))
  const outcomes = await Promise.all(sales.map((sale) => writer.sell(sale)))
  expect(outcomes).toEqual(sales.map((sale) => `made ${sale}`))
  expect(batches.map(({ length }) => length)).toEqual([batchMax, batchMax, 5])
})

test('acts and sales keep the order in which they came', async () => {
  const { batches, writer } = makeDatabase()
  const seen: string[] = []
  await Promise.all([
    writer.sell('a').then(() => seen.push('a')),
    writer.sell('b').then(() => seen.push('b')),
    writer.act(async () => seen.push('close')),
    writer.sell('c').then(() => seen.push('c')),
  ])
  expect(batches).toEqual([['a', 'b'], ['c']])
  expect(seen).toEqual(['a', 'b', 'close', 'c'])
})

test('if a batch fails each sale is tried by itself, and only the bad one fails', async () => {
  const { batches, writer } = makeDatabase({ refuse: (sale) => sale === 'bad' })
  const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map((sale) => writer.sell(sale)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(batches).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']])
})

test('if the database is away nobody tries one by one, and it goes on afterwards', async () => {
  let away = true
  const { batches, writer } = makeDatabase({ away: () => away })
  const outcomes = await Promise.allSettled(['a', 'b'].map((sale) => writer.sell(sale)))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(batches).toHaveLength(1)
  away = false
  expect(await writer.sell('c')).toBe('made c')
})

test('an act that fails holds up nobody', async () => {
  const { writer } = makeDatabase()
  const failed = writer.act(() => Promise.reject(new Error('no')))
  const sold = writer.sell('a')
  await expect(failed).rejects.toThrow('no')
  expect(await sold).toBe('made a')
})

test('beyond its bound the queue says that it is full', async () => {
  const { writer } = makeDatabase()
  const sales = Array.from({ length: waitingMax + 1 }, (_, index) => writer.sell(String(index)))
  expect(writer.waiting()).toBe(waitingMax)
  const last = await sales.at(-1)
  expect(last).toEqual({
    ok: false,
    refusal: { code: 'overloaded', retryAfterSeconds: 1 },
  })
  expect(await Promise.all(sales.slice(0, 3))).toEqual(['made 0', 'made 1', 'made 2'])
})
