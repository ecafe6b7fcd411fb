import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  BagView,
  BankMatch,
  ChangeOrderView,
  ChangeSuggestion,
  FundEventView,
  FundView,
  SafeBalance,
  SafeCountView,
  SafeMovement,
} from '@tillkeeper/client/api/safe-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { addBalances } from '@tillkeeper/core/fund/fund-history.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { knownPieces } from '@tillkeeper/core/safe/safe-stock.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listFundEvents, listFunds } from '@tillkeeper/projections/fund/fund-sql.ts'
import { listBags } from '@tillkeeper/projections/safe/bag-sql.ts'
import { listChangeOrders } from '@tillkeeper/projections/safe/change-order-sql.ts'
import {
  listSafeBalances,
  listSafeCounts,
  listSafeMovements,
  type SafeBalance as SafeBalanceRow,
} from '@tillkeeper/projections/safe/safe-sql.ts'
import { firstDayOf } from '@tillkeeper/projections/safe/safe-use-sql.ts'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import {
  checkDays,
  DayText,
  ListQuery,
  limitMax,
  readCursor,
  readLimit,
  UuidText,
} from './list-query.ts'
import { readBankMatch } from './read-bank-match.ts'
import { readChangeSuggestion } from './read-change-suggestion.ts'

type Deps = { readonly db: Db }
type App = Parameters<FastifyPluginAsyncTypebox>[0]

const tags = ['safe']
const config = { permission: 'safe.read' } as const
const OfShop = Type.Object(
  { shopId: Type.Optional(UuidText<ShopId>()) },
  { additionalProperties: false },
)
const OneShop = Type.Object({ shopId: UuidText<ShopId>() }, { additionalProperties: false })
/** The newest events of one person's fund. */
const fundEventsMax = 500
const countsMax = 50

/** The safe, bags, change orders, staff funds and the bank: the same in a shop and in the cloud. */
export function safeReadRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    safeReads(app, deps)
    bagReads(app, deps)
    changeReads(app, deps)
    fundReads(app, deps)
  }
}

function safeReads(app: App, { db }: Deps): void {
  const balances = { 200: Page(SafeBalance) }
  app.get(
    '/v1/safe',
    {
      config,
      schema: {
        tags,
        summary: 'What lies in the safes, by currency and piece.',
        querystring: OfShop,
        response: balances,
      },
    },
    async (request) => {
      const asked = { shops: actorOf(request).shops, shopId: request.query.shopId }
      const items = await listSafeBalances(db, orgOf(request), asked)
      return fits(Page(SafeBalance), { items: items.map(balanceView), next: null })
    },
  )
  const query = ListQuery({ shopId: UuidText<ShopId>() })
  app.get(
    '/v1/safe/movements',
    {
      config,
      schema: {
        tags,
        summary: 'What went into and out of a safe, the newest first.',
        querystring: query,
        response: { 200: Page(SafeMovement) },
      },
    },
    async (request) => {
      const { shopId } = request.query
      const after = readCursor(request.query, ['instant', 'text'])
      const limit = readLimit(request.query)
      if (!maySeeShop(actorOf(request), shopId)) return { items: [], next: null }
      const page = await listSafeMovements(db, orgOf(request), { shopId, after, limit })
      const items = page.items.map(({ pieces: _, category: __, recipient: ___, ...row }) => row)
      return fits(Page(SafeMovement), { items, next: page.next })
    },
  )
  app.get(
    '/v1/safe/counts',
    {
      config,
      schema: {
        tags,
        summary: 'Counts of the safes, the newest first.',
        querystring: OfShop,
        response: { 200: Page(SafeCountView) },
      },
    },
    async (request) => {
      const asked = { shops: actorOf(request).shops, shopId: request.query.shopId }
      const items = await listSafeCounts(db, orgOf(request), { ...asked, limit: countsMax })
      return fits(Page(SafeCountView), { items, next: null })
    },
  )
}

/** All pieces, or none where some of them are not known. */
function balanceView({ faces, ...balance }: SafeBalanceRow) {
  const pieces = knownPieces({ ...balance, faces })
  const list = [...(pieces ?? [])].map(([faceMinor, count]) => ({
    faceMinor: minor(faceMinor),
    pieces: count,
  }))
  return { ...balance, pieces: pieces === undefined ? null : list }
}

function bagReads(app: App, { db }: Deps): void {
  const query = ListQuery({ shopId: Type.Optional(UuidText<ShopId>()) })
  app.get(
    '/v1/bags',
    {
      config,
      schema: {
        tags,
        summary: 'Deposit bags and what was done with them, the newest first.',
        querystring: query,
        response: { 200: Page(BagView) },
      },
    },
    async (request) => {
      const page = await listBags(db, orgOf(request), {
        ...{ shops: actorOf(request).shops, shopId: request.query.shopId },
        after: readCursor(request.query, ['instant', 'uuid']),
        limit: readLimit(request.query),
      })
      return fits(Page(BagView), page)
    },
  )
  app.get(
    '/v1/bank-match',
    {
      config,
      schema: {
        tags,
        summary: 'Lines of the bank’s statement, and which bags and orders they may be.',
        querystring: OneShop,
        response: { 200: BankMatch },
      },
    },
    async (request) => {
      const { shopId } = request.query
      const none = { lines: [], bags: [], orders: [], proposals: [] }
      if (!maySeeShop(actorOf(request), shopId)) return none
      return fits(BankMatch, await readBankMatch(db, orgOf(request), shopId))
    },
  )
}

function changeReads(app: App, { db }: Deps): void {
  const query = ListQuery({ shopId: Type.Optional(UuidText<ShopId>()) })
  app.get(
    '/v1/change-orders',
    {
      config,
      schema: {
        tags,
        summary: 'Change ordered from the bank, the newest first.',
        querystring: query,
        response: { 200: Page(ChangeOrderView) },
      },
    },
    async (request) => {
      const page = await listChangeOrders(db, orgOf(request), {
        ...{ shops: actorOf(request).shops, shopId: request.query.shopId },
        after: readCursor(request.query, ['instant', 'uuid']),
        limit: readLimit(request.query),
      })
      return fits(Page(ChangeOrderView), page)
    },
  )
  app.get(
    '/v1/change-orders/suggestion',
    {
      config,
      schema: {
        tags,
        summary:
          'What change to order, by what the last four weeks used and what lies in the safe.',
        querystring: Type.Object(
          {
            shopId: UuidText<ShopId>(),
            to: Type.Unsafe<Day>({ ...DayText, description: 'The last day of the weeks.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: ChangeSuggestion },
      },
    },
    async (request) => {
      const { shopId, to } = request.query
      checkDays({ from: to, to })
      if (!maySeeShop(actorOf(request), shopId)) return { from: firstDayOf(to), items: [] }
      return fits(ChangeSuggestion, await readChangeSuggestion(db, orgOf(request), { shopId, to }))
    },
  )
}

function fundReads(app: App, { db }: Deps): void {
  app.get(
    '/v1/funds',
    {
      config,
      schema: {
        tags,
        summary: 'Who holds a shop’s change, and who did.',
        querystring: OfShop,
        response: { 200: Page(FundView) },
      },
    },
    async (request) => {
      const asked = { shops: actorOf(request).shops, shopId: request.query.shopId }
      const items = await listFunds(db, orgOf(request), { ...asked, limit: limitMax })
      return fits(Page(FundView), { items, next: null })
    },
  )
  app.get(
    '/v1/funds/:staffId/events',
    {
      config,
      schema: {
        tags,
        summary: 'What a person was given and gave back, with what they held after each.',
        params: Type.Object({ staffId: UuidText<StaffId>() }),
        querystring: OneShop,
        response: { 200: Page(FundEventView) },
      },
    },
    async (request) => {
      const { shopId } = request.query
      const { staffId } = request.params
      const org = orgOf(request)
      const { shops } = actorOf(request)
      if (!maySeeShop(actorOf(request), shopId)) return { items: [], next: null }
      const [events, [held]] = await Promise.all([
        listFundEvents(db, org, { shopId, staffId, limit: fundEventsMax }),
        listFunds(db, org, { shops, shopId, staffId, limit: 1 }),
      ])
      const items = addBalances(events, held?.cash ?? [])
      return fits(Page(FundEventView), { items, next: null })
    },
  )
}
