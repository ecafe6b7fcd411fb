import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, newId } from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { loginMigrations } from '@tillkeeper/http/auth/secret-key.ts'
import { copyDatabase, dropDatabase, withDatabase } from '@tillkeeper/postgres/databases.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import { openBootstrap } from '../../bootstrap/open-bootstrap.ts'
import type { Bootstrap } from '../../bootstrap/run-bootstrap.ts'
import { findIdentity, type Identity } from '../../node/identity.ts'
import { startRun } from '../../node/start-run.ts'
import { openPeer } from '../../reconcile/http-peer.ts'
import { createStore, type Store, storeMigrations } from '../../store.ts'
import { enrolNode } from '../enrol-node.ts'
import { type CloudLink, runCloudLink } from '../run-cloud-link.ts'

/** A shop's server, enrolled with a cloud over real HTTP, on a database of its own. */
export type OpenedShop = {
  /** Another one after a restore. */
  readonly db: Db
  readonly url: string
  readonly dataDir: string
  readonly identity: () => Identity
  readonly store: () => Store
  readonly link: () => CloudLink
  /** The first load of the run. */
  readonly bootstrap: () => Bootstrap
  /** Why a first load did not go on. */
  readonly faults: readonly string[]
  readonly alarms: readonly { readonly stream: string; readonly why: string }[]
  readonly ask: (path: string, token: string, body?: unknown) => Promise<Answer>
  /** Ends without a word, as a power cut does: nothing is flushed, noted or closed in order. */
  readonly kill: () => Promise<void>
  /** Ends in order, and lets go of its database. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Copies the database and the files of a shop that was stopped. */
  readonly backUp: () => Promise<Backup>
  /** Puts a backup in place of what a stopped shop has: its database, and its files or not. */
  readonly restore: (backup: Backup, what: { readonly files: boolean }) => Promise<void>
  readonly close: () => Promise<void>
}

export type Backup = {
  readonly cloudUrl: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly drop: () => Promise<void>
}

/** `whole`: it has loaded its data when this resolves. Left out, it has. */
export async function openShop(
  cloudUrl: string,
  code: string,
  { whole = true }: { readonly whole?: boolean } = {},
): Promise<OpenedShop> {
  const database = await createSharedDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-store-'))
  const enrolled = await enrolNode({ dataDir, cloudUrl, code })
  if (!enrolled.ok) throw new Error(`not enrolled: ${JSON.stringify(enrolled.refusal)}`)
  const drop = () => removeAll(database.url, dataDir)
  return runShop({ cloudUrl, databaseUrl: database.url, dataDir, drop }, { whole })
}

/** A second shop's server, from a copy of everything that the first one had. */
export async function openCopy({ cloudUrl, databaseUrl, dataDir }: Backup): Promise<OpenedShop> {
  return runShop(await copyAll({ cloudUrl, databaseUrl, dataDir }), { whole: true })
}

type Told = { readonly faults: string[]; readonly alarms: { stream: string; why: string }[] }

/** One run of the server: from its start to its end. */
async function startShop({ cloudUrl, databaseUrl, dataDir }: Backup, told: Told, port: number) {
  const db = connect(databaseUrl, { max: 6 })
  await migrate(db, [loginMigrations, storeMigrations])
  const found = await findIdentity(dataDir)
  if (found === undefined) throw new Error('the shop is not enrolled')
  const onFault = (error: unknown) => process.stderr.write(`${String(error)}\n`)
  const now = () => new Date()
  const run = await startRun(db, { dataDir, identity: found, now, onFault })
  const identity = run.identity.current()
  let link: CloudLink | undefined
  const bootstrap = await openBootstrap({
    ...{ db, identity, cloudUrl, now, onStep: () => {} },
    onFault: (code) => told.faults.push(code),
  })
  const store = await createStore({
    ...{ db, identity, dataDir, now, checkReplies: true },
    log: { level: 'error', stream: process.stderr },
    linkStatus: () => link?.status() ?? { linkUp: false, lastContactAt: null },
    bootstrap: bootstrap.progress,
    peer: openPeer({ identity: run.identity.current, cloudUrl, now }),
    onJournalled: () => link?.wake(),
  })
  await store.app.listen({ host: '127.0.0.1', port })
  link = runCloudLink({
    ...{ db, dataDir, store, identity: run.identity, cloudUrl, build: 'test', now, onFault },
    onAlarm: (stream, why) => told.alarms.push({ stream, why }),
  })
  let killed = false
  const loaded = bootstrap.run().then(() => {
    if (killed) return
    void store.recyclers.refresh()
    link?.start()
  })
  const kill = async () => {
    if (killed) return
    killed = true
    bootstrap.stop()
    link?.stop()
    await loaded
    await link?.mended()
    run.drop()
    store.app.server.closeAllConnections()
    await store.stop()
  }
  return { db, run, store, link, bootstrap, loaded, kill }
}

async function runShop(shop: Backup, { whole }: { readonly whole: boolean }): Promise<OpenedShop> {
  const { dataDir, databaseUrl } = shop
  const told: Told = { faults: [], alarms: [] }
  let running = await startShop(shop, told, 0)
  const { port } = running.store.app.server.address() as AddressInfo
  if (whole) await running.loaded
  return {
    ...{ dataDir, ...told },
    get db() {
      return running.db
    },
    url: `http://127.0.0.1:${port}`,
    identity: () => running.run.identity.current(),
    store: () => running.store,
    link: () => running.link,
    bootstrap: () => running.bootstrap,
    ask: (path, token, body) => exchange(`http://127.0.0.1:${port}${path}`, token, body),
    kill: () => running.kill(),
    stop: async () => {
      await running.kill()
      await running.run.end()
      await running.db.end()
    },
    start: async () => {
      await running.db.end()
      running = await startShop(shop, told, port)
    },
    backUp: () => copyAll(shop),
    restore: async (backup, { files }) => {
      await copyDatabase(serverOf(databaseUrl), {
        from: nameOf(backup.databaseUrl),
        name: nameOf(databaseUrl),
      })
      if (files) await cp(backup.dataDir, dataDir, { recursive: true })
    },
    close: async () => {
      await running.kill()
      await running.db.end()
      await shop.drop()
    },
  }
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)
const serverOf = (url: string) => withDatabase(url, 'postgres')

async function copyAll(of: Omit<Backup, 'drop'>): Promise<Backup> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const server = serverOf(of.databaseUrl)
  await copyDatabase(server, { from: nameOf(of.databaseUrl), name })
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-store-'))
  await cp(of.dataDir, dataDir, { recursive: true })
  const databaseUrl = withDatabase(of.databaseUrl, name)
  return { ...of, databaseUrl, dataDir, drop: () => removeAll(databaseUrl, dataDir) }
}

async function removeAll(databaseUrl: string, dataDir: string): Promise<void> {
  await dropDatabase(serverOf(databaseUrl), nameOf(databaseUrl))
  await rm(dataDir, { recursive: true })
}

async function exchange(url: string, token: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

/** A cashier at the store server's API: logged in, with an open session. */
export async function openTill(
  shop: OpenedShop,
  { number, pin, tillId }: { number: string; pin: string; tillId: string },
) {
  const login = await shop.ask('/v1/auth/pin', '', { number, pin })
  const token = String(login.body.accessToken)
  const session = newId()
  const opened = await shop.ask('/v1/till-sessions', token, {
    ...{ id: session, tillId, currency: 'THB', floatMinor: 1_000_00 },
  })
  if (opened.status !== 201) throw new Error(`no session: ${JSON.stringify(opened.body)}`)
  return {
    token,
    session,
    /** Sells one piece for cash; throws where the shop would not. */
    sell: async (productId: string, givenMinor: number): Promise<string> => {
      const id = newId()
      const lines = [{ productId, quantity: 1_000 }]
      const tenders = [{ method: 'cash', givenMinor }]
      const asked = { id, sessionId: session, currency: 'THB', lines, tenders }
      const { status, body } = await shop.ask('/v1/sales', token, asked)
      if (status !== 201) throw new Error(`no sale: ${JSON.stringify(body)}`)
      return id
    },
  }
}
