import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { someDeliveries } from '@tillkeeper/core/merge/deliveries.gen.ts'
import { readEntity, takeEntityEdit } from '@tillkeeper/core/merge/entity.ts'
import { compareStamps } from '@tillkeeper/core/merge/stamp.ts'
import { readRegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { applyFacts } from '../apply/apply-facts.ts'
import type { Db } from '../db.ts'
import { appliedEdit, hlcAt, newId, type SomeEdit } from '../testing/edits.gen.ts'
import { openDatabase } from '../testing/fill-database.ts'
import { createSharedDatabase } from '../testing/shared-database.gen.ts'
import { chanceFrom } from '../testing/trade.gen.ts'

// The tables of entities, in every order of their edits. Each order is tried in an organisation of its own.

const chance = chanceFrom(41)
const product = newId(chance)
const person = newId(chance)

let db: Db
let drop: () => Promise<unknown>
beforeAll(async () => {
  const database = await createSharedDatabase()
  db = await openDatabase(database.url)
  drop = async () => {
    await db.end()
    await database.drop()
  }
})
afterAll(() => drop())

type Given = SomeEdit & { readonly factId: string }
const given = (edit: Omit<SomeEdit, 'kind' | 'entityId'> & Partial<SomeEdit>): Given => ({
  ...{ kind: 'product', entityId: product, factId: newId(chance) },
  ...edit,
})

/** Applies edits in this order, in parts as they come, and gives the organisation that has them. */
async function play(edits: readonly Given[], parts: number): Promise<OrgId> {
  const org = newId(chance) as OrgId
  for (let from = 0; from < edits.length; from += parts) {
    const facts = edits.slice(from, from + parts).map((edit) => appliedEdit(org, edit))
    await db.begin((tx) => applyFacts(tx, org, facts))
  }
  return org
}

const tables = ['credential', 'ended_tombstone', 'product', 'register', 'register_set'] as const

/** All rows of an organisation, but for its id. */
async function rowsOf(org: OrgId) {
  const rows = await Promise.all(
    tables.map(async (table) => {
      const found = await db<{ row: string }[]>`
        SELECT (to_jsonb(held) - 'org_id')::text AS row
        FROM ${db(table)} AS held
        WHERE org_id = ${org}
        ORDER BY 1
      `
      return { table, rows: found.map(({ row }) => row) }
    }),
  )
  return rows.filter(({ rows: of }) => of.length > 0)
}

async function everyOrder(edits: readonly Given[]): Promise<OrgId> {
  const first = await play(edits, edits.length)
  const expected = await rowsOf(first)
  for (const [index, order] of someDeliveries(edits).entries()) {
    expect(await rowsOf(await play(order, 1 + (index % 3)))).toEqual(expected)
  }
  return first
}

const productOf = async (org: OrgId) => {
  const [row] = await db`
    SELECT name, note, barcodes, active, deleted FROM product
    WHERE org_id = ${org} AND id = ${product}
  `
  return row
}

test('edit, delete and edit again end the same in every order', async () => {
  const made = given({ at: 1, fields: { name: 'Bun', note: 'shelf 2' } })
  const deleted = given({ at: 5, fields: { deleted: true } })
  const late = given({ at: 3, fields: { name: 'Old bun' } })
  expect(await productOf(await everyOrder([made, deleted, late]))).toMatchObject({
    ...{ name: 'Old bun', active: false, deleted: true },
  })
  const again = given({ at: 6, fields: { name: 'New bun' } })
  expect(await productOf(await everyOrder([made, deleted, late, again]))).toMatchObject({
    ...{ name: 'New bun', note: 'shelf 2', active: true, deleted: false },
  })
}, 60_000)

test('a reseal takes a field back from a clock of 2099, and it can be edited again', async () => {
  const poisoned = given({ at: 38_000_000, fields: { name: 'poison' } })
  const reseal = given({ at: 5, rep: 1, fields: { name: 'Bread' } })
  const low = given({ at: 900, fields: { name: 'nobody hears this' } })
  expect(await productOf(await everyOrder([poisoned, low, reseal]))).toMatchObject({
    name: 'Bread',
  })
  const after = given({ at: 7, rep: 1, fields: { name: 'Rye bread' } })
  expect(await productOf(await everyOrder([poisoned, reseal, after]))).toMatchObject({
    name: 'Rye bread',
  })
}, 60_000)

test('after its tombstone has ended nothing older makes an entity again, in any order', async () => {
  const made = given({ at: 1, fields: { name: 'Bun', barcodes: ['1'] } })
  const deleted = given({ at: 5, fields: { deleted: true } })
  const zombie = given({ at: 4, fields: { name: 'Zombie' }, sets: { barcodes: { add: ['666'] } } })
  const ended = given({ at: 9, ended: { rep: 0, hlc: hlcAt(5), factId: deleted.factId } })
  const gone = await everyOrder([made, deleted, zombie, ended])
  expect(await productOf(gone)).toBeUndefined()
  expect(await rowsOf(gone)).toMatchObject([
    { table: 'ended_tombstone', rows: [expect.any(String)] },
  ])
  const again = given({ at: 10, fields: { name: 'Bun of next year' } })
  expect(await productOf(await everyOrder([made, deleted, zombie, ended, again]))).toMatchObject({
    ...{ name: 'Bun of next year', barcodes: [], deleted: false },
  })
}, 120_000)

const credential = (edit: Partial<SomeEdit> & { at: number; scope: string }): Given =>
  given({ kind: 'credential', entityId: person, ...edit })
const [master, north, south] = ['credentials', 'credentials:north', 'credentials:south'] as const
const hashOf = async (org: OrgId) => {
  const [row] = await db`SELECT pin_hash AS hash FROM credential WHERE org_id = ${org}`
  const held = await db`
    SELECT value FROM register
    WHERE org_id = ${org} AND kind = 'credential' AND field <> 'deleted'
  `
  return { hash: row?.hash, held: held.length }
}

test('what one feed takes back stays where another told it too, and goes with the last', async () => {
  const told = (scope: string, at: number) => credential({ scope, at, fields: { pinHash: 'h' } })
  const left = (scope: string, at: number) => credential({ scope, at, fields: { deleted: true } })
  const both = [told(north, 1), told(south, 2)]
  expect(await hashOf(await everyOrder([...both, left(north, 3)]))).toEqual({ hash: 'h', held: 1 })
  expect(await hashOf(await everyOrder([...both, left(north, 3), left(south, 4)]))).toEqual({
    ...{ hash: undefined, held: 0 },
  })
  // There and back again, fast: the last word of the feed counts.
  const flips = [told(north, 1), left(north, 2), told(north, 3), left(north, 4), told(north, 5)]
  expect(await hashOf(await everyOrder(flips))).toEqual({ hash: 'h', held: 1 })
  expect(await hashOf(await everyOrder(flips.slice(0, 4)))).toEqual({ hash: undefined, held: 0 })
  // The cloud itself holds all feeds, and its own.
  const inCloud = [told(master, 1), told(north, 2), left(north, 3)]
  expect(await hashOf(await everyOrder(inCloud))).toEqual({ hash: 'h', held: 1 })
}, 120_000)

const value = fc.constantFrom('11', '22', '33')
const someEdit = fc.record({
  at: fc.integer({ min: 0, max: 4 }),
  rep: fc.constantFrom(0, 0, 0, 1),
  fields: fc.record(
    {
      name: fc.constantFrom('Bun', 'Roll'),
      note: fc.constantFrom('a', 'b'),
      barcodes: fc.uniqueArray(value, { maxLength: 2 }),
      deleted: fc.constant(true),
    },
    { requiredKeys: [] },
  ),
  add: fc.uniqueArray(value, { maxLength: 1 }),
  remove: fc.option(fc.tuple(value, fc.nat({ max: 5 })), { nil: undefined }),
})

test('every order leaves the same tables, and they say what the merges in memory say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someEdit, { minLength: 2, maxLength: 5 }), async (rows) => {
      const ids = rows.map(() => newId(chance))
      const edits = rows.map(({ at, rep, fields, add, remove }, index): Given => {
        const tag = remove === undefined ? undefined : ids[remove[1] % ids.length]
        const gone =
          remove === undefined || tag === undefined ? [] : [{ value: remove[0], tags: [tag] }]
        const sets = { barcodes: { add, remove: gone } }
        return given({ at, rep, fields, sets, factId: ids[index] ?? '' })
      })
      const org = await play(edits, 1)
      const expected = await rowsOf(org)
      // A sample of the orders: each is some trips to the database.
      for (const [index, order] of someDeliveries(edits).entries()) {
        if (index % 7 !== 1) continue
        expect(await rowsOf(await play(order, 1 + (index % 3)))).toEqual(expected)
      }
      const inMemory = readEntity(
        edits
          .map((edit) => readRegisterEdit((appliedEdit(org, edit) as AppliedFact).fact))
          .filter((edit) => edit !== undefined)
          .reduce(takeEntityEdit, []),
      )
      const row = await productOf(org)
      if (row === undefined) return
      expect(row.deleted).toBe(inMemory.deleted)
      expect(row.name).toBe(inMemory.fields.name ?? '')
      expect(row.note).toBe(inMemory.fields.note ?? '')
      expect(row.barcodes).toEqual(inMemory.fields.barcodes ?? [])
    }),
    { numRuns: 12 },
  )
}, 240_000)

test('stamps are ordered in the database as in memory', async () => {
  const stamps = [
    { rep: 0, hlc: hlcAt(9), factId: '01940000-0000-7000-8000-0000000000ff' },
    { rep: 1, hlc: hlcAt(1), factId: '01940000-0000-7000-8000-000000000001' },
    { rep: 1, hlc: hlcAt(1), factId: '01940000-0000-7000-8000-0000000000a0' },
    { rep: 0, hlc: hlcAt(9), factId: 'f1940000-0000-7000-8000-000000000000' },
  ]
  const rows = await db<{ factId: string }[]>`
    SELECT "factId" FROM jsonb_to_recordset(${db.json(stamps)}) AS stamp (rep integer, hlc text, "factId" uuid)
    ORDER BY rep, hlc COLLATE "C", "factId"
  `
  expect(rows.map(({ factId }) => factId)).toEqual(
    [...stamps].sort(compareStamps).map(({ factId }) => factId),
  )
})
