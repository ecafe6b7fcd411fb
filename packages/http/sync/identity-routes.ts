import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Hashes, HashesRequest, Renewed, RenewRequest } from '@tillkeeper/sync/message/messages.ts'
import { sendRefusal } from '../problem/problem.ts'
import { childOf } from './child.ts'
import { findHashes } from './identity-sql.ts'
import { mayHold } from './may-hold.ts'
import type { SyncParent } from './sync-parent.ts'

const tags = ['sync']
const config = { permission: 'child' } as const

/** What a child asks when its history and its parent's are not the same any more. */
export function identityRoutes(parent: SyncParent): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/sync/v1/renew',
      {
        config,
        schema: {
          tags,
          summary: 'Get a major epoch that nobody had: this node was copied or restored.',
          body: RenewRequest,
          response: { 200: Renewed },
        },
      },
      async (request, reply) => {
        const child = childOf(request)
        if (request.body.node !== child.author) {
          return sendRefusal(reply, { code: 'stream_not_yours' })
        }
        const outcome = await parent.renew(child, request.body)
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
    app.post(
      '/sync/v1/hashes',
      {
        config,
        schema: {
          tags,
          summary: 'Compare histories: the hashes of a stream at some positions.',
          body: HashesRequest,
          response: { 200: Hashes },
        },
      },
      async (request, reply) => {
        const child = childOf(request)
        const { stream, seqs } = request.body
        if (!(await mayHold(parent, child))(stream)) {
          return sendRefusal(reply, { code: 'feed_not_yours' })
        }
        return { stream, hashes: [...(await findHashes(parent.db, child.org, { stream, seqs }))] }
      },
    )
  }
}
