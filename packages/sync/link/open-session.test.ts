import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { toHex } from '../message/hex.ts'
import type { HelloReply, Verdict } from '../message/messages.ts'
import { openSession } from './open-session.ts'

const node = 't-1'
const own = 't-1:1.0/business' as StreamId
const older = 't-1:1.9/business' as StreamId
const relayed = 't-2:1.0/business' as StreamId
/** The hash of our copy at a position, for this test. */
const hashOf = (seq: number) => new Uint8Array(32).fill(seq)

async function open(
  stream: StreamId,
  { seq, acked = 0 }: { seq: number; acked?: number },
  {
    verdict,
    have,
    hash = hashOf(have ?? 0),
    proto = 2,
  }: { verdict: Verdict; have?: number; hash?: Uint8Array; proto?: number },
) {
  const reply: HelloReply = {
    proto,
    now: '2026-11-20T08:00:00.000Z',
    have: have === undefined ? [] : [{ stream, seq: have, hash: toHex(hash), cloudSeq: 1 }],
    feeds: [],
    limits: { factsMax: 100, bytesMax: 1_000, delayMs: 0 },
    verdicts: [{ stream, verdict }],
  }
  const heads = [{ stream, seq, hash: hashOf(seq), ackedSeq: acked }]
  const session = await openSession(
    { node, epoch: '1.0', heads, feeds: [], reply, facts: undefined },
    async (_, at) => hashOf(at),
  )
  return { ...session.lanes[0], pulled: session.feeds }
}

// One row for each answer that a parent can give, and what the child makes of it.
test.for([
  {
    what: 'nothing yet',
    stream: own,
    seq: 5,
    answer: { verdict: 'unknown' },
    lane: 'ready',
    after: 0,
  },
  {
    what: 'less than ours',
    stream: own,
    seq: 5,
    answer: { verdict: 'resume', have: 3 },
    lane: 'ready',
    after: 3,
  },
  {
    what: 'as much',
    stream: own,
    seq: 5,
    answer: { verdict: 'resume', have: 5 },
    lane: 'ready',
    after: 5,
  },
  {
    what: 'no stream at all of late',
    stream: own,
    seq: 5,
    answer: { verdict: 'quarantined' },
    lane: 'quarantined',
    after: 0,
  },
  {
    what: 'another history',
    stream: own,
    seq: 5,
    answer: { verdict: 'fork', have: 5 },
    lane: 'fork',
    after: 5,
  },
  {
    what: 'more of the stream that we seal in',
    stream: own,
    seq: 3,
    answer: { verdict: 'sender_rolled_back', have: 5 },
    lane: 'sender_rolled_back',
    after: 5,
  },
  {
    what: 'more of a stream that we relay',
    stream: relayed,
    seq: 3,
    answer: { verdict: 'sender_rolled_back', have: 5 },
    lane: 'ready',
    after: 5,
  },
] as const)('a parent that holds $what: $lane', async ({ stream, seq, answer, lane, after }) => {
  const { state, why, acked } = await open(stream, { seq }, answer)
  expect({ lane: why ?? state, after: acked }).toEqual({ lane, after })
})

// A tail that was lost, by a restore or by pruning, is pulled like a feed; not into the stream that we
// seal in, which would fork by it.
test.for([
  { what: 'a stream that we relay', stream: relayed, proto: 2, pulled: true },
  { what: 'our own of an older epoch', stream: older, proto: 2, pulled: true },
  { what: 'the stream that we seal in', stream: own, proto: 2, pulled: false },
  { what: 'a stream, from a parent of version 1', stream: relayed, proto: 1, pulled: false },
] as const)('a lost tail of $what: pulled $pulled', async ({ stream, proto, pulled }) => {
  const lane = await open(stream, { seq: 3 }, { verdict: 'sender_rolled_back', have: 5, proto })
  const feed = { stream, have: 3, head: 5, state: 'ready' }
  expect(lane.pulled).toEqual(pulled ? [feed] : [])
})

test('a stream whose history forked is not pulled over ours', async () => {
  expect((await open(relayed, { seq: 3 }, { verdict: 'fork', have: 5 })).pulled).toEqual([])
})

test('where the parent holds less, only the child can see a fork, and does', async () => {
  const bent = new Uint8Array(32).fill(99)
  const lane = await open(own, { seq: 5 }, { verdict: 'resume', have: 3, hash: bent })
  expect(lane).toMatchObject({ state: 'stopped', why: 'fork' })
})

test('what was remembered of the parent is not believed: it is sent again what it lost', async () => {
  const lane = await open(own, { seq: 5, acked: 5 }, { verdict: 'resume', have: 2 })
  expect(lane).toMatchObject({ state: 'ready', acked: 2, head: 5 })
})

// A server that came back from a backup knows nothing of streams that began after it.
test.for([
  { stream: relayed, pulled: true },
  { stream: older, pulled: true },
  { stream: own, pulled: false },
] as const)('$stream, of which we know nothing: pulled $pulled', async ({ stream, pulled }) => {
  const reply: HelloReply = {
    ...{ proto: 2, now: '2026-11-20T08:00:00.000Z', feeds: [] },
    have: [{ stream, seq: 7, hash: toHex(hashOf(7)), cloudSeq: 7 }],
    limits: { factsMax: 100, bytesMax: 1_000, delayMs: 0 },
    verdicts: [{ stream, verdict: 'sender_rolled_back' }],
  }
  const session = await openSession(
    { node, epoch: '1.0', heads: [], feeds: [], reply, facts: undefined },
    async (_, at) => hashOf(at),
  )
  const feed = { stream, have: 0, head: 7, state: 'ready' }
  expect(session.feeds).toEqual(pulled ? [feed] : [])
  const why = session.lanes.map((lane) => lane.why)
  expect(why).toEqual(pulled ? [] : ['sender_rolled_back'])
})
