import { expect, test } from 'vitest'
import { requireForeignServer, requireServerVersion } from '../check-server.ts'
import { createDatabase, withConnection, withDatabase } from '../databases.ts'
import { startOldestPostgres } from './oldest-postgres.ts'

test('the oldest server that we support passes the checks of a server of somebody else', async () => {
  const server = await startOldestPostgres()
  try {
    await createDatabase(server.url, 'shop')
    await withConnection(withDatabase(server.url, 'shop'), async (sql) => {
      expect(await requireServerVersion(sql)).toBe(15)
      await requireForeignServer(sql)
    })
  } finally {
    await server.stop()
  }
})
