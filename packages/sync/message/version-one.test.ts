import { Instant, Strict } from '@tillkeeper/facts/catalogue/parts.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import Type from 'typebox'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { answerHello, type ParentCopies } from '../parent/answer-hello.ts'
import { toHex } from './hex.ts'
import { Hello, type HelloReply } from './messages.ts'

// What a child of version 1 takes for an answer, field by field, as it was when that version went out. It
// is written out here: a shape that were shared with the code would follow it.

const Stream = Type.String()
const Seq = Type.Integer({ minimum: 0 })
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Position = Strict({ stream: Stream, seq: Seq, hash: Hash })
const words = ['resume', 'receiver_rolled_back', 'sender_rolled_back', 'fork', 'unknown']
const Verdict = Type.Union([...words, 'quarantined'].map((word) => Type.Literal(word)))
const ReplyOne = Strict({
  proto: Type.Literal(1),
  now: Instant,
  have: Type.Array(Strict({ ...Position.properties, cloudSeq: Seq })),
  feeds: Type.Array(Position),
  limits: Strict({
    factsMax: Type.Integer({ minimum: 1, maximum: 1_000 }),
    bytesMax: Type.Integer({ minimum: 1, maximum: 4_194_304 }),
    delayMs: Type.Integer({ minimum: 0, maximum: 60_000 }),
  }),
  verdicts: Type.Array(Strict({ stream: Stream, verdict: Verdict })),
})

const now = '2026-11-20T08:00:00.000Z'
const stream = 's-1:1.0/business' as StreamId
const sha = new Uint8Array(32).fill(7)
const hello = (proto: Hello['proto']): Hello => ({
  ...{ proto, node: 's-1', epoch: '1.0', build: '0.1.0', now },
  heads: [{ stream, seq: 2, hash: toHex(sha) }],
  feeds: [{ stream: 'feed/org@1' as StreamId, seq: 1, hash: toHex(sha) }],
})
const parent: ParentCopies = {
  copies: async () => new Map([[stream, { seq: 2, hash: sha, trust: 'ok', cloudSeq: 1 }]]),
  hashAt: async () => sha,
  feeds: [{ stream: 'feed/org@1' as StreamId, seq: 1, hash: sha }],
  mayPush: () => true,
}
const receipt = { stream, seq: 2, hash: toHex(sha), at: now, signature: `${'A'.repeat(86)}==` }
const said = {
  ...{ now, cloned: true, receipts: [receipt] },
  limits: { factsMax: 500, bytesMax: 1_000_000, delayMs: 250 },
}

async function answer(proto: Hello['proto']): Promise<HelloReply> {
  const outcome = await answerHello(hello(proto), parent, said)
  if (!outcome.ok) throw new Error(outcome.refusal.code)
  return outcome.value
}

test('a child of version 1 is answered in the words of version 1 alone', async () => {
  expect(Check(ReplyOne, await answer([1, 1]))).toBe(true)
})

test('what version 1 would not understand is what it is not told', async () => {
  const two = await answer([1, 2])
  expect(two).toMatchObject({ proto: 2, cloned: true, receipts: [receipt] })
  // The check has teeth: it refuses an answer with one field more.
  expect(Check(ReplyOne, { ...two, proto: 1 })).toBe(false)
})

test('a hello of version 1 is a hello', () => {
  expect(Check(Hello, hello([1, 1]))).toBe(true)
})
