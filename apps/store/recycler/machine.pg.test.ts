import type { AttemptView, LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'
import {
  type GloryServer,
  startGloryServer,
} from '@tillkeeper/devices/cash-recycler/simulator/glory-server.ts'
import { hurried } from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { findOpenAttempt } from '@tillkeeper/projections/recycler/recycler-sql.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, numbers, type OpenedStore, openStore, pins } from '../testing/open-store.ts'

// A shop's server, a simulated machine on its counter, and people who ask both over HTTP. Each test goes on where
// the one before ended.

let store: OpenedStore
let machine: GloryServer
let url = ''
let cashier = ''
let manager = ''
const recyclerId = newId()
const sessionOfNok = newId()
const news: LiveRecycler[] = []
const streams = new AbortController()

const within = { timeout: 20_000, interval: 5 }

beforeAll(async () => {
  store = await openStore()
  machine = await startMachine()
  await store.app.listen({ host: '127.0.0.1', port: 0 })
  const address = store.app.server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  cashier = await logIn('nok')
  manager = await logIn('ploy')
})
afterAll(async () => {
  streams.abort()
  await store.close()
  await machine.close()
})

function startMachine() {
  return startGloryServer({
    ...{ profile: 'CI-10', currency: 'THB', timings: hurried, redialMs: 5 },
    settings: { sessionEnable: true, occupyEnable: true, soapDuplicateCheck: true },
    fccTimings: { adjustTimeMs: 20, heartbeatMs: 200 },
  })
}

async function logIn(who: 'nok' | 'ploy'): Promise<string> {
  const asked = { number: numbers[who], pin: pins[who] }
  return String((await ask('POST', '/v1/auth/pin', '', asked)).body.accessToken)
}

async function ask(method: 'GET' | 'POST' | 'PUT', path: string, token: string, body?: unknown) {
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: await reply.json() }
}

const socketAddress = () => `ws://127.0.0.1:${new URL(machine.socketUrl).port}`
const register = (change: object = {}, token = manager) =>
  ask('PUT', `/v1/recyclers/${recyclerId}`, token, {
    ...{ shopId: store.shop, name: 'Counter', driver: 'glory', address: socketAddress() },
    ...{ currencies: ['THB'], tills: [store.tills[0]], active: true, ...change },
  })
const at = `/v1/recyclers/${recyclerId}`
const last = () => news.at(-1)
const until = (state: LiveRecycler['at']) => expect.poll(() => last()?.at, within).toBe(state)

/** Reads the news as a till does, and keeps all of it. */
async function listen(): Promise<void> {
  const reply = await fetch(`${url}/v1/recyclers/live/news`, {
    headers: { authorization: `Bearer ${cashier}` },
    signal: streams.signal,
  })
  expect(reply.headers.get('content-type')).toContain('text/event-stream')
  const read = async () => {
    let text = ''
    for await (const chunk of reply.body ?? []) {
      const parts = (text + Buffer.from(chunk).toString('utf8')).split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        if (part.startsWith('data: ')) news.push(JSON.parse(part.slice(6)))
      }
    }
  }
  read().catch(() => {})
}

const insert = (faceMinor: number, count = 1) =>
  machine.fcc.tell({
    is: 'insert',
    into: 'entrance',
    pieces: [{ faceMinor, quality: 'fit', count }],
  })
const passTime = () => {
  store.clock.now = new Date(store.clock.now.getTime() + 1_000)
}
const askWork = (attemptId: string, work: object, more: object = {}, token = cashier) => {
  passTime()
  const asked = { attemptId, currency: 'THB', work, tillId: store.tills[0], ...more }
  return ask('POST', `${at}/attempts`, token, asked)
}
const payIn = (amountMinor: number) => ({ kind: 'pay_in', amountMinor })
const attempt = (): AttemptView | null | undefined => last()?.attempt
const ended = async (attemptId: string): Promise<AttemptView> => {
  await expect
    .poll(() => attempt(), within)
    .toMatchObject({ attemptId, state: 'ended' } satisfies Partial<AttemptView>)
  await until('idle')
  return attempt() as AttemptView
}

test('a machine is registered by a manager, and runs from then on', async () => {
  await listen()
  expect((await register({}, cashier)).status).toBe(403)
  for (const [change, code] of [
    [{ address: 'http://me:secret@10.0.0.1' }, 'recycler_address_invalid'],
    [{ shopId: newId() }, 'shop_not_found'],
    [{ tills: [newId()] }, 'till_not_found'],
    [{ tills: [store.tills[2]] }, 'till_of_other_shop'],
  ] as const) {
    expect((await register(change)).body.code).toBe(code)
  }
  expect((await ask('GET', '/v1/recyclers/live', cashier)).body.items).toEqual([])
  expect((await register()).status).toBe(201)
  await until('idle')
  expect(last()).toMatchObject({ recyclerId, condition: { is: 'ready' }, attempt: null })
  expect(last()?.capabilities).toMatchObject({ payIn: true, deposit: true })
  const live = await ask('GET', `/v1/recyclers/live?shopId=${store.shop}`, cashier)
  expect(live.body.items).toEqual([last()])
  const listed = (await ask('GET', '/v1/recyclers', cashier)).body.items
  expect(listed).toMatchObject([{ id: recyclerId, driver: 'glory', known: false, active: true }])
  // Its own count is the first of the books.
  const counted = last()?.stock
  const resolved = await ask('POST', `${at}/resolve`, manager, {
    ...{ id: newId(), counted, reason: 'first count' },
  })
  expect(resolved.status).toBe(201)
  expect((await ask('GET', at, cashier)).body.known).toBe(true)
})

test('a sale is paid by notes: each shows as it goes in, and the change comes', async () => {
  const attemptId = newId()
  const asked = await askWork(attemptId, payIn(120_00), { links: { saleId: newId() } })
  expect(asked.status).toBe(202)
  expect(asked.body).toMatchObject({ attemptId, ending: null, tillId: store.tills[0] })
  await until('working')
  // While it is open the same id is the same attempt, and another content is no repeat.
  expect((await askWork(attemptId, payIn(120_00))).body.seqNo).toBe(asked.body.seqNo)
  expect((await askWork(attemptId, payIn(1_00))).body.code).toBe('id_exists_with_different_content')
  expect((await askWork(newId(), payIn(1_00))).body.code).toBe('recycler_busy')
  insert(100_00)
  await expect.poll(() => attempt()?.insertedMinor, within).toBe(100_00)
  insert(50_00)
  const view = await ended(attemptId)
  expect(view).toMatchObject({ ending: 'done', certain: true })
  expect((view.in?.minor ?? 0) - (view.out?.minor ?? 0)).toBe(120_00)
  expect(view.links?.saleId).toBeDefined()
  expect((await askWork(attemptId, payIn(120_00))).body).toMatchObject({ state: 'ended' })
  expect(news.map(({ attempt: it }) => it?.insertedMinor)).toEqual(
    expect.arrayContaining([0, 100_00, 150_00]),
  )
  // What the news says is in the journal.
  const { body } = await ask('GET', `/v1/recycler-attempts/${attemptId}`, cashier)
  expect(body).toMatchObject({ ending: 'done', seqNo: asked.body.seqNo, staffName: 'Nok' })
  expect(body.differences).toEqual([])
})

test('what a sale was paid with is not given back as if there were none', async () => {
  const sessionId = sessionOfNok
  const opened = await ask('POST', '/v1/till-sessions', cashier, {
    ...{ id: sessionId, tillId: store.tills[0], staffId: store.people.nok },
    ...{ currency: 'THB', floatMinor: 0 },
  })
  expect(opened.status).toBe(201)
  const attemptId = newId()
  await askWork(attemptId, payIn(90_00), { sessionId })
  await until('working')
  insert(50_00, 2)
  await ended(attemptId)
  const sold = await ask('POST', '/v1/sales', cashier, {
    ...{ id: newId(), sessionId, lines: [{ productId: store.products.bread, quantity: 1000 }] },
    currency: 'THB',
    tenders: [{ method: 'machine', givenMinor: 90_00, attemptId }],
  })
  expect(sold.status).toBe(201)
  const links = { forAttemptId: attemptId }
  const back = await askWork(newId(), { kind: 'pay_out', amountMinor: 10_00 }, { links })
  expect(back.body).toMatchObject({ code: 'recycler_left_less', leftMinor: 0 })
})

test('another system has a machine asked for whom it names, and sells', async () => {
  const { key, people } = store
  const by = { staffId: people.nok, sessionId: sessionOfNok }
  const refusals: readonly [more: object, token: string, code: string][] = [
    [{}, key, 'staff_required'],
    [{ staffId: newId() }, key, 'staff_not_found'],
    [{ staffId: people.stranger }, key, 'staff_not_found'],
    [{ staffId: people.ploy }, cashier, 'staff_must_be_self'],
    [by, store.weakKey, 'forbidden'],
  ]
  for (const [more, token, code] of refusals) {
    expect((await askWork(newId(), payIn(90_00), more, token)).body.code).toBe(code)
  }
  const collect = { kind: 'collect', to: 'exit', pieces: [{ faceMinor: 100_00, pieces: 1 }] }
  expect((await askWork(newId(), collect, by, key)).body.code).toBe('person_required')
  // Nothing of these was begun: the machine is free.
  expect(last()?.at).toBe('idle')

  const left = newId()
  expect((await askWork(left, payIn(90_00), by, key)).status).toBe(202)
  await until('working')
  expect((await ask('POST', `${at}/attempts/${left}/cancel`, key)).status).toBe(202)
  expect(await ended(left)).toMatchObject({ ending: 'not_done' })

  const attemptId = newId()
  const asked = await askWork(attemptId, payIn(90_00), by, key)
  expect(asked.body).toMatchObject({ attemptId, staffId: people.nok, sessionId: by.sessionId })
  await until('working')
  // A server that is started again knows by whom it was asked.
  const noted = await findOpenAttempt(store.db, store.identity.org, recyclerId)
  expect(noted).toMatchObject({ attemptId, staffId: people.nok })
  expect(noted?.actor).toMatch(/^key:/)
  insert(100_00)
  await ended(attemptId)
  const followed = await ask('GET', `${at}/attempts/${attemptId}`, key)
  expect(followed.body).toMatchObject({ state: 'ended', ending: 'done', certain: true })
  const sold = await ask('POST', '/v1/sales', key, {
    ...{ id: newId(), sessionId: by.sessionId, currency: 'THB' },
    lines: [{ productId: store.products.bread, quantity: 1000 }],
    tenders: [{ method: 'machine', givenMinor: 90_00, attemptId }],
  })
  expect(sold.status).toBe(201)
  const actors = await store.db<{ type: string; actor: string }[]>`
    SELECT type, convert_from(bytes, 'UTF8')::jsonb ->> 'actor' AS actor FROM journal
    WHERE convert_from(bytes, 'UTF8')::jsonb #>> '{body,attemptId}' = ${attemptId} ORDER BY seq
  `
  expect(actors.map(({ type }) => type)).toEqual(['recycler.started', 'recycler.settled'])
  expect(actors.map(({ actor }) => actor)).toEqual([noted?.actor, noted?.actor])
})

test('a cancelled payment gives back what was put in', async () => {
  const attemptId = newId()
  await askWork(attemptId, payIn(500_00))
  await until('working')
  insert(100_00)
  await expect.poll(() => attempt()?.insertedMinor, within).toBe(100_00)
  const { status, body } = await ask('POST', `${at}/attempts/${attemptId}/cancel`, cashier)
  expect(status).toBe(202)
  expect(body).toMatchObject({ attemptId })
  expect(await ended(attemptId)).toMatchObject({ ending: 'not_done', certain: true })
  // A word on what has ended changes nothing, and a word on nothing is refused.
  const again = await ask('POST', `${at}/attempts/${attemptId}/cancel`, cashier)
  expect(again.body).toMatchObject({ state: 'ended', ending: 'not_done' })
  const none = await ask('POST', `${at}/attempts/${newId()}/cancel`, cashier)
  expect(none.body.code).toBe('recycler_attempt_not_found')
})

test('a till that is not named, a cashier and an amount above limits are refused', async () => {
  const other = await askWork(newId(), payIn(1_00), { tillId: store.tills[1] })
  expect(other.body.code).toBe('recycler_not_of_till')
  const collect = { kind: 'collect', to: 'exit', pieces: [{ faceMinor: 100_00, pieces: 1 }] }
  expect((await askWork(newId(), collect)).body).toMatchObject({ permission: 'recycler.manage' })
  for (const path of ['reset', 'verify', 'resolve', 'emptied', 'lock', 'attempts/x/give-up']) {
    const { status } = await ask('POST', `${at}/${path}`, cashier, {})
    expect({ path, status }).toEqual({ path, status: 403 })
  }
  expect((await ask('GET', `${at}/frames`, cashier)).status).toBe(403)
  expect((await ask('PUT', `${at}/secret`, cashier, {})).status).toBe(403)
  const dollars = { attemptId: newId(), currency: 'USD', work: payIn(1_00) }
  const foreign = await ask('POST', `${at}/attempts`, cashier, dollars)
  expect(foreign.body.code).toBe('recycler_not_able')
  expect((await ask('GET', `/v1/recyclers/${newId()}`, cashier)).body.code).toBe(
    'recycler_not_found',
  )
  // Of what an earlier attempt kept, no more is given back than that, all together.
  const { items } = (await ask('GET', `${at}/attempts`, cashier)).body
  const paid = items.find(({ in: taken }: { in: { minor: number } }) => taken.minor === 150_00)
  const back = (amountMinor: number, attemptId = newId()) =>
    askWork(
      attemptId,
      { kind: 'pay_out', amountMinor },
      { links: { forAttemptId: paid.attemptId } },
    )
  expect((await back(200_00)).body).toMatchObject({ code: 'recycler_left_less', leftMinor: 120_00 })
  const givenId = newId()
  expect((await back(20_00, givenId)).status).toBe(202)
  expect(await ended(givenId)).toMatchObject({ ending: 'done', out: { minor: 20_00 } })
  expect((await back(120_00)).body).toMatchObject({ code: 'recycler_left_less', leftMinor: 100_00 })
  // Asked twice at once, each within what is left: the other is looked at when the one is written.
  const lastId = newId()
  const both = await Promise.all([back(60_00, lastId), back(60_00)])
  expect(both.map(({ status }) => status).sort()).toEqual([202, 409])
  const late = both.find(({ status }) => status === 409)
  expect(late?.body).toMatchObject({ code: 'recycler_left_less', leftMinor: 40_00 })
  await ended(both.find(({ status }) => status === 202)?.body.attemptId)
})

/** Writes down, as so many days ago, what the shop's own server would of an attempt that ended well. */
async function writeAttempt(
  daysAgo: number,
  said: { work: object; in?: number; out?: number; links?: object },
): Promise<string> {
  const attemptId = newId<string>()
  const at = new Date(store.clock.now.getTime() - daysAgo * 86_400_000)
  const cash = (minor = 0) => ({ currency: 'THB', minor })
  const about = {
    ...{ shopId: store.shop, recyclerId, staffId: store.people.ploy, attemptId },
    ...{ currency: 'THB', work: said.work },
  }
  const drafts = [
    ['recycler.started', { ...about, seqNo: '1', before: [], links: said.links ?? {} }],
    [
      'recycler.settled',
      {
        ...{ ...about, in: cash(said.in), out: cash(said.out) },
        ...{ ending: 'done', certain: true, because: 'reply' },
      },
    ],
  ] as const
  const facts = drafts.map(([type, body]) => ({
    ...{ id: newId<string>(), type, v: catalogue[type].v, refs: [], body },
    ...{ scope: `shop:${store.shop}`, actor: 'system', occurredAt: at.toISOString() },
    ...{ businessDate: at.toISOString().slice(0, 10), keys: [`recycler:${recyclerId}`] },
  }))
  await store.node.writeDb.begin((tx) =>
    recordFacts(tx, store.node.author, facts, {
      ...{ nowMs: at.getTime(), recordedAt: at.toISOString() },
    }),
  )
  return attemptId
}

test('money is given back once, however long ago, and what the shop put in is nobody’s to get back', async () => {
  const back = (forAttemptId: string) =>
    askWork(newId(), { kind: 'pay_out', amountMinor: 10_00 }, { links: { forAttemptId } })
  const nothing = { status: 409, body: { code: 'recycler_left_less', leftMinor: 0 } }
  const old = await writeAttempt(9, { work: { kind: 'deposit' }, in: 50_00 })
  await writeAttempt(8, {
    ...{ work: { kind: 'pay_out', amountMinor: 50_00 }, out: 50_00 },
    links: { forAttemptId: old },
  })
  expect(await back(old)).toMatchObject(nothing)
  const filled = await writeAttempt(0, { work: { kind: 'replenish', from: 'entrance' }, in: 50_00 })
  expect(await back(filled)).toMatchObject(nothing)
})

test('what nobody can find is given up, and resolved by a manager', async () => {
  const attemptId = newId()
  await askWork(attemptId, payIn(100_00))
  await until('working')
  await machine.close()
  await until('offline')
  expect(attempt()).toMatchObject({ attemptId, state: 'open' })
  expect((await askWork(newId(), payIn(1_00))).body.code).toBe('recycler_offline')
  // A line that is wanted elsewhere would leave the money behind.
  expect((await register({ address: '127.0.0.9' })).body.code).toBe('recycler_busy')
  const given = await ask('POST', `${at}/attempts/${attemptId}/give-up`, manager)
  expect(given.status).toBe(202)
  await expect.poll(attempt, within).toMatchObject({ state: 'ended', ending: 'unresolved' })
  const said = { attemptId, in: [{ faceMinor: 100_00, pieces: 1 }], out: [] }
  const resolve = () =>
    ask('POST', `${at}/resolve`, manager, { id: newId(), attempt: said, reason: 'saw the note' })
  passTime()
  expect((await resolve()).status).toBe(201)
  await expect.poll(attempt, within).toMatchObject({ ending: 'done', in: { minor: 100_00 } })
  expect((await resolve()).body.code).toBe('recycler_attempt_not_unresolved')
  const { body } = await ask('GET', `/v1/recycler-attempts/${attemptId}`, cashier)
  expect(body).toMatchObject({ ending: 'done', resolved: { reason: 'saw the note' } })
})

test('another address opens another line, and a machine out of use has none', async () => {
  machine = await startMachine()
  news.length = 0
  expect((await register()).status).toBe(201)
  await until('idle')
  const { items } = (await ask('GET', `${at}/frames`, manager)).body
  expect(items.length).toBeGreaterThan(5)
  expect((await ask('POST', `${at}/verify`, manager)).status).toBe(202)
  await until('idle')
  expect((await register({ active: false })).status).toBe(201)
  await until('offline')
  expect((await ask('GET', '/v1/recyclers/live', cashier)).body.items).toEqual([])
  expect((await askWork(newId(), payIn(1_00))).body.code).toBe('recycler_not_found')
  // A register that comes by the feed is looked at when it is projected.
  const other = newId()
  const terms = {
    ...{ shopId: store.shop, name: 'Office', driver: 'rest', address: 'http://127.0.0.1:1' },
    ...{ currencies: ['THB'], tills: [], active: true },
  }
  await store.edit([{ kind: 'recycler', id: other, fields: { terms } }])
  store.projector.wake(store.identity.org)
  await expect.poll(last, within).toMatchObject({ recyclerId: other, at: 'offline' })
})
