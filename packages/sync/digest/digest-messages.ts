import { Strict } from '@tillkeeper/facts/catalogue/parts.ts'
import { type StreamId, streamPattern } from '@tillkeeper/facts/seal/stream.ts'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Position, streamsMax } from '../message/messages.ts'
import { bucketPositions } from './bucket.ts'

// What a child and its parent say to each other to compare what is stored: POST /sync/v1/digest.

/** Buckets in one question: the facts of each are read from the disk, on both sides. */
export const bucketsAskedMax = 64
/** Registers are compared in this many buckets of entities first, and where one differs, in so many. */
export const registerBuckets = 256
export const registerBucketsFine = 4_096

const Stream = Type.Unsafe<StreamId>(Type.String({ pattern: streamPattern }))
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Sum = Type.String({ pattern: '^[0-9a-f]{64}$' })

export const BucketDigest = Strict({
  bucket: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  facts: Type.Integer({ minimum: 0, maximum: bucketPositions }),
  sum: Sum,
})

/** Level 1: what is stored of a stream, up to `cut`. The parent answers at the same cut or not at all. */
export const FactsQuestion = Strict({
  level: Type.Literal('facts'),
  streams: Type.Array(
    Strict({
      stream: Stream,
      cut: Seq,
      buckets: Type.Array(BucketDigest, { minItems: 1, maxItems: bucketsAskedMax }),
    }),
    { maxItems: bucketsAskedMax },
  ),
})

export const FactsAnswer = Strict({
  level: Type.Literal('facts'),
  streams: Type.Array(
    Strict({
      stream: Stream,
      /** False where the parent does not hold the stream up to the cut, or the child may not have it. */
      comparable: Type.Boolean(),
      /** The parent's digests of those buckets that differ from the question's. */
      differing: Type.Array(BucketDigest, { maxItems: bucketsAskedMax }),
      /** Buckets in which the parent's own chain does not hold: it is the one that is damaged. */
      broken: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: bucketsAskedMax }),
    }),
    { maxItems: bucketsAskedMax },
  ),
})

export const RegisterBucket = Strict({
  bucket: Type.Integer({ minimum: 0, maximum: registerBucketsFine - 1 }),
  /** Fields and rows that were added up. */
  fields: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  sum: Sum,
})

/** Level 2: registers, where both sides have applied a feed up to one position. */
export const RegistersQuestion = Strict({
  level: Type.Literal('registers'),
  feeds: Type.Array(Position, { minItems: 1, maxItems: streamsMax }),
  /** Of the columns that are compared: other programs may store more. */
  schema: Sum,
  /** `registerBuckets` or `registerBucketsFine`. */
  of: Type.Union([Type.Literal(registerBuckets), Type.Literal(registerBucketsFine)]),
  buckets: Type.Array(RegisterBucket, { maxItems: registerBucketsFine }),
  /** The child has made its own again, and they still differ: now the parent's turn. */
  remade: Type.Boolean(),
})

export const RegistersAnswer = Strict({
  level: Type.Literal('registers'),
  /** False where the parent stands elsewhere: ask again when the feed is quiet. */
  comparable: Type.Boolean(),
  differing: Type.Array(RegisterBucket, { maxItems: registerBucketsFine }),
  /** The parent has made its own again a moment ago, and does so once in a while only. */
  later: Type.Boolean(),
})

export const DigestQuestion = Type.Union([FactsQuestion, RegistersQuestion])
export const DigestAnswer = Type.Union([FactsAnswer, RegistersAnswer])

/** The first line of `POST /sync/v1/mend`: facts of one bucket for a parent that is damaged there. */
export const MendHeader = Strict({
  stream: Stream,
  from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** The last position in the bucket that both hold. */
  to: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
export const MendAnswer = Strict({
  stream: Stream,
  /** Rows that were written over: none where the parent is whole, or the facts are of another history. */
  mended: Type.Integer({ minimum: 0, maximum: bucketPositions }),
})

export type FactsQuestion = Static<typeof FactsQuestion>
export type FactsAnswer = Static<typeof FactsAnswer>
export type RegisterBucket = Static<typeof RegisterBucket>
export type RegistersQuestion = Static<typeof RegistersQuestion>
export type RegistersAnswer = Static<typeof RegistersAnswer>
export type MendHeader = Static<typeof MendHeader>
export type MendAnswer = Static<typeof MendAnswer>

/** Every shape of this file, for the test that locks them. */
export const digestMessages = { DigestQuestion, DigestAnswer, MendHeader, MendAnswer }

const compiled = {
  facts: Compile(FactsAnswer),
  registers: Compile(RegistersAnswer),
  mendHeader: Compile(MendHeader),
  mendAnswer: Compile(MendAnswer),
}

/** The shapes that are read outside of a schema-checked route. Each takes any value and never throws. */
export const isFactsAnswer = (value: unknown): value is FactsAnswer => compiled.facts.Check(value)
export const isRegistersAnswer = (value: unknown): value is RegistersAnswer =>
  compiled.registers.Check(value)
export const isMendHeader = (value: unknown): value is MendHeader =>
  compiled.mendHeader.Check(value)
export const isMendAnswer = (value: unknown): value is MendAnswer =>
  compiled.mendAnswer.Check(value)
