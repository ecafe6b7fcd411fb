import type { Db } from '../db.ts'
import { openDatabase } from './fill-database.ts'
import { createSharedDatabase } from './shared-database.gen.ts'

/** Runs `work` on a database of its own with the shared tables. */
export async function withTestDatabase<T>(work: (db: Db, url: string) => Promise<T>): Promise<T> {
  const { url, drop } = await createSharedDatabase()
  const db = await openDatabase(url)
  try {
    return await work(db, url)
  } finally {
    await db.end()
    await drop()
  }
}
