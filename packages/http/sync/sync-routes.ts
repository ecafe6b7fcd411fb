import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { noteIncident } from '@tillkeeper/projections/journal/incident-sql.ts'
import { readStream, type StreamPart } from '@tillkeeper/projections/journal/stream-sql.ts'
import { fromHex, toHex } from '@tillkeeper/sync/message/hex.ts'
import {
  Ack,
  batchBytesMax,
  batchFactsMax,
  Hello,
  HelloReply,
  isPushHeader,
  PullRequest,
  type Receipt,
} from '@tillkeeper/sync/message/messages.ts'
import { batchWireBytesMax, decodeBatch, encodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendRefusal } from '../problem/problem.ts'
import { createGate } from './admit-push.ts'
import { adoptFeed } from './adopt-feed.ts'
import { type Child, childOf } from './child.ts'
import { authorOf, greetChild } from './greet-child.ts'
import { mayHold } from './may-hold.ts'
import { createReceiver, type ReceivePush } from './receive-push.ts'
import { type MayBring, rememberAuthors } from './remember-authors.ts'
import { signReceipt } from './sign-heads.ts'
import type { SyncParent } from './sync-parent.ts'
import { findCopies } from './sync-sql.ts'
import { batchEncodings, pack, unpack } from './unpack.ts'

// The parent's side of replication, for both servers (docs/specs/replication.md). Facts pass through as the
// bytes that were sealed; nothing here reads what they say.

const ndjson = 'application/x-ndjson'
/** A hello of `streamsMax` streams. */
const helloBytesMax = 1_048_576
const tags = ['sync']
const config = { permission: 'child' } as const

export function syncRoutes(served: SyncParent): FastifyPluginAsyncTypebox {
  const gate = createGate()
  const limitsOf = () => gate.limits({ factsMax: batchFactsMax, bytesMax: batchBytesMax })
  const parent: SyncParent = { limitsOf, ...served }
  const receive = createReceiver(parent)
  const mayBring = rememberAuthors(parent)
  return async (app) => {
    app.addContentTypeParser(ndjson, { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    app.post(
      '/sync/v1/hello',
      {
        config,
        bodyLimit: helloBytesMax,
        schema: {
          tags,
          summary: 'Say what you hold and hear what we hold.',
          body: Hello,
          response: { 200: HelloReply },
        },
      },
      async (request, reply) => {
        reply.header('accept-encoding', batchEncodings)
        const outcome = await greetChild(parent, childOf(request), request.body)
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
    app.post(
      '/sync/v1/push',
      {
        config: { ...config, contentType: ndjson },
        bodyLimit: batchWireBytesMax,
        schema: { tags, summary: 'Bring facts of a stream, in order.', response: { 200: Ack } },
      },
      async (request, reply) => {
        const { author } = childOf(request)
        const turn = await gate.enter(author, (request.body as Buffer).length)
        if (!('pass' in turn)) return sendRefusal(reply, { code: 'overloaded', ...turn })
        try {
          return await push({ ...parent, receive, mayBring }, request, reply)
        } finally {
          turn.pass.done()
        }
      },
    )
    app.post(
      '/sync/v1/pull',
      {
        config,
        schema: {
          tags,
          summary: 'Get facts of a feed, or of a stream of the child’s own, in order.',
          body: PullRequest,
        },
      },
      (request, reply) =>
        pull(parent, {
          child: childOf(request),
          ask: request.body,
          accepts: request.headers['accept-encoding'],
          reply,
        }),
    )
  }
}

async function push(
  parent: SyncParent & { readonly receive: ReceivePush; readonly mayBring: MayBring },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const child = childOf(request)
  const body = await unpack(request.body as Buffer, request.headers['content-encoding'])
  if (!body.ok) return sendRefusal(reply, body.refusal)
  const decoded = decodeBatch(body.value, isPushHeader)
  if (!decoded.ok) return sendRefusal(reply, decoded.refusal)
  const { header, facts } = decoded.value
  const { stream, from } = header
  const author = authorOf(stream)
  if (author !== undefined && !(await parent.mayBring(child, author))) {
    parent.onNack?.(child, stream, 'stream_not_yours')
    return sendRefusal(reply, { code: 'stream_not_yours' })
  }
  const prevHash = fromHex(header.prevHash)
  const batch = { stream, from, prevHash, lastHash: fromHex(header.lastHash), facts }
  const outcome =
    author === undefined
      ? await adoptFeed(parent, child, { batch, receipt: header.receipt })
      : await parent.receive(child, batch)
  if (!outcome.ok) {
    if (outcome.refusal.code === 'fork') {
      const at = parent.now().toISOString()
      await noteIncident(parent.db, child.org, { kind: 'fork', node: child.author, stream, at })
    }
    parent.onNack?.(child, stream, outcome.refusal.code)
    return sendRefusal(reply, outcome.refusal)
  }
  const { seq, hash, added } = outcome.value
  if (added > 0) parent.onReceived(child.org)
  const { cloudPeer } = parent
  if (cloudPeer === undefined) return { stream, seq, hash: toHex(hash), cloudSeq: seq }
  const copies = await findCopies(parent.db, child.org, { streams: [stream], cloudPeer })
  return { stream, seq, hash: toHex(hash), cloudSeq: copies.get(stream)?.cloudSeq ?? 0 }
}

type Pull = {
  readonly child: Child
  readonly ask: PullRequest
  readonly accepts: string | string[] | undefined
  readonly reply: FastifyReply
}

async function pull(parent: SyncParent, { child, ask, accepts, reply }: Pull) {
  const { stream, after, limit } = ask
  // Whether there is such a stream is nobody's business who may not hold it.
  if (!(await mayHold(parent, child))(stream)) {
    return sendRefusal(reply, { code: 'feed_not_yours' })
  }
  const bounds = { factsMax: limit, bytesMax: batchBytesMax }
  const part = await readStream(parent.db, child.org, { stream, after, ...bounds })
  if (part === undefined) return sendRefusal(reply, { code: 'gap' })
  const header = {
    stream,
    from: part.from,
    prevHash: toHex(part.prevHash),
    lastHash: toHex(part.hash),
    head: part.headSeq,
    more: part.seq < part.headSeq,
    ...(ask.receipt === true ? receiptOf(parent, child, { stream, part }) : {}),
  }
  const packed = await pack(encodeBatch(header, part.facts), String(accepts ?? ''))
  if (packed.encoding !== undefined) reply.header('content-encoding', packed.encoding)
  return reply.type(ndjson).send(packed.body)
}

// What the child gets of a feed, it can show to have got: a cloud that lost it takes it back so.
function receiptOf(
  { receiptKey, now }: SyncParent,
  { org }: Child,
  { stream, part }: { readonly stream: StreamId; readonly part: StreamPart },
): { readonly receipt?: Receipt } {
  if (receiptKey === undefined || part.seq === 0 || !stream.startsWith('feed/')) return {}
  const said = { stream, seq: part.seq, hash: toHex(part.hash), at: now().toISOString() }
  return { receipt: signReceipt(org, said, receiptKey) }
}
