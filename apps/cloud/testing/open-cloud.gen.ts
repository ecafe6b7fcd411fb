import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { defaultRoles } from '@tillkeeper/core/permission/permission.ts'
import { loginMigrations } from '@tillkeeper/http/auth/secret-key.ts'
import { copyDatabase, dropDatabase, withDatabase } from '@tillkeeper/postgres/databases.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import { type Cloud, cloudMigrations, createCloud } from '../cloud.ts'
import { type CloudKeys, openKeys } from '../keys/data-dir.ts'
import { watchRestores } from '../node/declare-restored.ts'

/** A cloud on a database of its own, that listens on a port of the loopback. */
export type OpenedCloud = {
  readonly db: Db
  readonly url: string
  readonly dataDir: string
  readonly keys: CloudKeys
  /** Moves the clock that the server reads, in milliseconds. */
  readonly clock: { aheadMs: number }
  readonly parts: () => Cloud
  readonly ask: (path: string, body: unknown, token?: string) => Promise<Answer>
  readonly read: (path: string, token: string) => Promise<Answer>
  /** Stops answering, as a dead server does: connections are refused. */
  readonly fall: () => Promise<void>
  /** Answers again, on the same port and database. `restored`: its operator says so. */
  readonly rise: (how?: { readonly restored: boolean }) => Promise<void>
  /** Copies the database of a cloud that does not answer; returns how to put it back in its place. */
  readonly backUp: () => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

export const newId = () => uuidv7(Date.now(), randomBytes(10))

export async function openCloud(): Promise<OpenedCloud> {
  const database = await createSharedDatabase()
  let db = connect(database.url, { max: 6 })
  await migrate(db, [loginMigrations, cloudMigrations])
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-cloud-'))
  const keys = await openKeys(dataDir)
  const clock = { aheadMs: 0 }
  const now = () => new Date(Date.now() + clock.aheadMs)
  let endWatch = () => {}
  const start = async (port: number, restored = false) => {
    const log = { level: 'error', stream: process.stderr }
    const onFault = (error: unknown) => process.stderr.write(`${String(error)}\n`)
    endWatch = (await watchRestores(db, { dataDir, restored, now, onFault })).end
    const made = await createCloud({ db, keys, now, checkReplies: true, log })
    await made.app.listen({ host: '127.0.0.1', port })
    return made
  }
  let cloud = await start(0)
  const { port } = cloud.app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  let up = true
  const fall = async () => {
    if (!up) return
    up = false
    for (const socket of cloud.app.websocketServer.clients) socket.terminate()
    cloud.app.server.closeAllConnections()
    endWatch()
    await cloud.stop()
  }
  const copy = async (from: string, name: string) => {
    await db.end()
    await copyDatabase(withDatabase(database.url, 'postgres'), { from, name })
    db = connect(database.url, { max: 6 })
  }
  return {
    ...{ url, dataDir, keys, clock, fall },
    get db() {
      return db
    },
    parts: () => cloud,
    ask: (path, body, token = keys.adminKey) => exchange(`${url}${path}`, token, body),
    read: (path, token) => exchange(`${url}${path}`, token),
    backUp: async () => {
      const name = new URL(database.url).pathname.slice(1)
      const backup = `test_${randomBytes(8).toString('hex')}`
      await copy(name, backup)
      return async () => {
        await copy(backup, name)
        await dropDatabase(withDatabase(database.url, 'postgres'), backup)
      }
    },
    rise: async ({ restored } = { restored: false }) => {
      if (up) return
      cloud = await start(port, restored)
      up = true
      await cloud.projector.wakeAll()
    },
    close: async () => {
      await fall()
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
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

export const pins = { nok: '1111', owner: '9999' } as const
export const passwords = { owner: 'correct horse battery' } as const

/** A chain of two shops with a till each, a cashier in the first, an owner, and three products. */
export type SeededChain = {
  readonly org: string
  readonly shops: readonly [string, string]
  readonly tills: readonly [string, string]
  readonly roles: Readonly<Record<keyof typeof defaultRoles, string>>
  readonly nok: string
  readonly owner: string
  readonly ownerLogin: string
  readonly products: readonly [string, string, string]
}

/** Sets a chain up through the API, as its operator. */
export async function seedChain({ ask }: OpenedCloud): Promise<SeededChain> {
  const chain: SeededChain = {
    org: newId(),
    shops: [newId(), newId()],
    tills: [newId(), newId()],
    roles: { cashier: newId(), manager: newId(), owner: newId() },
    nok: newId(),
    owner: newId(),
    ownerLogin: `owner-${newId()}`,
    products: [newId(), newId(), newId()],
  }
  const orgId = chain.org
  const put = async (path: string, body: unknown) => {
    const { status, body: reply } = await ask(path, body)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(reply)}`)
  }
  await put('/v1/orgs', { id: orgId, name: 'Bakery' })
  for (const [index, id] of chain.shops.entries()) {
    const code = `S${index + 1}`
    const shop = { code, name: `Shop ${code}`, timeZone: 'Asia/Bangkok', currency: 'THB' }
    await put('/v1/shops', { orgId, id, ...shop, active: true })
    const till = { orgId, id: chain.tills[index], shopId: id, number: 1, name: 'Front' }
    await put('/v1/tills', { ...till, active: true })
  }
  for (const name of ['cashier', 'manager', 'owner'] as const) {
    await put('/v1/roles', { orgId, id: chain.roles[name], name, permissions: defaultRoles[name] })
  }
  const person = { orgId, language: 'en', active: true }
  await put('/v1/employees', {
    ...{ ...person, id: chain.nok, name: 'Nok', number: '101', pin: pins.nok },
    ...{ roles: [chain.roles.cashier], shops: [chain.shops[0]] },
  })
  await put('/v1/employees', {
    ...{ ...person, id: chain.owner, name: 'Malee', number: '100', pin: pins.owner },
    ...{ roles: [chain.roles.owner], shops: [] },
    ...{ login: chain.ownerLogin, password: passwords.owner },
  })
  const prices = [
    ['COFFEE', 'Coffee', 65_00, 700],
    ['BREAD', 'Bread', 45_50, 0],
    ['CAKE', 'Cake', 120_00, 700],
  ] as const
  await put(
    '/v1/products',
    prices.map(([code, name, minor, vatBasisPoints], index) => {
      const price = { currency: 'THB', minor }
      const about = { category: 'Food', barcodes: [], active: true }
      return { orgId, id: chain.products[index], code, name, price, vatBasisPoints, ...about }
    }),
  )
  return chain
}

/** Logs the chain's owner in at the cloud. */
export async function logOwnerIn(cloud: OpenedCloud, { ownerLogin }: SeededChain): Promise<string> {
  const asked = { login: ownerLogin, password: passwords.owner }
  const { status, body } = await cloud.ask('/v1/auth/password', asked)
  if (status !== 200) throw new Error(`the owner did not get in: ${status} ${String(body.code)}`)
  return String(body.accessToken)
}
