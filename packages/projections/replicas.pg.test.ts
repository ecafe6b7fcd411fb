import { exceptionKinds } from '@tillkeeper/core/exception/exception-kinds.ts'
import { createDatabase, withDatabase } from '@tillkeeper/postgres/databases.ts'
import { startOldestPostgres } from '@tillkeeper/postgres/testing/oldest-postgres.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from './db.ts'
import { digestTables } from './rebuild/digest-tables.ts'
import { rebuildProjections } from './rebuild/rebuild-projections.ts'
import { openDatabase } from './testing/fill-database.ts'
import { checkReplicas } from './testing/replicas.ts'
import { createSharedDatabase } from './testing/shared-database.gen.ts'

const runs = 12
const raised = [
  ...['late_in_session', 'two_sessions_on_drawer'],
  ...['refund_exceeds_sale', 'session_closed_twice', 'safe_differs', 'change_differs'],
  ...['advance_open_at_close', 'expense_answered_twice', 'expense_over_limit'],
  'expense_paid_twice',
  ...['expense_self_approved', 'expense_settled_twice', 'explained_above_variance'],
  ...['explained_by_self', 'verified_by_self'],
  ...['bag_differs', 'bag_number_repeated', 'bag_settled_twice', 'bag_verified_by_sealer'],
  ...['approval_of_self', 'approval_used_twice', 'drop_confirmed_twice', 'drop_differs'],
  ...['transfer_differs', 'transfer_received_twice'],
  ...['machine_payment_differs', 'machine_payment_without_sale'],
  ...['recycler_booked_twice', 'recycler_differs', 'recycler_unresolved'],
  ...['fund_differs', 'fund_overdrawn', 'line_matched_twice', 'line_undone_twice'],
]
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

let inOrder: Db
let anyhow: Db
let drop: () => Promise<unknown>

beforeAll(async () => {
  const databases = [await createSharedDatabase(), await createSharedDatabase()] as const
  inOrder = await openDatabase(databases[0].url)
  anyhow = await openDatabase(databases[1].url)
  drop = async () => {
    await Promise.all([inOrder.end(), anyhow.end()])
    await Promise.all(databases.map((database) => database.drop()))
  }
})
afterAll(() => drop())

test('however facts arrive and are projected, the tables are the same', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, (seed) => checkReplicas(inOrder, anyhow, seed)),
    { numRuns: runs },
  )
  // What the runs were to show did happen in them.
  const kinds = await anyhow<{ kind: string }[]>`SELECT DISTINCT kind FROM exception ORDER BY kind`
  expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(raised))
  const nameless = kinds.filter(({ kind }) => !exceptionKinds.some((name) => name === kind))
  expect(nameless, 'the office has words for every kind').toEqual([])
}, 120_000)

test('tables that are built again from the journal are the same, for one chain and for all', async () => {
  const before = await digestTables(anyhow)
  const [row] = await anyhow<{ org: string }[]>`SELECT org_id AS org FROM stream LIMIT 1`
  for (const org of [row?.org, undefined]) {
    const tables = await rebuildProjections(anyhow, org === undefined ? {} : { org: org as never })
    expect(tables.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
    expect(tables.find(({ table }) => table === 'sale_line')?.after.rows).toBeGreaterThan(50)
    expect(await digestTables(anyhow)).toEqual(before)
  }
}, 120_000)

test('the same on the oldest PostgreSQL that we support', async () => {
  const server = await startOldestPostgres()
  try {
    const urls = ['one', 'other'].map((name) => withDatabase(server.url, name))
    for (const name of ['one', 'other']) await createDatabase(server.url, name)
    const [one, other] = (await Promise.all(urls.map(openDatabase))) as [Db, Db]
    const [{ version } = { version: '' }] = await one<{ version: string }[]>`SELECT version()`
    expect(version).toMatch(/^PostgreSQL 15/)
    await fc.assert(
      fc.asyncProperty(seeds, (seed) => checkReplicas(one, other, seed)),
      { numRuns: 2 },
    )
    const tables = await rebuildProjections(other)
    expect(tables.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
    await Promise.all([one.end(), other.end()])
  } finally {
    await server.stop()
  }
}, 120_000)
