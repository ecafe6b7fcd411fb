import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { bucketOf } from '@tillkeeper/sync/digest/bucket.ts'
import {
  DigestAnswer,
  DigestQuestion,
  isMendHeader,
  MendAnswer,
  type MendHeader,
} from '@tillkeeper/sync/digest/digest-messages.ts'
import { splitFacts } from '@tillkeeper/sync/snapshot/check-chunk.ts'
import { sendRefusal } from '../problem/problem.ts'
import { answerFacts } from '../reconcile/answer-digest.ts'
import { answerRegisters } from '../reconcile/digest-registers.ts'
import { bucketBytesMax, mendCopy } from '../reconcile/mend-copy.ts'
import { childOf } from './child.ts'
import { mayHold } from './may-hold.ts'
import type { SyncParent } from './sync-parent.ts'

// The parent's side of comparing data at rest (docs/specs/reconciliation.md).

const tags = ['sync']
const config = { permission: 'child' } as const
const ndjson = 'application/x-ndjson'
/** Every fine bucket of entities in one question. */
const questionBytesMax = 1_048_576
const headerBytesMax = 1_024
/** Children that are answered at once: each answer reads the disk. The others ask again. */
const answersMax = 4
/** Entities are made again for a child this often at most, in one organisation. */
const remakeEveryMs = 600_000

/** The routes with which a child compares what it stores with what its parent stores. */
export function digestRoutes(parent: SyncParent): FastifyPluginAsyncTypebox {
  const remadeAt = new Map<string, number>()
  let answering = 0
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve))
  const mayRemake = (org: string): boolean => {
    const now = parent.now().getTime()
    if (now - (remadeAt.get(org) ?? Number.NEGATIVE_INFINITY) < remakeEveryMs) return false
    remadeAt.set(org, now)
    return true
  }
  return async (app) => {
    app.addContentTypeParser(ndjson, { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    app.post(
      '/sync/v1/digest',
      {
        config,
        bodyLimit: questionBytesMax,
        schema: {
          tags,
          summary: 'Compare what is stored, at a cut that both hold.',
          body: DigestQuestion,
          response: { 200: DigestAnswer },
        },
      },
      async (request, reply) => {
        if (answering >= answersMax) {
          return sendRefusal(reply, { code: 'overloaded', retryAfterSeconds: 5 })
        }
        const child = childOf(request)
        const { org } = child
        answering += 1
        try {
          return request.body.level === 'facts'
            ? await answerFacts(parent.db, org, request.body, {
                mayHold: await mayHold(parent, child),
                pause,
              })
            : await answerRegisters(parent.db, org, request.body, () => mayRemake(org))
        } finally {
          answering -= 1
        }
      },
    )
    app.post(
      '/sync/v1/mend',
      {
        config: { ...config, contentType: ndjson },
        bodyLimit: bucketBytesMax + headerBytesMax,
        schema: {
          tags,
          summary: 'Offer the facts of a bucket that the parent is damaged in.',
          response: { 200: MendAnswer },
        },
      },
      async (request, reply) => {
        const child = childOf(request)
        const offered = readOffer(request.body as Buffer)
        if (!offered.ok) return sendRefusal(reply, offered.refusal)
        const { header, facts } = offered.value
        const { stream, from, to } = header
        if (!(await mayHold(parent, child))(stream)) {
          return sendRefusal(reply, { code: 'feed_not_yours' })
        }
        const mended = await mendCopy(parent, child.org, { stream, from, to, theirs: facts })
        const count = mended.ok ? mended.value.mended : 0
        if (count > 0) parent.onReceived(child.org)
        return { stream, mended: count }
      },
    )
  }
}

type Offer = { readonly header: MendHeader; readonly facts: readonly Uint8Array[] }

/** Takes an offer apart: a header line, then one fact a line, all of one bucket. */
function readOffer(body: Buffer): Outcome<Offer, { readonly code: 'bad_batch' }> {
  const end = body.indexOf(10)
  if (end < 0 || end > headerBytesMax) return refused({ code: 'bad_batch' })
  const header = parse(body.toString('utf8', 0, end))
  if (!isMendHeader(header) || header.to < header.from) return refused({ code: 'bad_batch' })
  if (bucketOf(header.from) !== bucketOf(header.to)) return refused({ code: 'bad_batch' })
  const facts = splitFacts({ facts: header.to - header.from + 1 }, body.subarray(end + 1))
  return facts.ok ? accepted({ header, facts: facts.value }) : refused({ code: 'bad_batch' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // No JSON: no header.
  }
}
