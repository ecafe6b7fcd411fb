import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskAttachment, Recorded } from '@tillkeeper/client/api/drawer-shapes.ts'
import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { attachmentTextMax } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { personActingOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
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
        const person = personActingOf(request, request.body)
        const { mime, bytes, staffId: takenBy } = request.body
        if (person.ok && !looksLike(mime, bytes))
          return sendRefusal(reply, { code: 'not_a_picture' })
        return answerAct({ writer, reply }, person, ({ acting, staffId }) =>
          addAttachment(node, acting, { staffId: (takenBy ?? staffId) as StaffId, mime, bytes }),
        )
      },
    )
  }
}
