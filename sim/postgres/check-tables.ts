import { isDeepStrictEqual } from 'node:util'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type Entity, readEntity } from '@tillkeeper/core/merge/entity.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { journalTables, projectionTables } from '@tillkeeper/projections/rebuild/tables.ts'
import type { Fleet } from '../actors/fleet.ts'
import type { FactRow } from '../actors/journal.ts'
import type { Machine } from '../actors/node.ts'
import { takeRow } from '../actors/registers.ts'
import { type Books, drawerOf, factOf, foldBooks } from '../checkers/books.ts'
import { actsOn, headsOf, rowsOf } from '../checkers/copies.ts'
import { random } from '../world/random.ts'
import { violate } from '../world/world.ts'
import { deliverShuffled } from './deliver.ts'

// A world at rest, on a real PostgreSQL: the tables that the programs make of what lies on a server's disk
// say what core's rules in memory make of it.
//
//   P1  each session's totals, its float and what its drawer should hold
//   P2  each sale and refund once, with its total; days and people add up to them
//   P3  cash of each currency is zero over all places, and drawers hold what their open sessions say
//   P4  each field of each entity, and the row of each product
//   P5  nothing is left over: no fact waits, none is parked

/**
 * Delivers the cloud's disk, and that of one store server, into an empty journal in an order of chance, and
 * compares what is projected. A difference is a violation of the world. The same seed does the same.
 */
export async function checkTables(fleet: Fleet, db: Db): Promise<void> {
  const { cloud, shops, world } = fleet
  const chance = random(world.seed).fork('postgres')
  const machines: readonly Machine[] = [cloud, chance.pick(shops).store]
  for (const machine of machines) {
    await emptyTables(db)
    await deliverShuffled(db, fleet.org as OrgId, machine, chance.fork(machine.name))
    const say = (checker: string, why: string) =>
      violate(world, checker, `the tables of ${machine.name}: ${why}`)
    const books = foldBooks(actsOn(machine.disk))
    await checkSessions(db, books, say)
    await checkSales(db, machine, say)
    await checkCash(db, books, say)
    await checkRegisterTables(db, machine, say)
    await checkNothingWaits(db, say)
  }
}

type Say = (checker: string, why: string) => void

async function emptyTables(db: Db): Promise<void> {
  const names = [...projectionTables, ...journalTables].map((name) => `"${name}"`).join(', ')
  await db.unsafe(`TRUNCATE ${names}`)
}

type OwnTotal = Exclude<keyof SessionTotals, 'others' | 'faces'>

/** Columns of `session_total`, by their names in core. */
const totalColumns: Readonly<Record<OwnTotal, string>> = {
  sales: 'sales',
  salesMinor: 'sales_minor',
  refunds: 'refunds',
  refundsMinor: 'refunds_minor',
  taxMinor: 'tax_minor',
  cashInMinor: 'cash_in_minor',
  cashOutMinor: 'cash_out_minor',
  payInMinor: 'pay_in_minor',
  payOutMinor: 'pay_out_minor',
  droppedMinor: 'dropped_minor',
  toppedUpMinor: 'topped_up_minor',
  cardMinor: 'card_minor',
  bankTransferMinor: 'bank_transfer_minor',
  promptpayMinor: 'promptpay_minor',
  machineMinor: 'machine_minor',
  roundingMinor: 'rounding_minor',
}

async function checkSessions(db: Db, { sessions }: Books, say: Say): Promise<void> {
  const rows = await db<({ id: string; float: number; drawer: number } & Record<string, number>)[]>`
    SELECT coalesce(session.id, total.session_id) AS id, coalesce(session.float_minor, 0) AS float,
      coalesce(session.float_minor, 0) + coalesce(cash_in_minor - cash_out_minor
        - dropped_minor + topped_up_minor, 0) AS drawer, total.*
    FROM till_session AS session
    FULL JOIN session_total AS total
      ON total.org_id = session.org_id AND total.session_id = session.id
  `
  if (rows.length !== sessions.size) {
    say('P1', `${rows.length} sessions of ${sessions.size}`)
  }
  const held = new Map(rows.map((row) => [row.id, row]))
  for (const [id, book] of sessions) {
    const row = held.get(id)
    if (row?.float !== book.floatMinor || row.drawer !== drawerOf(book)) {
      say('P1', `session ${id}: a drawer of ${row?.drawer}, its acts make ${drawerOf(book)}`)
    }
    for (const [name, column] of Object.entries(totalColumns)) {
      const ours = book.totals[name as OwnTotal] ?? 0
      const theirs = row?.[column] ?? 0
      if (theirs !== ours) say('P1', `session ${id}: ${column} ${theirs}, its acts make ${ours}`)
    }
  }
}

async function checkSales(db: Db, { disk }: Machine, say: Say): Promise<void> {
  const sales = new Map<string, number>()
  const refunds = new Map<string, number>()
  for (const { bytes } of actsOn(disk)) {
    const fact = factOf(bytes)
    if (fact?.type === 'sale.completed') sales.set(fact.id, fact.body.totalMinor)
    if (fact?.type === 'sale.refunded') refunds.set(fact.id, fact.body.totalMinor)
  }
  const compare = (
    what: string,
    ours: ReadonlyMap<string, number>,
    rows: readonly { id: string; total: number }[],
  ) => {
    if (rows.length !== ours.size) say('P2', `${rows.length} ${what} of ${ours.size}`)
    for (const { id, total } of rows) {
      if (ours.get(id) !== total) say('P2', `${what} ${id}: ${total}, said was ${ours.get(id)}`)
    }
  }
  const [sold, back] = [
    await db<{ id: string; total: number }[]>`SELECT id, total_minor AS total FROM sale`,
    await db<{ id: string; total: number }[]>`SELECT id, total_minor AS total FROM refund`,
  ]
  compare('sales', sales, sold)
  compare('refunds', refunds, back)
  const [days] = await db<Record<string, number>[]>`
    SELECT coalesce(sum(sales), 0)::bigint AS sales, coalesce(sum(sales_minor), 0)::bigint AS sold,
      coalesce(sum(refunds), 0)::bigint AS refunds,
      coalesce(sum(refunds_minor), 0)::bigint AS back
    FROM daily_summary
  `
  const wanted = {
    ...{ sales: sales.size, sold: addUp(sales), refunds: refunds.size, back: addUp(refunds) },
  }
  if (!isDeepStrictEqual({ ...days }, wanted)) {
    say('P2', `days add up to ${JSON.stringify(days)}, sales to ${JSON.stringify(wanted)}`)
  }
}

const addUp = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((sum, amount) => sum + amount, 0)

async function checkCash(db: Db, { sessions }: Books, say: Say): Promise<void> {
  const rows = await db<{ currency: string; all: number; drawers: number }[]>`
    SELECT currency, sum(balance_minor)::bigint AS all,
      coalesce(sum(balance_minor) FILTER (WHERE location LIKE 'drawer:%'), 0)::bigint AS drawers
    FROM cash_balance
    GROUP BY currency
  `
  for (const { currency, all } of rows) {
    if (all !== 0) say('P3', `${all} ${currency} came from nowhere`)
  }
  const drawers = rows.reduce((sum, row) => sum + row.drawers, 0)
  let open = 0
  for (const book of sessions.values()) {
    if (book.close === undefined) open += drawerOf(book)
  }
  if (drawers !== open) say('P3', `drawers hold ${drawers}, open sessions make ${open}`)
}

async function checkRegisterTables(db: Db, { disk }: Machine, say: Say): Promise<void> {
  const entities = new Map<string, Entity>()
  for (const { stream } of headsOf(disk)) {
    for (const row of rowsOf(disk, stream) as readonly FactRow[]) takeRow(entities, row)
  }
  const rows = await db<{ name: string; fields: Record<string, unknown> }[]>`
    SELECT kind || ' ' || entity_id AS name, jsonb_object_agg(field, value) AS fields
    FROM register
    WHERE scope = ''
    GROUP BY kind, entity_id
  `
  if (rows.length !== entities.size) say('P4', `${rows.length} entities of ${entities.size}`)
  for (const { name, fields } of rows) {
    const edits = entities.get(name) ?? []
    const ours = Object.assign({}, ...edits.map((edit) => edit.fields)) as Record<string, unknown>
    if (!isDeepStrictEqual(fields, ours)) {
      say('P4', `${name} is ${JSON.stringify(fields)}, edits make ${JSON.stringify(ours)}`)
    }
  }
  const products = await db<Record<string, unknown>[]>`
    SELECT id, name, currency, price_minor AS minor, active, deleted, barcodes FROM product
  `
  for (const { id, ...row } of products) {
    const { fields, deleted } = readEntity(entities.get(`product ${id}`) ?? [])
    const { name, price, active, barcodes } = fields
    const ours = { name, ...(price as object), active, deleted, barcodes }
    if (!isDeepStrictEqual({ ...row }, ours)) {
      say('P4', `product ${id} is ${JSON.stringify(row)}, edits make ${JSON.stringify(ours)}`)
    }
  }
}

async function checkNothingWaits(db: Db, say: Say): Promise<void> {
  const streams = await db<{ stream: string }[]>`
    SELECT stream FROM stream WHERE projected_seq <> head_seq
  `
  for (const { stream } of streams) say('P5', `${stream} is not projected to its end`)
  const parked = await db<{ reason: string; detail: string }[]>`SELECT reason, detail FROM parked`
  for (const { reason, detail } of parked) say('P5', `a fact is parked: ${reason} ${detail}`)
}
