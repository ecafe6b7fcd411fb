import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskAttachment, Recorded } from '@tillkeeper/client/api/drawer-shapes.ts'
import { attachmentTextMax } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { actingOf, personOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { addAttachment, looksLike } from './add-attachment.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const envelopeBytesMax = 1_000

/** Photos of receipts and counts. */
export function attachmentRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/attachments',
      {
        bodyLimit: attachmentTextMax + envelopeBytesMax,
        config: { permission: 'cash.move' },
        schema: {
          tags: ['drawer'],
          summary: 'Keep a photo of at most 150 kB: JPEG, WebP or PNG.',
          body: AskAttachment,
          response: { 200: Recorded, 201: Recorded },
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const person = personOf(request)
        if (person === undefined) return sendRefusal(reply, { code: 'person_required' })
        const { mime, bytes } = request.body
        if (!looksLike(mime, bytes)) return sendRefusal(reply, { code: 'not_a_picture' })
        const outcome = await writer.act(() =>
          addAttachment(node, acting.value, { staffId: person.id, mime, bytes }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return reply.code(outcome.value.repeated ? 200 : 201).send({ id: outcome.value.id })
      },
    )
  }
}
