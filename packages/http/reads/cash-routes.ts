import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HeldCashList, Recalculated } from '@tillkeeper/client/api/cash-shapes.ts'
import { type ShopId, type TillId, uuidPattern } from '@tillkeeper/core/base/id.ts'
import { readHeldCash } from '@tillkeeper/projections/cash/held-cash-sql.ts'
import { insideKinds } from '@tillkeeper/projections/cash/location.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findDrift, raiseTotalsDrift } from '@tillkeeper/projections/reconcile/drift-sql.ts'
import { findTills } from '@tillkeeper/projections/registers/shop-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, mayDo, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { checkDays, DayText, UuidText } from './list-query.ts'
import { type JournalFormat, writeJournal } from './write-journal.ts'

type Deps = { readonly db: Db; readonly now: () => Date }

const tags = ['figures']
const config = { permission: 'report.read' } as const
const uuid = uuidPattern.slice(1, -1)
const ByLocation = Type.Object({
  location: Type.String({ pattern: `^(${insideKinds.join('|')}):${uuid}(:${uuid})?$` }),
})
const JournalQuery = Type.Object(
  { shopId: UuidText<ShopId>(), from: DayText, to: DayText },
  { additionalProperties: false },
)
const types = {
  hledger: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const satisfies Record<JournalFormat, string>

/** Cash by piece, its journal, and its totals added up anew. */
export function cashRoutes({ db, now }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/cash/locations/:location/pieces',
      {
        config,
        schema: {
          tags,
          summary: 'What a place holds, as far as it is known by piece.',
          params: ByLocation,
          response: { 200: HeldCashList },
        },
      },
      async (request, reply) => {
        const { location } = request.params
        const shop = await findShopOf(db, request, location)
        if (shop === undefined || !maySeeShop(actorOf(request), shop)) {
          return sendRefusal(reply, { code: 'not_found' })
        }
        // A count is blind: what a drawer holds is only for who may see it.
        if (location.startsWith('drawer:') && !mayDo(request, 'till.expected')) {
          return sendRefusal(reply, { code: 'forbidden', permission: 'till.expected' })
        }
        const items = await readHeldCash(db, orgOf(request), location)
        return fits(HeldCashList, { items: items.map(copyPieces) })
      },
    )
    for (const format of ['hledger', 'csv'] as const) {
      app.get(
        `/v1/cash/journal.${format}`,
        {
          config,
          schema: {
            tags,
            summary: `The cash of a shop on some days, for ${format === 'csv' ? 'spreadsheets' : 'hledger and Ledger'}.`,
            querystring: JournalQuery,
            produces: [types[format]],
          },
        },
        async (request, reply) => {
          checkDays(request.query)
          const { shopId, from, to } = request.query
          if (!maySeeShop(actorOf(request), shopId))
            return sendRefusal(reply, { code: 'not_found' })
          const name = `cash-${from}-${to}.${format}`
          const parts = writeJournal(db, orgOf(request), { shopId, from, to, format })
          return reply
            .type(types[format])
            .header('content-disposition', `attachment; filename="${name}"`)
            .send(Readable.from(parts))
        },
      )
    }
    app.post(
      '/v1/cash/recalculate',
      {
        config: { permission: 'sync.resolve' },
        schema: {
          tags: ['operating'],
          summary: 'Add all totals up anew. What differs becomes an exception; nothing is changed.',
          response: { 200: Recalculated },
        },
      },
      async (request) => {
        const org = orgOf(request)
        const at = now().toISOString()
        const found = await findDrift(db, org)
        await raiseTotalsDrift(db, org, { found, at })
        return fits(Recalculated, { at, drift: [...found] })
      },
    )
  }
}

type Held = Awaited<ReturnType<typeof readHeldCash>>[number]
const copyPieces = ({ pieces, ...held }: Held) => ({ ...held, pieces: [...pieces] })

/** A drawer is its till's shop's; every other place names its shop. */
async function findShopOf(
  db: Db,
  request: FastifyRequest,
  location: string,
): Promise<ShopId | undefined> {
  const [kind, id = ''] = location.split(':')
  if (kind !== 'drawer') return id as ShopId
  const tillId = id as TillId
  return (await findTills(db, orgOf(request), [tillId])).get(tillId)?.shopId
}
