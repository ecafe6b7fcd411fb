import { cp, mkdir, rm } from 'node:fs/promises'
import {
  copyDatabase,
  createDatabase,
  dropDatabase,
  withDatabase,
} from '@tillkeeper/postgres/databases.ts'
import type { ChainServer, ChainStore } from './start-chain.ts'

// What happens to machines: a disk burns, a backup of yesterday comes back, an image is started twice.
// Drills and tests do it to a chain of real processes.

export type Disasters = {
  /**
   * Takes a copy of a server as it stands now, as a nightly backup would: the server is stopped in good
   * order, copied and started again. `restore` makes the server that copy again, whatever came between.
   */
  readonly keepCopy: (
    server: ChainServer,
    keep: KeepCopy,
  ) => Promise<{ readonly restore: () => Promise<void> }>
  /** A store server's machine is gone, with its database. Another is enrolled in its place. */
  readonly replaceStore: (store: ChainStore) => Promise<void>
  /** A store server's image is copied while it is off, and both are started. Gives the copy. */
  readonly cloneStore: (store: ChainStore) => Promise<ChainStore>
}

export type KeepCopy = {
  /**
   * What comes back: the database alone, as from a database's backup, or the machine's whole image, its
   * data folder too.
   */
  readonly of: 'database' | 'image'
}

/** See `Disasters.keepCopy`. */
export async function keepCopyOf(server: ChainServer, { of }: KeepCopy) {
  const name = databaseName(server)
  const kept = `${name}_kept`
  const keptDir = `${server.dataDir}.kept`
  const maintenance = maintenanceUrl(server)
  await server.kill('SIGTERM')
  await copyDatabase(maintenance, { from: name, name: kept })
  if (of === 'image') await copyFolder(server.dataDir, keptDir)
  await server.start()
  return {
    restore: async () => {
      await server.kill('SIGKILL')
      await endConnections(server)
      await copyDatabase(maintenance, { from: kept, name })
      if (of === 'image') await copyFolder(keptDir, server.dataDir)
      await server.start()
    },
  }
}

/** Takes everything that a server had. */
export async function loseServer(server: ChainServer): Promise<void> {
  await server.kill('SIGKILL')
  await endConnections(server)
  await rm(server.dataDir, { recursive: true, force: true })
  await mkdir(server.dataDir, { mode: 0o700 })
  await createDatabase(maintenanceUrl(server), databaseName(server))
}

/** Makes `copy`, which was never started, what `server` is. Both are off afterwards. */
export async function copyServer(server: ChainServer, copy: ChainServer): Promise<void> {
  await server.kill('SIGTERM')
  const names = { from: databaseName(server), name: databaseName(copy) }
  await copyDatabase(maintenanceUrl(server), names)
  await copyFolder(server.dataDir, copy.dataDir)
}

// A killed server's sessions live on in the database until it notices.
async function endConnections(server: ChainServer): Promise<void> {
  await dropDatabase(maintenanceUrl(server), databaseName(server))
}

async function copyFolder(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await cp(from, to, { recursive: true, preserveTimestamps: true })
}

function databaseName({ databaseUrl }: ChainServer): string {
  return new URL(databaseUrl).pathname.slice(1)
}

function maintenanceUrl({ databaseUrl }: ChainServer): string {
  return withDatabase(databaseUrl, 'postgres')
}
