import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverVersionMin } from '../check-server.ts'
import { startPostgres } from '../start-postgres.ts'

export type OldestPostgres = { readonly url: string; readonly stop: () => Promise<void> }

/**
 * Starts the oldest PostgreSQL that we support, from Debian's package, empty, in a folder that is
 * gone after `stop`. `npm test` installs the package where it can.
 */
export async function startOldestPostgres(): Promise<OldestPostgres> {
  const binDir = `/usr/lib/postgresql/${serverVersionMin}/bin`
  if (!existsSync(binDir)) {
    throw new Error(
      `the tests need PostgreSQL ${serverVersionMin} in ${binDir}: ` +
        `apt-get install --no-install-recommends postgresql-${serverVersionMin}`,
    )
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-oldest-'))
  await chmod(dataDir, 0o755)
  const server = await startPostgres({ dataDir: join(dataDir, 'data'), binDir })
  return {
    url: server.url('postgres'),
    stop: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
