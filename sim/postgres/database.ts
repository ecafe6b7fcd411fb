import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'

/** A real PostgreSQL for what cannot be simulated: started when it is asked for first. */
export type Databases = {
  /** An empty database with the shared tables. */
  readonly open: () => Promise<Db>
  readonly close: () => Promise<void>
}

/** Databases on a server of our own, in a folder that is gone afterwards. */
export function makeDatabases(): Databases {
  let starting: Promise<{ readonly server: Postgres; readonly folder: string }> | undefined
  const opened: Db[] = []
  const start = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-sim-'))
    await chmod(folder, 0o755) // Run by root, the server is somebody else, who has to enter.
    const server = await startPostgres({
      dataDir: join(folder, 'data'),
      shelterDir: join(folder, 'shelter'),
    })
    return { server, folder }
  }
  return {
    open: async () => {
      starting ??= start()
      const { server } = await starting
      const url = await server.createDatabase(`sim_${opened.length}`)
      const db = connect(url, { max: 8 })
      opened.push(db)
      await migrate(db)
      return db
    },
    close: async () => {
      await Promise.all(opened.map((db) => db.end()))
      if (starting === undefined) return
      const { server, folder } = await starting
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
