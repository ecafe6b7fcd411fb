import {
  createTestDatabase,
  type Template,
  type TestDatabase,
} from '@tillkeeper/postgres/testing/test-database.ts'
import { connect, migrate } from '../db.ts'

const sharedTables: Template = {
  name: 'shared_tables',
  fill: async (url) => {
    const db = connect(url, { max: 1 })
    await migrate(db)
    await db.end()
  },
}

/**
 * A database of its own with the shared tables in it, copied in half the time that it takes to migrate.
 * Who opens it migrates as ever, and finds that done.
 */
export function createSharedDatabase(): Promise<TestDatabase> {
  return createTestDatabase(sharedTables)
}
