import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CashFlow,
  FundReport,
  MethodsOfDay,
  StaffFigures,
  VarianceRow,
} from '@tillkeeper/client/api/report-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { reportFunds } from '@tillkeeper/core/fund/report-funds.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  listVariances,
  type ReportAsked,
  readCashFlow,
  readFundChanges,
  readMethods,
  readStaffFigures,
} from '@tillkeeper/projections/report/report-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { checkDays, DayText, UuidText } from './list-query.ts'

const tags = ['reports']
const config = { permission: 'report.read' } as const
const DaysQuery = Type.Object(
  { shopId: Type.Optional(UuidText<ShopId>()), from: DayText, to: DayText },
  { additionalProperties: false },
)
const Items = <T extends Type.TSchema>(item: T) => Type.Object({ items: Type.Array(item) })

/** Reports over days: from summaries, so that a month is one short question. */
export function reportRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    const schema = (summary: string) => ({ tags, summary, querystring: DaysQuery })
    app.get(
      '/v1/reports/cash-flow',
      {
        config,
        schema: {
          ...schema('Cash into the shops and out of them, by day and what for.'),
          response: { 200: Items(CashFlow) },
        },
      },
      async (request) =>
        fits(Items(CashFlow), { items: await readCashFlow(db, orgOf(request), daysOf(request)) }),
    )
    app.get(
      '/v1/reports/methods',
      {
        config,
        schema: {
          ...schema('How sales less refunds were paid, by day.'),
          response: { 200: Items(MethodsOfDay) },
        },
      },
      async (request) =>
        fits(Items(MethodsOfDay), {
          items: await readMethods(db, orgOf(request), daysOf(request)),
        }),
    )
    app.get(
      '/v1/reports/staff',
      {
        config,
        schema: {
          ...schema('What each person sold, gave back and counted.'),
          response: { 200: Items(StaffFigures) },
        },
      },
      async (request) =>
        fits(Items(StaffFigures), {
          items: await readStaffFigures(db, orgOf(request), daysOf(request)),
        }),
    )
    app.get(
      '/v1/reports/variances',
      {
        config,
        schema: {
          ...schema('Every close with what it was short or over, oldest first.'),
          response: { 200: Items(VarianceRow) },
        },
      },
      async (request) =>
        fits(Items(VarianceRow), {
          items: await listVariances(db, orgOf(request), daysOf(request)),
        }),
    )
    app.get(
      '/v1/reports/funds',
      {
        config,
        schema: {
          ...schema('What people were given of the change, gave back, owe and hold.'),
          response: { 200: FundReport },
        },
      },
      async (request) => {
        const { people, days } = reportFunds(
          await readFundChanges(db, orgOf(request), daysOf(request)),
        )
        return fits(FundReport, { people: [...people], days: [...days] })
      },
    )
  }
}

function daysOf(request: FastifyRequest): ReportAsked {
  const query = request.query as { shopId?: ShopId; from: string; to: string }
  checkDays(query)
  return { ...query, shops: actorOf(request).shops }
}
