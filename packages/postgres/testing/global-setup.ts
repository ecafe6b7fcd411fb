import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../start-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that all tests of this run share. */
    readonly postgresUrl: string
  }
}

/** One real server for a whole run of the tests, in a folder that is gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-test-'))
  await chmod(dataDir, 0o755) // Run by root, the server is somebody else, who has to enter.
  const server = await startPostgres({
    dataDir: join(dataDir, 'data'),
    shelterDir: join(dataDir, 'shelter'),
    settings: { max_connections: '200' },
  })
  project.provide('postgresUrl', server.url('postgres'))
  return async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
