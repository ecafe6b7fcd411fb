import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, newId } from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { loginMigrations } from '@tillkeeper/http/auth/secret-key.ts'
import { createTestDatabase } from '@tillkeeper/postgres/testing/test-database.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { openBootstrap } from '../../bootstrap/open-bootstrap.ts'
import type { Bootstrap } from '../../bootstrap/run-bootstrap.ts'
import { beginRun, endRun, type Identity } from '../../node/identity.ts'
import { openPeer } from '../../reconcile/http-peer.ts'
import { createStore, type Store } from '../../store.ts'
import { enrolNode } from '../enrol-node.ts'
import { type CloudLink, runCloudLink } from '../run-cloud-link.ts'

/** A shop's server, enrolled with a cloud over real HTTP, on a database of its own. */
export type OpenedShop = {
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
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

/** `whole`: it has loaded its data when this resolves. Left out, it has. */
export async function openShop(
  cloudUrl: string,
  code: string,
  { whole = true }: { readonly whole?: boolean } = {},
): Promise<OpenedShop> {
  const database = await createTestDatabase()
  const db = connect(database.url, { max: 6 })
  await migrate(db, [loginMigrations])
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-store-'))
  const enrolled = await enrolNode({ dataDir, cloudUrl, code })
  if (!enrolled.ok) throw new Error(`not enrolled: ${JSON.stringify(enrolled.refusal)}`)
  const faults: string[] = []
  const alarms: { stream: string; why: string }[] = []
  let port = 0
  const run = async () => {
    const identity = await beginRun(dataDir, await current())
    let link: CloudLink | undefined
    const now = () => new Date()
    const bootstrap = await openBootstrap({
      ...{ db, identity, cloudUrl, now, onStep: () => {} },
      onFault: (code) => faults.push(code),
    })
    const store = await createStore({
      ...{ db, identity, now, checkReplies: true },
      log: { level: 'error', stream: process.stderr },
      linkStatus: () => link?.status() ?? { linkUp: false, lastContactAt: null },
      bootstrap: bootstrap.progress,
      peer: openPeer({ identity, cloudUrl, now }),
      onJournalled: () => link?.wake(),
    })
    await store.app.listen({ host: '127.0.0.1', port })
    port = (store.app.server.address() as AddressInfo).port
    link = runCloudLink({
      ...{ db, identity, cloudUrl, build: 'test', now, pokes: store.pokes },
      onAlarm: (stream, why) => alarms.push({ stream, why }),
      onFault: (error) => process.stderr.write(`${String(error)}\n`),
    })
    let killed = false
    const loaded = bootstrap.run().then(() => {
      if (!killed) link?.start()
    })
    const stop = async () => {
      killed = true
      bootstrap.stop()
      link?.stop()
      await loaded
    }
    return { identity, store, link, stop, bootstrap, loaded }
  }
  let latest = enrolled.value
  const current = async () => latest
  let running = await run()
  latest = running.identity
  if (whole) await running.loaded
  const kill = async () => {
    await running.stop()
    running.store.app.server.closeAllConnections()
    await running.store.stop()
  }
  return {
    ...{ db, dataDir, alarms, faults, kill },
    bootstrap: () => running.bootstrap,
    url: `http://127.0.0.1:${port}`,
    identity: () => running.identity,
    store: () => running.store,
    link: () => running.link,
    ask: (path, token, body) => exchange(`http://127.0.0.1:${port}${path}`, token, body),
    start: async () => {
      running = await run()
      latest = running.identity
    },
    close: async () => {
      await kill()
      await endRun(dataDir, running.identity)
      await db.end()
      await database.drop()
      await rm(dataDir, { recursive: true })
    },
  }
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
