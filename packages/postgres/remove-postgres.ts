import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { findCluster, removeData } from './embedded/place-data.ts'
import { takeStarterLock } from './embedded/starter-lock.ts'
import { clearLeftServer } from './embedded/stop-server.ts'

/**
 * Removes the database of `dataDir`, wherever it lies, and other files there not. A server that a
 * killed run left is stopped first; one that somebody runs now makes this throw.
 */
export async function removePostgres(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const home = await realpath(dataDir)
  await takeStarterLock(home)
  const cluster = await findCluster(home)
  if (existsSync(cluster)) await clearLeftServer(await realpath(cluster))
  await removeData(home)
}
