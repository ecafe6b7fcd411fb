import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMaxMs } from './backoff.ts'
import { type LinkEffect, type LinkEvent, type LinkState, linkOffline, step } from './link-state.ts'
import { type Feed, type Lane, laneOrder, pullsMax, pushesMax, type Session } from './session.ts'

const business = 't-1:1.0/business' as StreamId
const telemetry = 't-1:1.0/telemetry' as StreamId
const relayed = 't-2:1.0/business' as StreamId
const feed = 'feed/org@1' as StreamId

const lane = (stream: StreamId, over: Partial<Lane> = {}): Lane => ({
  stream,
  head: 0,
  acked: 0,
  cloud: 0,
  state: 'ready',
  ...over,
})
const session = (lanes: readonly Lane[], feeds: readonly Feed[] = []): Session => ({
  lanes,
  feeds,
  facts: 500,
  factsMax: 1_000,
  bytesMax: 1_000,
  delayMs: 0,
})

/** Plays events from offline; the run of an answer is filled in. */
function play(...events: readonly Loose[]) {
  let state: LinkState = linkOffline
  let effects: readonly LinkEffect[] = []
  for (const event of events) {
    ;({ state, effects } = step(state, { run: state.run, ...event } as LinkEvent, 0.5))
  }
  return { state, types: effects.map(({ type }) => type), effects }
}
type Loose = LinkEvent extends infer Event
  ? Event extends LinkEvent
    ? Omit<Event, 'run'> & { readonly run?: number }
    : never
  : never

const started: Loose = { type: 'started' }
const greeted = (held: Session): Loose => ({ type: 'greeted', session: held })
const acked = (stream: StreamId, seq: number): Loose => ({
  type: 'acked',
  stream,
  seq,
  cloud: 0,
  elapsedMs: 700,
})

test('a sale is on its way at once, and the next one in the same stream after its ack', () => {
  const { types } = play(started, greeted(session([lane(business)])), {
    type: 'grew',
    stream: business,
    head: 1,
  })
  expect(types).toEqual(['push'])
  const second = play(
    started,
    greeted(session([lane(business)])),
    { type: 'grew', stream: business, head: 1 },
    { type: 'grew', stream: business, head: 2 },
  )
  expect(second.types).toEqual([])
  const third = play(
    started,
    greeted(session([lane(business)])),
    { type: 'grew', stream: business, head: 1 },
    { type: 'grew', stream: business, head: 2 },
    acked(business, 1),
  )
  expect(third.effects).toMatchObject([{ type: 'push', stream: business, after: 1 }])
})

test('money stands before reports, our own before what is relayed', () => {
  const lanes = [telemetry, relayed, business].map((stream) => lane(stream, { head: 1 }))
  expect(lanes.sort(laneOrder('t-1')).map(({ stream }) => stream)).toEqual([
    business,
    relayed,
    telemetry,
  ])
})

test('what was sealed while a hello was on its way is sent after it', () => {
  const { effects } = play(
    started,
    { type: 'grew', stream: business, head: 3 },
    greeted(session([lane(business, { head: 2, acked: 2 })])),
  )
  expect(effects).toContainEqual(expect.objectContaining({ type: 'push', after: 2 }))
})

test('a poke that overtakes the answer to a hello is not forgotten', () => {
  const { effects } = play(
    started,
    { type: 'poked', poke: { feeds: [{ stream: feed, seq: 9 }], cloud: [] } },
    greeted(session([], [{ stream: feed, have: 4, head: 4, state: 'ready' }])),
  )
  expect(effects).toContainEqual(expect.objectContaining({ type: 'pull', after: 4 }))
})

test('a poke that overtakes the answer to a pull is not forgotten', () => {
  const { effects } = play(
    started,
    greeted(session([], [{ stream: feed, have: 4, head: 6, state: 'ready' }])),
    { type: 'poked', poke: { feeds: [{ stream: feed, seq: 7 }], cloud: [] } },
    { type: 'pulled', stream: feed, seq: 6, head: 6 },
  )
  expect(effects).toMatchObject([{ type: 'pull', after: 6 }])
})

test('a parent that has less of a feed than it said is not asked for ever', () => {
  const { state } = play(
    started,
    greeted(session([], [{ stream: feed, have: 4, head: 6, state: 'ready' }])),
    { type: 'pulled', stream: feed, seq: 4, head: 4 },
  )
  expect(state.at).toBe('idle')
})

test('a heartbeat is said even by a shop that never stops selling', () => {
  const { state, types } = play(
    started,
    greeted(session([lane(business, { head: 9 })])),
    { type: 'timer' },
    acked(business, 1),
  )
  expect(state.at).toBe('greeting')
  expect(types).toEqual(['hello'])
})

test('a stream that forked stops alone, and is told of', () => {
  const held = session([lane(business, { head: 5 }), lane(relayed, { head: 5 })])
  const { state, effects } = play(
    started,
    greeted(held),
    { type: 'nacked', stream: relayed, code: 'fork' },
    acked(business, 3),
  )
  expect(effects).toMatchObject([{ type: 'push', stream: business, after: 3 }])
  expect(state.at === 'streaming' && state.session.lanes[1]).toMatchObject({ why: 'fork' })
})

test('an ack that acknowledges nothing is a failure, not a reason to send it again at once', () => {
  const { state } = play(
    started,
    greeted(session([lane(business, { head: 5, acked: 2 })])),
    acked(business, 2),
  )
  expect(state).toMatchObject({ at: 'backoff', reason: 'no_progress', tries: 1 })
})

test('a batch that is too large is made smaller until it is one fact, then its stream stops', () => {
  const tooLarge: Loose = { type: 'nacked', stream: business, code: 'batch_too_large' }
  const events: Loose[] = [started, greeted(session([lane(business, { head: 5 })]))]
  const sizes: number[] = []
  for (let tries = 0; tries < 10; tries += 1) {
    const { state, effects } = play(...events)
    const push = effects.find(({ type }) => type === 'push')
    if (push?.type === 'push') sizes.push(push.factsMax)
    if (state.at === 'idle') break
    events.push(tooLarge)
  }
  expect(sizes).toEqual([500, 125, 31, 7, 1])
  expect(play(...events).types).toContain('alarm')
})

test('failures in a row wait longer, and a batch that is taken ends the row', () => {
  const failed: Loose = { type: 'failed', reason: 'unreachable' }
  const timer: Loose = { type: 'timer' }
  const tries = play(started, failed, timer, failed, timer, failed).state.tries
  expect(tries).toBe(3)
  const after = play(
    started,
    failed,
    timer,
    greeted(session([lane(business, { head: 5 })])),
    acked(business, 2),
  )
  expect(after.state.tries).toBe(0)
})

// ---- what holds whatever happens

const streams = [business, telemetry, relayed]
const seq = fc.nat(30)
const held = fc
  .record({ heads: fc.array(seq, { minLength: 3, maxLength: 3 }), have: seq, head: seq })
  .map(({ heads, have, head }) =>
    session(
      streams.map((stream, index) => lane(stream, { head: heads[index] ?? 0 })),
      [{ stream: feed, have, head, state: 'ready' }],
    ),
  )
const anyStream = fc.constantFrom(...streams)
const anyEvent: fc.Arbitrary<Loose> = fc.oneof(
  fc.constant<Loose>({ type: 'started' }),
  fc.constant<Loose>({ type: 'stopped' }),
  fc.constant<Loose>({ type: 'timer' }),
  fc.boolean().map((up): Loose => ({ type: 'listening', up })),
  fc.record({ stream: anyStream, head: seq }).map((e): Loose => ({ type: 'grew', ...e })),
  held.map((e): Loose => ({ type: 'greeted', session: e })),
  fc.record({ stream: anyStream, seq }).map((e): Loose => acked(e.stream, e.seq)),
  fc
    .record({
      stream: anyStream,
      code: fc.constantFrom('gap', 'fork', 'batch_too_large', 'damaged'),
    })
    .map((e) => ({ type: 'nacked', ...e }) as Loose),
  fc.record({ seq, head: seq }).map((e): Loose => ({ type: 'pulled', stream: feed, ...e })),
  fc.constant<Loose>({ type: 'pull_refused', stream: feed, why: 'feed_refused' }),
  seq.map(
    (at): Loose => ({
      type: 'poked',
      poke: { feeds: [{ stream: feed, seq: at }], cloud: [{ stream: business, seq: at }] },
    }),
  ),
  fc.constant<Loose>({ type: 'failed', reason: 'unreachable' }),
)

test('whatever happens: one batch of a stream at a time, all bounded, and never asleep for good', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
      let state: LinkState = linkOffline
      let timer: number | undefined
      let flying = new Map<StreamId, number>()
      for (const event of events) {
        const next = step(state, { run: state.run, ...event } as LinkEvent, 0.5)
        if (next.state.run !== state.run) flying = new Map()
        if (event.type === 'timer') timer = undefined
        if ('stream' in event && event.type !== 'grew') flying.delete(event.stream)
        state = next.state
        for (const effect of next.effects) {
          if (effect.type === 'wait') {
            timer = effect.run
            expect(effect.ms).toBeLessThanOrEqual(backoffMaxMs)
          }
          if (effect.type === 'hush') timer = undefined
          if (effect.type === 'push' || effect.type === 'pull') {
            expect(flying.has(effect.stream), 'one batch of a stream').toBe(false)
            flying.set(effect.stream, effect.run)
            expect(effect.factsMax).toBeGreaterThan(0)
          }
        }
        expect(flying.size).toBeLessThanOrEqual(pushesMax + pullsMax)
        if (state.at === 'backoff') expect(timer, 'a wait has an end').toBe(state.run)
        if (state.at === 'streaming')
          expect(flying.size, 'streaming waits for an answer').toBeGreaterThan(0)
      }
    }),
    { numRuns: 500 },
  )
})

test('an answer of an older run changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), anyEvent, (events, late) => {
      const { state } = play(...events)
      fc.pre(
        ['greeted', 'acked', 'nacked', 'pulled', 'pull_refused', 'failed', 'timer'].includes(
          late.type,
        ),
      )
      const { state: after, effects } = step(state, { ...late, run: state.run - 1 } as LinkEvent, 0)
      expect(after).toBe(state)
      expect(effects).toEqual([])
    }),
  )
})
