import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskTillEnrolment, TillEnrolment } from '@tillkeeper/client/api/shapes.ts'
import type { TillId } from '@tillkeeper/core/base/id.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import Type from 'typebox'
import { personOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import { enrolTill } from './enrol-till.ts'

/** A manager makes a device a till. */
export function enrolTillRoutes({ node }: { readonly node: StoreNode }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/tills/:id/enrol',
      {
        config: { permission: 'till.enrol' },
        schema: {
          tags: ['till'],
          summary: 'Make the asking device a till. Only a person can; its token is told once.',
          params: Type.Object({ id: UuidText<TillId>() }),
          body: AskTillEnrolment,
          response: { 201: TillEnrolment },
        },
      },
      async (request, reply) => {
        const person = personOf(request)
        if (person === undefined) return sendRefusal(reply, { code: 'person_required' })
        const outcome = await enrolTill(node, {
          tillId: request.params.id,
          enrolledBy: person.id,
          publicKey: request.body.publicKey,
        })
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return reply.code(201).send(fits(TillEnrolment, { ...outcome.value, org: node.org }))
      },
    )
  }
}
