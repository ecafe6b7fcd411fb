import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Edited } from '@tillkeeper/client/api/edit-shapes.ts'
import { AskCashRounding, AskRate } from '@tillkeeper/client/api/rate-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { actingOf, personOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
import type { StoreNode } from '../act/record-act.ts'
import { setCashRounding } from '../edit/edit-register.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { setRate } from './set-rate.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const response = { 200: Edited, 201: Edited }

/** What currencies are worth in this shop, and how it rounds cash; with or without the internet. */
export function rateRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/rates',
      {
        config: { permission: 'rate.manage' },
        schema: {
          tags: ['catalogue'],
          summary: 'Say what a currency is worth in this shop, from now on or later.',
          body: AskRate,
          response,
        },
      },
      async (request, reply) => {
        const { id: _, ...said } = request.body
        const staffId = personOf(request)?.id
        return answerAct({ writer, reply }, actingOf(request, request.body), (acting) =>
          setRate(node, acting, { ...said, staffId }),
        )
      },
    )
    app.post(
      '/v1/cash-rounding',
      {
        config: { permission: 'shop.settings' },
        schema: {
          tags: ['catalogue'],
          summary: 'Say how this shop rounds what is settled in cash.',
          body: AskCashRounding,
          response,
        },
      },
      async (request, reply) => {
        const { stepMinor, way } = request.body
        const rounding = { stepMinor: minor(stepMinor), way }
        return answerAct({ writer, reply }, actingOf(request, request.body), (acting) =>
          setCashRounding(node, acting, rounding),
        )
      },
    )
  }
}
