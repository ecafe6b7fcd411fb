import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { expect, test } from 'vitest'
import { bytesParameter, jsonParameter, type MigrationSet, migrate, transact } from './db.ts'
import { journalTables, projectionTables } from './rebuild/tables.ts'
import { withTestDatabase } from './testing/with-database.ts'

/** A folder of migrations that a test writes, with a version table of its own. */
async function withMigrations(
  files: Readonly<Record<string, string>>,
  work: (set: MigrationSet, write: (name: string, text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-migrations-'))
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  try {
    for (const [name, text] of Object.entries(files)) await write(name, text)
    await work({ folder: pathToFileURL(`${folder}/`), versionTable: 'own_version' }, write)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('columns are read as our types, and written from them', () =>
  withTestDatabase(async (db) => {
    const [row] = await db`
      SELECT 9007199254740991::bigint AS most, date '2026-02-28' AS day,
        timestamptz '2026-11-20 11:31:02.1+07' AS instant, '{"a": [1]}'::jsonb AS value,
        '\\x00ff'::bytea AS bytes, ARRAY['2026-01-01'::date] AS days
    `
    expect(row).toEqual({
      most: Number.MAX_SAFE_INTEGER,
      day: '2026-02-28',
      instant: '2026-11-20T04:31:02.100Z',
      value: { a: [1] },
      bytes: Buffer.from([0, 255]),
      days: ['2026-01-01'],
    })
    const parts = [new Uint8Array([1]), null, new Uint8Array()]
    const [back] = await db`
      SELECT ${'2026-11-20T04:31:02.123Z'}::timestamptz AS instant, ${'2026-02-28'}::date AS day,
        ${jsonParameter(db, { b: 'ü' })}::jsonb AS value,
        (SELECT array_agg(coalesce(encode(part, 'hex'), 'none') ORDER BY nth)
         FROM unnest(${bytesParameter(db, parts)}) WITH ORDINALITY AS sent (part, nth)) AS parts
    `
    expect(back).toEqual({
      instant: '2026-11-20T04:31:02.123Z',
      day: '2026-02-28',
      value: { b: 'ü' },
      parts: ['01', 'none', ''],
    })
    await expect(db`SELECT 9007199254740992::bigint AS above`).rejects.toThrow(/safe integer/)
  }))

test('a command that is refused leaves nothing, and one that is accepted stays', () =>
  withTestDatabase(async (db) => {
    await db`CREATE TABLE note (word text)`
    const write = (word: string, ok: boolean) =>
      transact(db, async (tx) => {
        await tx`INSERT INTO note VALUES (${word})`
        return ok ? accepted(word) : refused({ code: 'not_today' })
      })
    expect(await write('refused', false)).toEqual({ ok: false, refusal: { code: 'not_today' } })
    expect(await write('accepted', true)).toEqual({ ok: true, value: 'accepted' })
    await expect(
      transact(db, async (tx) => {
        await tx`INSERT INTO note VALUES ('broken')`
        throw new Error('broken')
      }),
    ).rejects.toThrow('broken')
    expect([...(await db`SELECT word FROM note`)]).toEqual([{ word: 'accepted' }])
  }))

test('migrations are applied once, in order, by whoever comes first', () =>
  withTestDatabase((db) =>
    withMigrations(
      {
        '0001-one.sql': 'CREATE TABLE one (id int); CREATE TABLE more (id int);',
        '0002-two.sql': 'ALTER TABLE one ADD COLUMN name text;',
      },
      async (set, write) => {
        const applied = await Promise.all([migrate(db, [set]), migrate(db, [set])])
        expect(applied.flat().sort()).toEqual(['0001-one.sql', '0002-two.sql'])
        await write('0003-three.sql', 'INSERT INTO one (name) VALUES (1/0);')
        await expect(migrate(db, [set])).rejects.toThrow(/division by zero/)
        await write('0003-three.sql', "INSERT INTO one (name) VALUES ('x');")
        expect(await migrate(db, [set])).toEqual(['0003-three.sql'])
        expect(await migrate(db, [set])).toEqual([])
      },
    ),
  ))

test('a database that is newer than the program is left alone, and says what to install', () =>
  withTestDatabase((db) =>
    withMigrations({ '0001-one.sql': 'CREATE TABLE one (id int);' }, async (set) => {
      await migrate(db, [set])
      await db`
        INSERT INTO own_version (version, name, sha256, program) VALUES (2, '0002-x.sql', '', '7.8.9')
      `
      await expect(migrate(db, [set])).rejects.toThrow(
        /schema 2 \(own_version\).* up to 1: install version 7\.8\.9 or newer/,
      )
    }),
  ))

test('a migration that was changed after it was applied is refused', () =>
  withTestDatabase((db) =>
    withMigrations({ '0001-one.sql': 'CREATE TABLE one (id int);' }, async (set, write) => {
      await migrate(db, [set])
      await write('0001-one.sql', 'CREATE TABLE one (id bigint);')
      await expect(migrate(db, [set])).rejects.toThrow(/0001-one\.sql is not the file/)
    }),
  ))

test('migrations are numbered without a gap', () =>
  withTestDatabase((db) =>
    withMigrations({ '0002-two.sql': 'SELECT 1;' }, async (set) => {
      await expect(migrate(db, [set])).rejects.toThrow(/0002-two\.sql is not number 1/)
    }),
  ))

test('every table is made from facts, or belongs to the journal', () =>
  withTestDatabase(async (db) => {
    const rows = await db<{ name: string }[]>`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_version'
      ORDER BY relname COLLATE "C"
    `
    expect(rows.map(({ name }) => name)).toEqual([...projectionTables, ...journalTables].sort())
    // The organisation is first in every key.
    const keys = await db<{ name: string; first: string }[]>`
      SELECT class.relname AS name, attribute.attname AS first
      FROM pg_index AS key
      JOIN pg_class AS class ON class.oid = key.indrelid
      JOIN pg_attribute AS attribute
        ON attribute.attrelid = class.oid AND attribute.attnum = key.indkey[0]
      WHERE key.indisprimary AND class.relnamespace = 'public'::regnamespace
        AND class.relname <> 'schema_version'
    `
    expect(keys.filter(({ first }) => first !== 'org_id')).toEqual([])
    expect(keys).toHaveLength(projectionTables.length + journalTables.length)
  }))
