import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApprovalUse, DrawerOpening, Drop, HandOver } from '@tillkeeper/client/api/drawer-shapes.ts'
import type { ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import { findAttachment } from '@tillkeeper/projections/attachment/attachment-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  listApprovalUses,
  listDrawerOpenings,
  listDrops,
  listHandOvers,
} from '@tillkeeper/projections/drawer/drawer-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { DayText, UuidText } from './list-query.ts'

/** These lists are given whole, the newest first, up to here. */
const listMax = 500
const tags = ['drawer']
const shopAndDay = {
  shopId: Type.Optional(UuidText<ShopId>()),
  date: Type.Optional(DayText),
}
const Yes = Type.Optional(Type.Literal('true'))
const Query = Type.Object(shopAndDay, { additionalProperties: false })
const Items = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item) })

/** Who handed cash to whom, who signed for it, and which drawers were opened for nothing. */
export function drawerReadRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  const asked = (
    request: FastifyRequest,
    query: { readonly shopId?: ShopId | undefined; readonly date?: string | undefined },
  ) => ({
    shops: actorOf(request).shops,
    shopId: query.shopId,
    date: query.date,
    limit: listMax,
  })
  return async (app) => {
    app.get(
      '/v1/hand-overs',
      {
        config: { permission: 'till.read' },
        schema: {
          tags,
          summary: 'Cash from drawer to drawer; with `open=true` what waits for a signature.',
          querystring: Type.Object(
            { ...shopAndDay, tillId: Type.Optional(UuidText<TillId>()), open: Yes },
            { additionalProperties: false },
          ),
          response: { 200: Items(HandOver) },
        },
      },
      async (request) => {
        const { tillId, open } = request.query
        const ask = { ...asked(request, request.query), tillId, open: open !== undefined }
        const items = [...(await listHandOvers(db, orgOf(request), ask))]
        return fits(Items(HandOver), { items })
      },
    )
    app.get(
      '/v1/drops',
      {
        config: { permission: 'till.read' },
        schema: {
          tags,
          summary: 'Drops into the safe; with `unconfirmed=true` those that nobody signed for.',
          querystring: Type.Object(
            { ...shopAndDay, unconfirmed: Yes },
            { additionalProperties: false },
          ),
          response: { 200: Items(Drop) },
        },
      },
      async (request) => {
        const unconfirmed = request.query.unconfirmed !== undefined
        const ask = { ...asked(request, request.query), unconfirmed }
        return fits(Items(Drop), { items: [...(await listDrops(db, orgOf(request), ask))] })
      },
    )
    listRoutes(app, db, asked)
    attachmentRoute(app, db)
  }
}

type App = Parameters<FastifyPluginAsyncTypebox>[0]

function listRoutes(
  app: App,
  db: Db,
  asked: (
    request: FastifyRequest,
    query: { readonly shopId?: ShopId | undefined; readonly date?: string | undefined },
  ) => Parameters<typeof listDrawerOpenings>[2],
): void {
  app.get(
    '/v1/drawer-openings',
    {
      config: { permission: 'report.read' },
      schema: {
        tags,
        summary: 'Drawers that were opened with nothing sold, the newest first.',
        querystring: Query,
        response: { 200: Items(DrawerOpening) },
      },
    },
    async (request) => {
      const found = await listDrawerOpenings(db, orgOf(request), asked(request, request.query))
      return fits(Items(DrawerOpening), { items: [...found] })
    },
  )
  app.get(
    '/v1/approval-uses',
    {
      config: { permission: 'report.read' },
      schema: {
        tags,
        summary: 'What was done by another person’s word, the newest first.',
        querystring: Type.Object(
          { shopId: Type.Optional(UuidText<ShopId>()) },
          { additionalProperties: false },
        ),
        response: { 200: Items(ApprovalUse) },
      },
    },
    async (request) => {
      const found = await listApprovalUses(db, orgOf(request), asked(request, request.query))
      return fits(Items(ApprovalUse), { items: [...found] })
    },
  )
}

function attachmentRoute(app: App, db: Db): void {
  app.get(
    '/v1/attachments/:id',
    {
      config: { permission: 'till.read' },
      schema: {
        tags,
        summary: 'A photo, as it was taken.',
        params: Type.Object({ id: UuidText<string>() }),
        produces: ['image/jpeg', 'image/webp', 'image/png'],
      },
    },
    async (request, reply) => {
      const found = await findAttachment(db, orgOf(request), request.params.id)
      if (found === undefined || !maySeeShop(actorOf(request), found.shopId)) {
        return sendRefusal(reply, { code: 'not_found' })
      }
      // What it says it is, is one of three kinds of picture; nobody guesses another.
      return reply
        .type(found.mime)
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'inline')
        .header('cache-control', 'private, max-age=86400, immutable')
        .send(Buffer.from(found.bytes))
    },
  )
}
