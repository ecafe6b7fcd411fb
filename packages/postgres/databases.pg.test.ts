import postgres from 'postgres'
import { expect, test } from 'vitest'
import { requireDurableSettings, requireServerVersion } from './check-server.ts'
import { createDatabase, withConnection } from './databases.ts'
import { createTestDatabase } from './testing/test-database.ts'

test('every test database is its own, empty, in UTF-8, and gone after its drop', async () => {
  const one = await createTestDatabase()
  const two = await createTestDatabase()
  expect(one.url).not.toBe(two.url)
  await withConnection(one.url, async (sql) => {
    await sql`CREATE TABLE thing (name text)`
    await sql`INSERT INTO thing (name) VALUES ('น้ำ')`
    const [encoding] = await sql<{ server_encoding: string }[]>`SHOW server_encoding`
    expect(encoding?.server_encoding).toBe('UTF8')
    const [row] = await sql`SELECT lower('CAFÉ') AS word, 'B' < 'a' AS by_code_point`
    expect(row).toEqual({ word: 'café', by_code_point: true })
  })
  await withConnection(two.url, async (sql) => {
    const tables = await sql`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
    expect(tables).toHaveLength(0)
  })
  // Somebody still connected does not keep it alive.
  const left = postgres(one.url, { max: 1 })
  await left`SELECT 1`
  await one.drop()
  await left.end({ timeout: 1 }).catch(() => undefined)
  await expect(withConnection(one.url, (sql) => sql`SELECT 1`)).rejects.toThrow(/does not exist/)
  await two.drop()
})

test('making a database twice keeps what is in it', async () => {
  const database = await createTestDatabase()
  const name = new URL(database.url).pathname.slice(1)
  await withConnection(database.url, (sql) => sql`CREATE TABLE kept (one int)`)
  await createDatabase(database.url, name)
  await withConnection(database.url, (sql) => sql`INSERT INTO kept (one) VALUES (1)`)
  await database.drop()
})

test('a name that is not one is refused before it reaches the server', async () => {
  const database = await createTestDatabase()
  await expect(createDatabase(database.url, 'a"; DROP DATABASE x; --')).rejects.toThrow(
    /not a name/,
  )
  await database.drop()
})

test('a server that is too old is refused, with both versions', async () => {
  const database = await createTestDatabase()
  await withConnection(database.url, async (sql) => {
    expect(await requireServerVersion(sql)).toBe(18)
    await expect(requireServerVersion(sql, 99)).rejects.toThrow(
      'PostgreSQL 99 or newer is needed, and this server is 18',
    )
  })
  await database.drop()
})

test('a database that was told to acknowledge before it is durable is refused', async () => {
  const database = await createTestDatabase()
  const name = new URL(database.url).pathname.slice(1)
  await withConnection(database.url, async (sql) => {
    await requireDurableSettings(sql)
    await sql`ALTER DATABASE ${sql(name)} SET synchronous_commit = off`
  })
  await withConnection(database.url, async (sql) => {
    await expect(requireDurableSettings(sql)).rejects.toThrow('synchronous_commit = off')
  })
  await database.drop()
})
