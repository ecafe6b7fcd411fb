import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test, vi } from 'vitest'
import { readKept } from '../journal/kept.ts'
import { addProduct, emptyCart } from '../sale/cart.ts'
import { takeBasket } from '../sale/complete-sale.ts'
import {
  cashier,
  coffee,
  openSession,
  openTestTill,
  sealedTypes,
  type TestTill,
} from '../testing/open-test-till.ts'
import { finishTask } from './finish-task.ts'
import { endedView, machineId, record as pattern } from './machine.gen.ts'
import type { MachineRecord } from './machine-record.ts'
import { foundAttempt } from './machine-state.ts'
import { beginAttempt, findAttempt, tellAttempt } from './run-attempts.ts'

const priceMinor = coffee.priceMinor

/** A till with a coffee in its cart, and the attempt that asks for it. */
async function openAsking(name: string) {
  const till = await openTestTill(name)
  const sessionId = await openSession(till)
  till.state.setState({ cart: addProduct(emptyCart, coffee.id, 1_000) })
  const ask = { id: till.newId(), totalMinor: priceMinor, tenders: [] }
  const record: MachineRecord = {
    ...pattern,
    ...{ attemptId: till.newId(), recyclerId: machineId, sessionId, staffId: cashier.id },
    work: { kind: 'pay_in', amountMinor: priceMinor },
    task: { kind: 'sale', ask, basket: takeBasket(till) },
    askedAt: new Date(till.nowMs()).toISOString(),
  }
  return { till, record, saleId: ask.id }
}

const kept = async ({ db }: TestTill) =>
  ((await readKept(db, 'attempts')) ?? []).map(({ attemptId }) => attemptId)
const paid = (record: MachineRecord) => endedView('done', [50_00, 5_00], record)
const sales = async (till: TestTill) =>
  (await sealedTypes(till)).filter((type) => type === 'sale.completed')

test('an attempt is on the disk before anybody is asked, and a second one waits for it', async () => {
  const { till, record } = await openAsking('machine-begin')
  expect((await beginAttempt(till, record)).ok).toBe(true)
  expect(await kept(till)).toEqual([record.attemptId])
  const second = { ...record, attemptId: till.newId() }
  expect(await beginAttempt(till, second)).toMatchObject({ refusal: { code: 'machine_first' } })
})

test('an attempt that cannot be written asks nobody', async () => {
  const { till, record } = await openAsking('machine-full')
  const asked = vi.spyOn(globalThis, 'fetch')
  vi.spyOn(till.journal, 'keep').mockRejectedValue(new Error('disk full'))
  expect(await beginAttempt(till, record)).toMatchObject({ refusal: { code: 'not_saved' } })
  expect(till.state.getState().attempts).toEqual([])
  expect(asked).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

test('what was paid is sold as it was rung up, whatever changed since, and its attempt goes with it', async () => {
  const { till, record, saleId } = await openAsking('machine-paid')
  await beginAttempt(till, record)
  const dearer = { ...coffee, priceMinor: minor(99_00) }
  till.state.setState(({ directory }) => ({
    directory: { ...directory, byId: new Map([[coffee.id, dearer]]) },
  }))
  till.clock.nowMs += 30 * 60_000
  tellAttempt(till, record.attemptId, { type: 'news', view: paid(record) })
  await vi.waitFor(() => expect(till.state.getState().finished).toMatchObject({ is: 'sale' }))
  const { finished, cart, attempts } = till.state.getState()
  expect(finished).toMatchObject({
    made: {
      document: {
        id: saleId,
        body: {
          totalMinor: priceMinor,
          changeMinor: 0,
          tenders: [{ method: 'machine', givenMinor: priceMinor, attemptId: record.attemptId }],
        },
      },
    },
    given: { minor: 5_00 },
  })
  expect({ lines: cart.lines, attempts, kept: await kept(till) }).toEqual({
    ...{ lines: [], attempts: [], kept: [] },
  })
})

test('a page that ended after the sale was written, and whose record came back, sells no second time', async () => {
  const { till, record } = await openAsking('machine-twice')
  till.state.setState({ attempts: [foundAttempt(record)] })
  await till.journal.keep({ attempts: [record] })
  const first = await finishTask(till, record, paid(record))
  expect(first).toMatchObject({ value: { is: 'sale' } })
  // With the sale, in its transaction: nothing else has been written since.
  expect(await kept(till)).toEqual([])
  till.state.setState({ attempts: [foundAttempt(record)] })
  tellAttempt(till, record.attemptId, { type: 'answered', view: paid(record), since: 0 })
  await vi.waitFor(() => expect(till.state.getState().finished).toMatchObject({ is: 'done' }))
  expect(await sales(till)).toHaveLength(1)
  expect(findAttempt(till, record.attemptId)).toBeUndefined()
})

test('a sale that was put aside leaves the cart of the next customer as it is', async () => {
  const { till, record } = await openAsking('machine-aside')
  const next = addProduct(addProduct(emptyCart, coffee.id, 2_000), coffee.id, 1_000)
  till.state.setState({ cart: next, attempts: [foundAttempt({ ...record, stage: 'aside' })] })
  tellAttempt(till, record.attemptId, { type: 'answered', view: paid(record), since: 0 })
  expect(await sales(till)).toHaveLength(0)
  tellAttempt(till, record.attemptId, { type: 'key', key: 'write' })
  await vi.waitFor(() => expect(till.state.getState().finished).toBeDefined())
  expect(await sales(till)).toHaveLength(1)
  expect(till.state.getState().cart).toEqual(next)
})

test('what cannot be written keeps its attempt, and is written when it can be', async () => {
  const { till, record } = await openAsking('machine-unwritten')
  till.state.setState({ attempts: [foundAttempt(record)], person: undefined })
  tellAttempt(till, record.attemptId, { type: 'answered', view: paid(record), since: 0 })
  await vi.waitFor(() =>
    expect(findAttempt(till, record.attemptId)).toMatchObject({ actRefusal: 'forbidden' }),
  )
  till.state.setState({ person: cashier })
  tellAttempt(till, record.attemptId, { type: 'key', key: 'write' })
  await vi.waitFor(() => expect(till.state.getState().finished).toMatchObject({ is: 'sale' }))
})
