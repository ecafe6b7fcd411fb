import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { findChunk } from '@tillkeeper/projections/snapshot/chunk-sql.ts'
import { fromHex } from '@tillkeeper/sync/message/hex.ts'
import { Manifest } from '@tillkeeper/sync/snapshot/manifest.ts'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import { childOf } from './child.ts'
import { makeSnapshot } from './make-snapshot.ts'
import { mayHold } from './may-hold.ts'
import type { SyncParent } from './sync-parent.ts'

// How a child gets all that it may hold at once (docs/specs/replication.md): a list of chunks, and each chunk by
// its name, from any byte on. A store server serves its tills from its own copy.

const tags = ['sync']
const config = { permission: 'child' } as const
const chunkType = 'application/gzip'
/** A chunk's name is the hash of its bytes, so whoever keeps it keeps it for ever. */
const forEver = 'private, max-age=31536000, immutable'

const ChunkPath = Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) })

/** The routes with which a parent hands out snapshots. */
export function snapshotRoutes(parent: SyncParent): FastifyPluginAsyncTypebox {
  // One at a time: shops that come together find packed what the first of them asked for.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined) // Whoever asked hears of it.
    return turn
  }
  return async (app) => {
    app.post(
      '/sync/v1/snapshot',
      {
        config,
        schema: {
          tags,
          summary: 'Ask what there is to load of all that this node may hold.',
          response: { 200: Manifest },
        },
      },
      async (request, reply) => {
        const child = childOf(request)
        const mine = await mayHold(parent, child)
        // A till keeps its own stream itself; it is given the feeds that it shows.
        const wanted: typeof mine = (stream) =>
          mine(stream) && (child.kind === 'node' || stream.startsWith('feed/'))
        const made = await inTurn(() => makeSnapshot(parent, child.org, wanted))
        return made.ok ? made.value : sendRefusal(reply, made.refusal)
      },
    )
    app.get(
      '/sync/v1/snapshot/:sha256',
      {
        config,
        schema: { tags, summary: 'Get a chunk, or the rest of one.', params: ChunkPath },
      },
      async (request, reply) => {
        const child = childOf(request)
        const name = request.params.sha256
        const chunk = await findChunk(parent.db, child.org, fromHex(name))
        if (chunk === undefined || !(await mayHold(parent, child))(chunk.stream)) {
          return sendRefusal(reply, { code: 'chunk_not_found' })
        }
        reply.headers({ 'cache-control': forEver, etag: `"${name}"`, 'accept-ranges': 'bytes' })
        return sendPart(reply, chunk.bytes, request.headers.range)
      },
    )
  }
}

const openRange = /^bytes=([0-9]{1,12})-([0-9]{1,12})?$/

/** Sends a chunk, or one range of it. A range that is not understood is as if none were asked for. */
function sendPart(reply: FastifyReply, bytes: Uint8Array, range: string | undefined): FastifyReply {
  const asked = openRange.exec(range ?? '')
  reply.type(chunkType)
  if (asked === null) return reply.send(bytes)
  const from = Number(asked[1])
  const to = Math.min(
    bytes.length - 1,
    asked[2] === undefined ? bytes.length - 1 : Number(asked[2]),
  )
  if (from > to) {
    reply.header('content-range', `bytes */${bytes.length}`)
    return sendRefusal(reply, { code: 'range_not_satisfiable' })
  }
  reply.code(206).header('content-range', `bytes ${from}-${to}/${bytes.length}`)
  return reply.send(bytes.subarray(from, to + 1))
}
