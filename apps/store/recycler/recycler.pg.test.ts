import { createHash } from 'node:crypto'
import { orderPieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import type {
  Attempt,
  DriverCommand,
  DriverPorts,
  Stock,
  Work,
} from '@tillkeeper/devices/cash-recycler/contract.ts'
import { capabilities } from '@tillkeeper/devices/cash-recycler/recycler.gen.ts'
import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { sums } from '@tillkeeper/projections/reconcile/money-sql.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, type OpenedStore, openStore } from '../testing/open-store.ts'
import { concludeAttempt, noteAttempt, resolveRecycler } from './journal-recycler.ts'
import { type Recyclers, runRecyclers } from './run-recyclers.ts'

// One machine of one shop, told as its life: each test goes on where the one before ended.

const currency = 'THB' as Currency
const recyclerId = newId()
let store: OpenedStore
let recyclers: Recyclers
/** The machine as this test plays it. */
let machine: { readonly told: DriverCommand[]; readonly ports: DriverPorts }

const stock = (hundreds: number, twenties: number, boxed = 0): Stock =>
  [
    ['recycling', 100_00, hundreds] as const,
    ['recycling', 20_00, twenties] as const,
    ['cash_box', 100_00, boxed] as const,
  ].map(([unit, face, pieces]) => {
    return { unit, currency, faceMinor: minor(face), pieces, level: 'normal' }
  })
const notes = (hundreds: number, twenties: number) =>
  orderPieces([
    { faceMinor: minor(100_00), pieces: hundreds },
    { faceMinor: minor(20_00), pieces: twenties },
  ])

beforeAll(async () => {
  store = await openStore()
  const terms = {
    ...{ shopId: store.shop, name: 'Counter', driver: 'played', address: 'here' },
    ...{ currencies: [currency], tills: [store.tills[0]], active: true },
  }
  await store.edit([{ kind: 'recycler', id: recyclerId, fields: { terms } }])
  await start()
})
afterAll(async () => {
  await recyclers.close()
  await store.close()
})

async function start(ready = () => true) {
  recyclers = await runRecyclers({
    ...{ node: store.node, ready },
    drivers: {
      played: (_, ports) => {
        const told: DriverCommand[] = []
        machine = { told, ports }
        return { send: (command) => told.push(command), close: async () => {} }
      },
    },
    after: () => () => {},
  })
}

const by = () => ({ staffId: store.people.nok, tillId: store.tills[0] })
const tell = (...events: Parameters<DriverPorts['tell']>[0][]) => {
  for (const event of events) machine.ports.tell(event)
}
const rest = async (held: Stock) => {
  tell({ type: 'linked', capabilities }, { type: 'condition', condition: { is: 'ready' } })
  tell({ type: 'stock', stock: held, certain: true })
  await expect.poll(() => recyclers.state(recyclerId)?.at).toBe('idle')
}
/** What happens at a machine happens one after the other. */
const passTime = () => {
  store.clock.now = new Date(store.clock.now.getTime() + 1_000)
}
const ask = (attemptId: string, work: Work) => {
  passTime()
  return recyclers.start({ recyclerId, attemptId, currency, work, by: by() })
}
const payIn: Work = { kind: 'pay_in', amountMinor: minor(80_00) }

async function balances(): Promise<Record<string, number>> {
  const rows = await store.db<{ kind: string; minor: number }[]>`
    SELECT split_part(location, ':', 1) AS kind, balance_minor AS minor FROM cash_balance
    WHERE balance_minor <> 0
  `
  for (const query of sums) {
    expect(await query(store.db, store.identity.org, '0001-01-01')).toEqual([])
  }
  return Object.fromEntries(rows.map((row) => [row.kind, row.minor]))
}
/** What is told of the machine itself: that its payments here have no sales is told in machine-tender.pg.test.ts. */
const kinds = async () => {
  const told = await store.db<{ kind: string }[]>`
    SELECT kind FROM exception WHERE kind LIKE 'recycler%' ORDER BY kind
  `
  return told.map(({ kind }) => kind)
}
const factsOf = async (attemptId: string) => {
  const [row] = await store.db<{ noted: number; ended: number }[]>`
    SELECT
      (SELECT count(*) FROM recycler_attempt WHERE attempt_id = ${attemptId}) AS noted,
      (SELECT count(*) FROM recycler_settlement WHERE attempt_id = ${attemptId}) AS ended
  `
  return row
}
const resolve = (command: Omit<Parameters<typeof resolveRecycler>[3], 'staffId'>) => {
  passTime()
  const id = newId()
  const fingerprint = createHash('sha256').update(id).digest()
  const acting = { id, fingerprint, by: 'id', actor: `staff:${store.people.ploy}` } as const
  return resolveRecycler(store.node, acting, recyclerId, { staffId: store.people.ploy, ...command })
}

test('a machine whose line is not there takes no work, and nothing is journalled', async () => {
  const attemptId = newId()
  expect(await ask(attemptId, payIn)).toEqual({ ok: false, refusal: { code: 'recycler_offline' } })
  expect(await factsOf(attemptId)).toEqual({ noted: 0, ended: 0 })
})

test('what the first count finds came from the owner', async () => {
  await rest(stock(5, 10))
  expect(await resolve({ counted: stock(5, 10), reason: 'first' })).toMatchObject({ ok: true })
  expect(await balances()).toEqual({ owner: -700_00, recycler: 700_00 })
})

test('the intent is journalled before the machine hears, and a done sale books by piece', async () => {
  const attemptId = newId()
  expect(await ask(attemptId, payIn)).toMatchObject({ ok: true })
  expect(await factsOf(attemptId)).toEqual({ noted: 1, ended: 0 })
  await expect.poll(() => machine.told.at(-1)?.type).toBe('start')
  const { attempt } = machine.told.at(-1) as { attempt: Attempt }
  expect(attempt.seqNo).toMatch(/^\d{11}$/)
  const { seqNo } = attempt
  const reply = { result: 'done', in: notes(1, 0), out: notes(0, 1), code: '0' } as const
  tell({ type: 'started', seqNo }, { type: 'replied', seqNo, reply })
  // The note went past the stock into the cash box.
  tell({ type: 'stock', stock: stock(5, 9, 1), certain: true })
  await expect.poll(() => factsOf(attemptId)).toEqual({ noted: 1, ended: 1 })
  expect(await balances()).toEqual({
    ...{ owner: -700_00, customer: -80_00, recycler: 680_00, cash_box: 100_00 },
  })
  // It is concluded once, however often the runner asks for it.
  const settled = { ending: 'done', certain: true, because: 'reply', ...reply } as const
  const ended = { type: 'ended', attempt, settled, differences: [] } as const
  await concludeAttempt(store.node, { recyclerId, by: by() }, ended)
  expect(await factsOf(attemptId)).toEqual({ noted: 1, ended: 1 })
  expect(await kinds()).toEqual([])
})

test('an id that the journal has is never begun again, whoever looked before it was there', async () => {
  await rest(stock(5, 9, 1))
  const attemptId = newId()
  const [first, second] = await Promise.all([ask(attemptId, payIn), ask(attemptId, payIn)])
  expect(second).toEqual(first)
  await expect.poll(() => machine.told.at(-1)?.type).toBe('start')
  const { seqNo } = (machine.told.at(-1) as { attempt: Attempt }).attempt
  const refusal = { code: 'occupied', makerCode: '5' } as const
  tell({ type: 'not_started', seqNo, refusal })
  await expect.poll(() => factsOf(attemptId)).toEqual({ noted: 1, ended: 1 })
  expect(await ask(attemptId, payIn)).toEqual({ ok: false, refusal: { code: 'recycler_stopped' } })
  expect(machine.told.filter(({ type }) => type === 'start')).toHaveLength(2)
  await rest(stock(5, 9, 1))
})

test('an end that nobody knows books nothing until a person says what it was', async () => {
  const attemptId = newId()
  await ask(attemptId, payIn)
  await expect.poll(() => machine.told.at(-1)?.type).toBe('start')
  tell({ type: 'lost', why: 'a cable' })
  await recyclers.close()
  // The server starts anew: while its data is not whole it looks for no end that it may have.
  let whole = false
  await start(() => whole)
  await recyclers.refresh()
  expect(recyclers.live()).toEqual([])
  // Then what is open in the journal is asked after, and not begun again.
  whole = true
  await recyclers.refresh()
  tell({ type: 'linked', capabilities })
  await expect.poll(() => machine.told.map(({ type }) => type)).toEqual(['find'])
  recyclers.order(recyclerId, { type: 'give_up' })
  await expect.poll(() => factsOf(attemptId)).toEqual({ noted: 1, ended: 1 })
  expect(await balances()).toMatchObject({ customer: -80_00, recycler: 680_00 })
  expect(await kinds()).toEqual(['recycler_unresolved'])

  const attempt = { attemptId, in: notes(1, 0), out: notes(0, 1) }
  const counted = stock(6, 8, 1)
  expect(await resolve({ attempt, counted, reason: 'looked' })).toMatchObject({ ok: true })
  expect(await balances()).toMatchObject({ customer: -160_00, recycler: 760_00 })
  expect(await kinds()).toEqual([])
  expect(await resolve({ attempt, reason: 'again' })).toMatchObject({
    refusal: { code: 'recycler_attempt_not_unresolved' },
  })
})

test('an intent that was written while nobody knew is no payment when the next one is', async () => {
  await rest(stock(6, 8, 1))
  const lost = { attemptId: newId<string>(), seqNo: '00000000009', currency, work: payIn }
  await noteAttempt(store.node, { recyclerId, by: by() }, { ...lost, before: stock(6, 8, 1) })
  const attemptId = newId()
  await ask(attemptId, payIn)
  await expect.poll(() => machine.told.at(-1)?.type).toBe('start')
  expect(await factsOf(lost.attemptId)).toEqual({ noted: 1, ended: 1 })
  const { seqNo } = (machine.told.at(-1) as { attempt: Attempt }).attempt
  tell({ type: 'not_started', seqNo, refusal: { code: 'occupied', makerCode: '5' } })
  await expect.poll(() => factsOf(attemptId)).toEqual({ noted: 1, ended: 1 })
  expect(await balances()).toMatchObject({ customer: -160_00, recycler: 760_00 })
})

test('a stock that differs is told, and booked by nothing but a count', async () => {
  await rest(stock(6, 8, 1))
  const attemptId = newId()
  await ask(attemptId, payIn)
  await expect.poll(() => machine.told.at(-1)?.type).toBe('start')
  const { seqNo } = (machine.told.at(-1) as { attempt: Attempt }).attempt
  const reply = { result: 'done', in: notes(1, 0), out: notes(0, 1), code: '0' } as const
  tell({ type: 'started', seqNo }, { type: 'replied', seqNo, reply })
  tell({ type: 'stock', stock: stock(6, 7, 1), certain: true })
  await expect.poll(() => factsOf(attemptId)).toEqual({ noted: 1, ended: 1 })
  expect(await kinds()).toEqual(['recycler_differs'])
  expect(await balances()).toMatchObject({ customer: -240_00, recycler: 840_00 })

  await resolve({ counted: stock(6, 7, 1), reason: 'verified' })
  expect(await balances()).toMatchObject({ over_short: 100_00, recycler: 740_00, cash_box: 100_00 })
  expect(await kinds()).toEqual([])
})

const read = async (path: string) => {
  const reply = await send(store.app, 'GET', path, { token: store.key })
  expect({ path, status: reply.statusCode, body: reply.body }).toMatchObject({ status: 200 })
  return reply.json()
}

test('what the books know of a machine is read, and its past a page at a time', async () => {
  const [listed] = (await read(`/v1/recyclers?shopId=${store.shop}`)).items
  const one = await read(`/v1/recyclers/${recyclerId}`)
  expect(one).toEqual(listed)
  expect(one).toMatchObject({ name: 'Counter', known: true, unresolved: 0, currencies: ['THB'] })
  expect(one.held).toEqual([
    { unit: 'recycling', currency: 'THB', faceMinor: 100_00, pieces: 6 },
    { unit: 'recycling', currency: 'THB', faceMinor: 20_00, pieces: 7 },
    { unit: 'cash_box', currency: 'THB', faceMinor: 100_00, pieces: 1 },
  ])
  const whole = await read(`/v1/recyclers/${recyclerId}/attempts`)
  expect(whole.items.map(({ ending }: { ending: string }) => ending)).toEqual([
    ...['done', 'not_done', 'not_done', 'done', 'not_done', 'done'],
  ])
  const [newest, , , resolved] = whole.items
  expect(newest).toMatchObject({ staffName: 'Nok', resolved: null, in: { minor: 100_00 } })
  expect(resolved).toMatchObject({ out: { minor: 20_00 }, resolved: { reason: 'looked' } })
  const first = await read(`/v1/recyclers/${recyclerId}/attempts?limit=3`)
  const rest = await read(`/v1/recyclers/${recyclerId}/attempts?limit=3&cursor=${first.next}`)
  expect([...first.items, ...rest.items]).toEqual(whole.items)
  expect(rest.next).toBeNull()
  expect((await read(`/v1/recyclers/${recyclerId}/attempts?from=2026-11-21`)).items).toEqual([])
  const detail = await read(`/v1/recycler-attempts/${newest.attemptId}`)
  expect(detail).toMatchObject({ ...newest, certain: true, because: 'reply' })
  expect(detail.differences).toMatchObject([{ faceMinor: 100_00, expected: 7, reported: 6 }])
  const none = await send(store.app, 'GET', `/v1/recyclers/${newId()}`, { token: store.key })
  expectProblem(none, 404, 'recycler_not_found')
})
