import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyDatabase, dropDatabase } from '@tillkeeper/postgres/databases.ts'
import { findFreePort } from '@tillkeeper/postgres/free-port.ts'
import { connect, type Db } from '@tillkeeper/projections/db.ts'
import type { BaseChain } from './base-chain.ts'
import { type LabServer, makeLabServer } from './lab-server.ts'

// A lane is a copy of the sleeping chain: databases from templates, folders beside them, and two servers
// that nobody has started yet.

export type OpenLane = {
  readonly name: string
  /** Where the store server finds its database, its cloud; left out: directly, and none. */
  readonly storeDatabasePort?: number | undefined
  readonly cloudDatabasePort?: number | undefined
  /** A changed copy of the source. */
  readonly sourceDir?: string | undefined
}

export type Lane = {
  readonly base: BaseChain
  readonly cloud: LabServer
  readonly store: LabServer
  /** Our own eyes on the two databases: nothing between. */
  readonly storeDb: Db
  readonly cloudDb: Db
  /** Ends both servers and removes all that the lane had. */
  readonly close: () => Promise<void>
}

const eyesMax = 2

/** Copies the base chain. Names are of small letters and digits. */
export async function openLane(base: BaseChain, options: OpenLane): Promise<Lane> {
  const { name, storeDatabasePort, cloudDatabasePort, sourceDir } = options
  const { postgres } = base.chain
  const make = async (app: 'cloud' | 'store', port: number | undefined) => {
    const template = base.templates[app]
    const database = `${name}_${app}`
    const dataDir = join(base.dataDir, database)
    await copyDatabase(postgres.url('postgres'), { from: template.database, name: database })
    await cp(template.dataDir, dataDir, { recursive: true })
    const url = new URL(postgres.url(database))
    if (port !== undefined) url.port = String(port)
    const server = makeLabServer({
      ...{ name: database, app, dataDir, sourceDir, env: base.env },
      logFile: join(base.dataDir, 'logs', `${database}.log`),
      port: await findFreePort(),
      databaseUrl: url.href,
    })
    const db = connect(postgres.url(database), { max: eyesMax, applicationName: 'crash-lab' })
    const close = async () => {
      await server.kill()
      await db.end({ timeout: 1 })
      await dropDatabase(postgres.url('postgres'), database)
      await rm(dataDir, { recursive: true, force: true })
    }
    return { server, db, close }
  }
  const cloud = await make('cloud', cloudDatabasePort)
  const store = await make('store', storeDatabasePort)
  return {
    base,
    cloud: cloud.server,
    store: store.server,
    cloudDb: cloud.db,
    storeDb: store.db,
    close: async () => {
      await store.close()
      await cloud.close()
    },
  }
}
