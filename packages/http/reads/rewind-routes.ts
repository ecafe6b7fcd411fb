import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Rewind } from '@tillkeeper/client/api/rewind-shapes.ts'
import type { OrgId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { RewoundAct } from '@tillkeeper/core/rewind/cut-stay.ts'
import { Instant as InstantText } from '@tillkeeper/facts/catalogue/parts.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findRefund } from '@tillkeeper/projections/refund/refund-sql.ts'
import { readRewind } from '@tillkeeper/projections/rewind/read-rewind.ts'
import { findActStep, listActMovements } from '@tillkeeper/projections/rewind/rewind-sql.ts'
import { findSale } from '@tillkeeper/projections/sale/sale-sql.ts'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { UuidText } from './list-query.ts'

/** A drawer as it was at any instant. It says what a drawer should hold: not for who counts it blind. */
export function rewindRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/tills/:id/rewind',
      {
        config: { permission: 'till.expected' },
        schema: {
          tags: ['till'],
          summary:
            'A till’s drawer at an instant: who was on, the act, and the cash before and after.',
          params: Type.Object({ id: UuidText<TillId>() }),
          querystring: Type.Object(
            { at: InstantText, act: Type.Optional(UuidText<string>()) },
            { additionalProperties: false },
          ),
          response: { 200: Rewind },
        },
      },
      async (request, reply) => {
        const { at, act: actId } = request.query
        const org = orgOf(request)
        const asked = { tillId: request.params.id, at: at as Instant, actId }
        const found = await readRewind(db, org, asked)
        if (found === undefined || !maySeeShop(actorOf(request), found.session.shopId)) {
          return sendRefusal(reply, { code: 'not_found' })
        }
        const { session, ...rewind } = found
        const { counted: _, ...held } = session
        const [basket, movements, step] = await Promise.all([
          findBasket(db, org, rewind.act),
          listActMovements(db, org, { tillId: session.tillId, factId: rewind.act.id }),
          findActStep(db, org, { sessionId: session.id, id: rewind.act.id }),
        ])
        return fits(Rewind, {
          ...rewind,
          ...{ session: held, basket, movements, step: step ?? null },
        })
      },
    )
  }
}

async function findBasket(db: Db, org: OrgId, { kind, id }: RewoundAct) {
  const act =
    kind === 'sale'
      ? await findSale(db, org, id)
      : kind === 'refund'
        ? await findRefund(db, org, id)
        : undefined
  if (act === undefined) return null
  const { receiptNumber, currency, totalMinor, staffName, lines } = act
  return {
    ...{ receiptNumber, currency, totalMinor, staffName },
    changeMinor: 'changeMinor' in act ? act.changeMinor : minor(0),
    lines: lines.map(({ lineNo, name, quantity, totalMinor: lineMinor }) => ({
      ...{ lineNo, name, quantity },
      totalMinor: lineMinor,
    })),
  }
}
