import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loginMigrations } from '@tillkeeper/http/auth/secret-key.ts'
import { requireForeignServer } from '@tillkeeper/postgres/check-server.ts'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, migrate } from '@tillkeeper/projections/db.ts'
import { readConfig } from './config.ts'
import { beginRun, endRun, findIdentity } from './node/identity.ts'
import { createStore } from './store.ts'

// The whole program, wired by hand: what there is, what it needs, how it starts and stops.
const config = readConfig(process.env)
await mkdir(config.dataDir, { recursive: true, mode: 0o700 })

const postgres =
  config.databaseUrl === undefined
    ? await startPostgres({ dataDir: join(config.dataDir, 'postgres') })
    : undefined
const databaseUrl = config.databaseUrl ?? (await postgres?.createDatabase('store')) ?? ''
if (postgres === undefined) await withConnection(databaseUrl, requireForeignServer)
const db = connect(databaseUrl, { applicationName: 'tillkeeper-store' })
await migrate(db, [loginMigrations])

const enrolled = await findIdentity(config.dataDir)
if (enrolled === undefined) throw new Error('this server is not enrolled: give it ENROL_CODE')
const identity = await beginRun(config.dataDir, enrolled)

const store = await createStore({
  db,
  identity,
  now: () => new Date(),
  log: { level: config.logLevel, stream: process.stderr },
  trustProxy: config.trustProxy,
  linkStatus: () => ({ linkUp: false, lastContactAt: null }),
  onJournalled: () => undefined,
})

/** A stop that takes longer than this is cut off: what was acknowledged is durable anyway. */
const stopMs = 4_500
let stopping = false
const stop = async () => {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), stopMs).unref()
  await store.stop()
  await db.end({ timeout: 1 })
  await endRun(config.dataDir, identity)
  await postgres?.stop()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

await store.projector.wakeAll()
await store.app.listen({ host: config.host, port: config.port })
const address = store.app.server.address()
const port = typeof address === 'object' ? address?.port : config.port
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)
