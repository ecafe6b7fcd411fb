import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loginMigrations } from '@tillkeeper/http/auth/secret-key.ts'
import { logLinesTo } from '@tillkeeper/http/observe/log-lines.ts'
import { watchLink } from '@tillkeeper/http/sync-health/watch-link.ts'
import { requireForeignServer } from '@tillkeeper/postgres/check-server.ts'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, migrate } from '@tillkeeper/projections/db.ts'
import { readNodeClock } from '@tillkeeper/projections/journal/node-clock-sql.ts'
import { openBootstrap } from './bootstrap/open-bootstrap.ts'
import { createTrustedClock } from './clock/trusted-clock.ts'
import { type Config, readConfig } from './config.ts'
import { findIdentity, type Identity } from './node/identity.ts'
import { startRun } from './node/start-run.ts'
import { openPeer } from './reconcile/http-peer.ts'
import {
  createStore,
  storeMigrations,
  version,
  writerConnections,
  writerSettings,
} from './store.ts'
import { cloudPeer } from './sync/cloud-ports.ts'
import { enrolNode } from './sync/enrol-node.ts'
import { type CloudLink, runCloudLink } from './sync/run-cloud-link.ts'

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
const writeDb = connect(databaseUrl, {
  applicationName: 'tillkeeper-store-writer',
  max: writerConnections,
  settings: writerSettings,
})
await migrate(db, [loginMigrations, storeMigrations])

const onFault = (error: unknown) => store.app.log.error({ err: error }, 'link to the cloud')
const now = () => new Date()
const { dataDir } = config
const run = await startRun(db, { dataDir, identity: await findOrEnrol(config), now, onFault })
const identity = run.identity.current()

/** No computer is before the day on which this version was made. */
const builtMs = Date.parse('2026-11-01T00:00:00.000Z')
const hlcHigh = await readNodeClock(db, identity.org)
const clock = createTrustedClock({ hlcHigh, cloudMs: 0, builtMs })

let link: CloudLink | undefined
const bootstrap =
  config.cloudUrl === undefined
    ? undefined
    : await openBootstrap({
        ...{ db, identity, cloudUrl: config.cloudUrl, now: () => new Date() },
        onStep: (progress) => store.app.log.info(progress, 'first load'),
        onFault: (fault, stream) => store.app.log.warn({ fault, stream }, 'first load'),
      })
const store = await createStore({
  db,
  writeDb,
  identity,
  dataDir,
  now: clock.now,
  log: { level: config.logLevel, stream: logLinesTo(process.stderr.fd) },
  trustProxy: config.trustProxy,
  linkStatus: () => link?.status() ?? { linkUp: false, lastContactAt: null },
  bootstrap: () => bootstrap?.progress(),
  peer:
    config.cloudUrl === undefined
      ? undefined
      : openPeer({
          identity: run.identity.current,
          cloudUrl: config.cloudUrl,
          now: () => new Date(),
        }),
  onJournalled: () => link?.wake(),
})
if (config.cloudUrl !== undefined) {
  link = runCloudLink({
    ...{
      db,
      dataDir,
      store,
      identity: run.identity,
      cloudUrl: config.cloudUrl,
      now,
      clock,
      onFault,
    },
    build: version,
    onAlarm: (stream, why) => store.app.log.warn({ stream, why }, 'a stream stopped'),
  })
}

const stopWatch = watchLink({
  ...{ db, org: identity.org, author: identity.author, parent: cloudPeer },
  now: () => new Date(),
  linkStatus: () => link?.status() ?? { linkUp: false, lastContactAt: null },
  onStuck: (facts) => store.app.log.error({ facts }, 'facts wait though the line is up'),
  onFault: (error) => store.app.log.error({ err: error }, 'watching the link'),
})

/** A stop that takes longer than this is cut off: what was acknowledged is durable anyway. */
const stopMs = 4_500
let stopping = false
const stop = async () => {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), stopMs).unref()
  bootstrap?.stop()
  link?.stop()
  stopWatch()
  await store.stop()
  await link?.mended()
  await Promise.all([db.end({ timeout: 1 }), writeDb.end({ timeout: 1 })])
  await run.end()
  await postgres?.stop()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

await store.projector.wakeAll()
await store.app.listen({ host: config.host, port: config.port })
// Tills' facts come in meanwhile; the link carries them on, and brings what came after the snapshot.
void (bootstrap?.run() ?? Promise.resolve()).then(() => {
  if (stopping) return
  void store.recyclers.refresh()
  link?.start()
  store.reconciler.start()
})
const address = store.app.server.address()
const port = typeof address === 'object' ? address?.port : config.port
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)

/** Who this server is: as it was told before, or by the cloud, for a one-time code. */
async function findOrEnrol({ dataDir, cloudUrl, enrolCode: code }: Config): Promise<Identity> {
  const found = await findIdentity(dataDir)
  if (found !== undefined) return found
  if (cloudUrl === undefined || code === undefined) {
    throw new Error('this server is not enrolled: its first start needs CLOUD_URL and ENROL_CODE')
  }
  const enrolled = await enrolNode({ dataDir, cloudUrl, code })
  if (enrolled.ok) return enrolled.value
  throw new Error(`the enrolment failed: ${JSON.stringify(enrolled.refusal)}`)
}
