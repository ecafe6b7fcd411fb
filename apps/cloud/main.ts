import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loginMigrations } from '@tillkeeper/http/auth/secret-key.ts'
import { logLinesTo } from '@tillkeeper/http/observe/log-lines.ts'
import { requireForeignServer } from '@tillkeeper/postgres/check-server.ts'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, migrate } from '@tillkeeper/projections/db.ts'
import { cloudMigrations, createCloud } from './cloud.ts'
import { readConfig } from './config.ts'
import { openKeys } from './keys/data-dir.ts'
import { watchRestores } from './node/declare-restored.ts'

// The whole program, wired by hand: what there is, what it needs, how it starts and stops.
const config = readConfig(process.env)
await mkdir(config.dataDir, { recursive: true, mode: 0o700 })

const postgres =
  config.databaseUrl === undefined
    ? await startPostgres({ dataDir: join(config.dataDir, 'postgres') })
    : undefined
const databaseUrl = config.databaseUrl ?? (await postgres?.createDatabase('cloud')) ?? ''
if (postgres === undefined) await withConnection(databaseUrl, requireForeignServer)
const db = connect(databaseUrl, { applicationName: 'tillkeeper-cloud' })
await migrate(db, [loginMigrations, cloudMigrations])

const now = () => new Date()
const watch = await watchRestores(db, {
  ...{ dataDir: config.dataDir, restored: config.restored, now },
  onFault: (error) => cloud.app.log.error({ err: error }, 'mark of the database'),
})

const cloud = await createCloud({
  db,
  keys: await openKeys(config.dataDir, config.adminKey),
  now,
  log: { level: config.logLevel, stream: logLinesTo(process.stderr.fd) },
  trustProxy: config.trustProxy,
})

if (watch.restored) cloud.app.log.warn('the database came back from a backup: feeds begin anew')

/** A stop that takes longer than this is cut off: what was acknowledged is durable anyway. */
const stopMs = 4_500
let stopping = false
const stop = async () => {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), stopMs).unref()
  watch.end()
  await cloud.stop()
  await db.end({ timeout: 1 })
  await postgres?.stop()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

await cloud.projector.wakeAll()
await cloud.app.listen({ host: config.host, port: config.port })
const address = cloud.app.server.address()
const port = typeof address === 'object' ? address?.port : config.port
cloud.reconciler.start()
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)
