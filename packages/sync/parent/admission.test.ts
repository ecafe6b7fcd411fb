import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Admission,
  bulkServedMax,
  bulkWaitingMax,
  bulkWaitingOfOneMax,
  enter,
  leave,
  limitBatches,
  liveServedMax,
  noAdmission,
  queueMs,
  retryMs,
  type Ticket,
  waitMsMax,
} from './admission.ts'

const bulk = (id: number, child: string): Ticket => ({ id, child, kind: 'bulk' })
const live = (id: number): Ticket => ({ id, child: `live ${id}`, kind: 'live' })

/** Virtual time: shops bring batches one after the other until each has brought all of its own. */
function run(shops: number, batches: number, tookMs: number) {
  let state: Admission = noAdmission
  let nowMs = 0
  let ids = 0
  const left = new Map(Array.from({ length: shops }, (_, shop) => [`shop ${shop}`, batches]))
  const doneMs = new Map<string, number>()
  const serving: { ticket: Ticket; endMs: number }[] = []
  const asleep: { ticket: Ticket; untilMs: number }[] = []
  let sentAway = 0
  const take = ({ state: next, go, away }: ReturnType<typeof enter>) => {
    state = next
    for (const ticket of go) serving.push({ ticket, endMs: nowMs + tookMs })
    for (const ticket of away) {
      sentAway += 1
      // Spread by a fixed share of each: no chance in a test of order.
      const random = (ticket.id % 16) / 16
      asleep.push({ ticket, untilMs: nowMs + retryMs(state, random) })
    }
  }
  const come = (child: string) => {
    ids += 1
    take(enter(state, bulk(ids, child)))
  }
  for (const shop of left.keys()) come(shop)
  while (doneMs.size < shops) {
    const next = Math.min(
      ...serving.map(({ endMs }) => endMs),
      ...asleep.map(({ untilMs }) => untilMs),
    )
    nowMs = next
    for (const woken of asleep.filter(({ untilMs }) => untilMs <= nowMs)) {
      asleep.splice(asleep.indexOf(woken), 1)
      come(woken.ticket.child)
    }
    for (const done of serving.filter(({ endMs }) => endMs <= nowMs)) {
      serving.splice(serving.indexOf(done), 1)
      const { child } = done.ticket
      take(leave(state, done.ticket, tookMs))
      const rest = (left.get(child) ?? 0) - 1
      left.set(child, rest)
      if (rest === 0) doneMs.set(child, nowMs)
      else come(child)
    }
  }
  return { times: [...doneMs.values()], sentAway, state }
}

test.for([
  { shops: 300, batches: 6, tookMs: 100 },
  { shops: 300, batches: 3, tookMs: 1_000 },
  { shops: 1_000, batches: 2, tookMs: 400 },
])('$shops shops that return at once are all served, in like times', (asked) => {
  const { times, sentAway, state } = run(asked.shops, asked.batches, asked.tookMs)
  expect(times.length).toBe(asked.shops)
  expect(Math.max(...times) / Math.min(...times)).toBeLessThanOrEqual(3)
  expect(sentAway > 0).toBe(asked.shops * asked.tookMs > bulkServedMax * waitMsMax)
  expect(state).toMatchObject({ served: { live: 0, bulk: 0 }, live: [], bulk: [] })
})

test('who just sold goes past everybody who catches up', () => {
  let state: Admission = noAdmission
  for (let id = 0; id < 200; id += 1) state = enter(state, bulk(id, `shop ${id}`)).state
  expect(state.served.bulk).toBe(bulkServedMax)
  for (let id = 1_000; id < 1_000 + liveServedMax; id += 1) {
    const { go, state: next } = enter(state, live(id))
    expect(go).toEqual([live(id)])
    state = next
  }
  expect(enter(state, live(2_000)).go).toEqual([])
})

test('a shop with many streams has as many turns as one with few', () => {
  let state: Admission = noAdmission
  for (let id = 0; id < bulkServedMax; id += 1) state = enter(state, bulk(id, `first ${id}`)).state
  for (let id = 10; id < 10 + bulkWaitingOfOneMax; id += 1) {
    state = enter(state, bulk(id, 'greedy')).state
  }
  expect(enter(state, bulk(99, 'greedy')).away).toEqual([bulk(99, 'greedy')])
  state = enter(state, bulk(20, 'modest')).state
  const order: string[] = []
  for (let nth = 0; nth < bulkServedMax; nth += 1) {
    const { state: next, go } = leave(state, bulk(nth, `first ${nth}`), 100)
    state = next
    order.push(...go.map(({ child }) => child))
  }
  expect(order).toEqual(['greedy', 'modest', 'greedy', 'greedy'])
})

test('whoever was served longest ago takes the place of who was served last', () => {
  let state: Admission = { ...noAdmission, turns: new Map([['rich', 7]]), turn: 7 }
  let id = 0
  while (state.bulk.length < bulkWaitingMax && queueMs(state) < waitMsMax) {
    id += 1
    state = enter(state, bulk(id, id === 50 ? 'rich' : `shop ${id}`)).state
  }
  const { away } = enter(state, bulk(9_999, 'poor'))
  expect(away).toEqual([bulk(50, 'rich')])
})

test('one that gives up while it waits takes no place, and whatever comes, all are told', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(9)), { maxLength: 300 }), (steps) => {
      let state: Admission = noAdmission
      const waiting = new Map<number, Ticket>()
      const serving: Ticket[] = []
      let ids = 0
      for (const [what, shop] of steps) {
        let told: ReturnType<typeof enter> | undefined
        if (what <= 1) {
          ids += 1
          const ticket = what === 0 ? bulk(ids, `shop ${shop}`) : live(ids)
          waiting.set(ids, ticket)
          told = enter(state, ticket)
        } else if (what === 2) {
          const done = serving.shift()
          told = done && leave(state, done, 50)
        } else {
          const [first] = [...waiting.values()].filter(({ kind }) => kind === 'bulk')
          if (first !== undefined) {
            waiting.delete(first.id)
            told = leave(state, first)
          }
        }
        if (told === undefined) continue
        state = told.state
        for (const ticket of told.go) serving.push(ticket)
        for (const ticket of [...told.go, ...told.away]) waiting.delete(ticket.id)
        expect(state.live.length + state.bulk.length).toBe(waiting.size)
        expect(state.served.live + state.served.bulk).toBe(serving.length)
        // Nobody waits while there is room.
        if (state.bulk.length > 0) expect(state.served.bulk).toBe(bulkServedMax)
      }
    }),
  )
})

test('the longer the queue, the smaller and the rarer the batches that are asked for', () => {
  const most = { factsMax: 1_000, bytesMax: 4_000_000 }
  expect(limitBatches(noAdmission, most)).toEqual({ ...most, delayMs: 0 })
  let state: Admission = noAdmission
  for (let id = 0; id < 300; id += 1) state = enter(state, bulk(id, `shop ${id}`)).state
  const limits = limitBatches(state, most)
  expect(limits.factsMax).toBeLessThan(500)
  expect(limits.factsMax).toBeGreaterThanOrEqual(100)
  expect(limits.delayMs).toBeGreaterThan(1_000)
  expect(retryMs(state, 0.99)).toBeGreaterThan(retryMs(state, 0))
})
