import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { createDatabase, dropDatabase, withDatabase } from '../databases.ts'

export type TestDatabase = { readonly url: string; readonly drop: () => Promise<void> }

/** An empty database that no other test has, on the server of this run. Drop it when done. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  await createDatabase(server, name)
  return { url: withDatabase(server, name), drop: () => dropDatabase(server, name) }
}
