import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CopyColumns, copyRows, encodeRows } from './copy-rows.ts'
import { connect, type Tx } from './db.ts'
import { withTestDatabase } from './testing/with-database.ts'

const columns = {
  id: 'uuid',
  words: 'text',
  small: 'int4',
  large: 'int8',
  raw: 'bytea',
  json: 'jsonb',
  day: 'date',
  at: 'timestamptz',
} as const satisfies CopyColumns

const table = (tx: Tx) => tx`
  CREATE TEMP TABLE copied (
    nth bigserial, id uuid UNIQUE, words text, small integer, large bigint, raw bytea, json jsonb,
    day date, at timestamptz
  ) ON COMMIT DROP
`
const row = fc.record({
  id: fc.uuid(),
  words: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  small: fc.integer(),
  large: fc.maxSafeInteger(),
  raw: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
  json: fc.record({ text: fc.constantFrom('', 'น้ำ', '"\\'), list: fc.array(fc.integer()) }),
  day: fc
    .date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  at: fc
    .date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString()),
})

test('rows that are copied are the rows that were given, in their order', () =>
  withTestDatabase((db) =>
    fc.assert(
      fc.asyncProperty(fc.uniqueArray(row, { selector: ({ id }) => id }), async (rows) => {
        const found = await db.begin(async (tx) => {
          await table(tx)
          await copyRows(tx, 'copied', columns, rows)
          return tx`SELECT id, words, small, large, raw, json, day, at FROM copied ORDER BY nth`
        })
        expect([...found].map((each) => ({ ...each }))).toEqual(rows)
      }),
      { numRuns: 30 },
    ),
  ))

test('what is left out is NULL', () =>
  withTestDatabase((db) =>
    db.begin(async (tx) => {
      await table(tx)
      await copyRows(tx, 'copied', columns, [{}])
      const [found] = await tx`SELECT id, words, small, large, raw, json, day, at FROM copied`
      expect(Object.values(found ?? {})).toEqual(Array.from({ length: 8 }, () => null))
    }),
  ))

test('what a row leaves out it has from what all have in common, and what it says is its own', () =>
  withTestDatabase((db) =>
    db.begin(async (tx) => {
      await table(tx)
      const rows = [{ small: 1 }, { small: 2, words: 'own' }, { small: 3, words: null }]
      await copyRows(tx, 'copied', { small: 'int4', words: 'text' }, rows, { words: 'common' })
      const found = await tx`SELECT words FROM copied ORDER BY nth`
      expect(found.map(({ words }) => words)).toEqual(['common', 'own', 'common'])
    }),
  ))

test('what is no uuid is not written', () => {
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
  const all = Buffer.concat([...encodeRows({ id: 'uuid' }, [{ id }, { id: id.toUpperCase() }])])
  expect(all.toString('hex').split(id.replaceAll('-', ''))).toHaveLength(3)
  for (const bad of [
    '',
    id.slice(1),
    `${id}0`,
    id.replace('f', 'g'),
    id.replace('f', 'é'),
    `${id} `,
  ]) {
    expect(() => [...encodeRows({ id: 'uuid' }, [{ id: bad }])]).toThrow('a uuid has 32 digits')
  }
})

test('a row that the table refuses fails by its own error, and the connection is good again', () =>
  withTestDatabase(async (_, url) => {
    const db = connect(url, { max: 1 })
    const twice = crypto.randomUUID()
    for (const count of [2, 20_000]) {
      const rows = Array.from({ length: count }, (_, index) => ({
        id: index === 1 ? twice : crypto.randomUUID(),
        words: 'x'.repeat(100),
      }))
      const found = await db.begin(async (tx) => {
        await table(tx)
        await copyRows(tx, 'copied', { id: 'uuid', words: 'text' }, [{ id: twice, words: '' }])
        const failed = tx.savepoint((inner) =>
          copyRows(inner as Tx, 'copied', { id: 'uuid', words: 'text' }, rows),
        )
        await expect(failed).rejects.toMatchObject({
          ...{ code: '23505', constraint_name: 'copied_id_key' },
        })
        return tx`SELECT id FROM copied`
      })
      expect([...found]).toEqual([{ id: twice }])
      expect([...(await db`SELECT 1 AS one`)]).toEqual([{ one: 1 }])
    }
    await db.end()
  }))

test('a value that cannot be written fails all of them, wherever it stands', () =>
  withTestDatabase(async (_, url) => {
    const db = connect(url, { max: 1 })
    for (const at of [0, 10_000]) {
      const rows = Array.from({ length: 20_000 }, (_, index) => ({
        id: index === at ? 'none' : crypto.randomUUID(),
      }))
      const found = await db.begin(async (tx) => {
        await table(tx)
        const failed = tx.savepoint((inner) =>
          copyRows(inner as Tx, 'copied', { id: 'uuid' }, rows),
        )
        await expect(failed).rejects.toThrow('a uuid has 32 digits')
        return tx`SELECT id FROM copied`
      })
      expect([...found]).toEqual([])
    }
    await db.end()
  }))

test('a server that goes away between two pieces fails the copy, and the next goes through', () =>
  withTestDatabase(async (killer, url) => {
    const db = connect(url, { max: 1 })
    await killer`CREATE TABLE stopped (id integer, words text)`
    // The first row takes longer than the test, and what stands behind it is more than any socket holds.
    await killer`
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN IF NEW.id = 0 THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END $$
    `
    await killer`CREATE TRIGGER wait BEFORE INSERT ON stopped FOR EACH ROW EXECUTE FUNCTION wait()`
    const columns = { id: 'int4', words: 'text' } as const
    const rows = (from: number) =>
      Array.from({ length: 300 }, (_, nth) => ({ id: from + nth, words: 'x'.repeat(100_000) }))
    const failed = db.begin(async (tx) => {
      const [me] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
      setTimeout(() => void killer`SELECT pg_terminate_backend(${me?.pid ?? 0})`.execute(), 300)
      await copyRows(tx, 'stopped', columns, rows(0))
    })
    await expect(failed).rejects.toThrow()
    await db.begin((tx) => copyRows(tx, 'stopped', columns, rows(1)))
    expect([...(await db`SELECT count(*)::integer AS rows FROM stopped`)]).toEqual([{ rows: 300 }])
    await db.end()
  }))

test('a server that goes away after the last row ends the wait for its word', () =>
  withTestDatabase(async (killer, url) => {
    const db = connect(url, { max: 1 })
    await killer`CREATE TABLE slow (id integer)`
    // The word comes only after the trigger, which takes longer than the test.
    await killer`
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$
    `
    await killer`CREATE TRIGGER wait AFTER INSERT ON slow FOR EACH STATEMENT EXECUTE FUNCTION wait()`
    const failed = db.begin(async (tx) => {
      const [me] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
      setTimeout(() => void killer`SELECT pg_terminate_backend(${me?.pid ?? 0})`.execute(), 300)
      await copyRows(tx, 'slow', { id: 'int4' }, [{ id: 1 }])
    })
    await expect(failed).rejects.toThrow()
    expect([...(await db`SELECT count(*)::integer AS rows FROM slow`)]).toEqual([{ rows: 0 }])
    await db.end()
  }))
