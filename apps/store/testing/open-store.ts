import { randomBytes } from 'node:crypto'
import type { OrgId, ProductId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { defaultRoles, type Permission } from '@tillkeeper/core/permission/permission.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { createHasher } from '@tillkeeper/http/auth/hashing.ts'
import { hashSecretKey, loginMigrations, makeSecretKey } from '@tillkeeper/http/auth/secret-key.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { feedAuthor, recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import { type Identity, makeKey } from '../node/identity.ts'
import {
  createStore,
  type Store,
  storeMigrations,
  writerConnections,
  writerSettings,
} from '../store.ts'

/** A shop with two tills, four people and five products, on a database of its own. */
export type OpenedStore = Store & {
  readonly db: Db
  readonly databaseUrl: string
  readonly identity: Identity
  readonly shop: ShopId
  readonly tills: readonly [TillId, TillId, TillId]
  /** A cashier, a manager, an owner, and a cashier of another shop. */
  readonly people: Readonly<Record<'nok' | 'ploy' | 'owner' | 'stranger', StaffId>>
  readonly products: Readonly<Record<keyof typeof catalogue, ProductId>>
  /** A key that may do all that a manager may, and `sale.price`. */
  readonly key: string
  readonly weakKey: string
  /** Moves the clock that the server reads. */
  readonly clock: { now: Date }
  /** Records register edits as the cloud would. */
  readonly edit: (edits: readonly Edit[]) => Promise<void>
  readonly close: () => Promise<void>
}

export type Edit = {
  readonly kind:
    | 'shop'
    | 'till'
    | 'role'
    | 'employee'
    | 'product'
    | 'credential'
    | 'apikey'
    | 'org'
    | 'recycler'
  readonly id: string
  readonly fields: object
}

export const pins = { nok: '1111', ploy: '2222', owner: '9999', stranger: '3333' } as const
export const numbers = { nok: '101', ploy: '102', owner: '100', stranger: '201' } as const
export const ownerPassword = 'correct horse battery'
export const catalogue = {
  coffee: { code: 'COFFEE', minor: 45_00, vat: 700, active: true },
  bread: { code: 'BREAD', minor: 90_00, vat: 0, active: true },
  cake: { code: 'CAKE', minor: 120_50, vat: 700, active: true },
  mint: { code: 'MINT', minor: 0, vat: 700, active: true },
  old: { code: 'OLD', minor: 10_00, vat: 700, active: false },
} as const

export const noon = new Date('2026-11-20T05:00:00.000Z') // Noon in Bangkok.

export const newId = <T extends string>() => uuidv7(noon.getTime(), randomBytes(10)) as T

export async function openStore({ checkReplies = true } = {}): Promise<OpenedStore> {
  const database = await createSharedDatabase()
  const db = connect(database.url, { max: 6 })
  await migrate(db, [loginMigrations, storeMigrations])
  const clock = { now: noon }
  const identity: Identity = {
    org: newId<OrgId>(),
    shopId: newId<ShopId>(),
    author: '',
    epochMajor: 1,
    epochMinor: 0,
    pepper: randomBytes(32),
    nodeKey: makeKey(),
    tokenKey: makeKey(),
    cloudPublicKey: '',
  }
  const named = { ...identity, author: `s-${identity.shopId}` }
  const edit = (edits: readonly Edit[]) => recordEdits(db, named.org, edits)
  const seeded = await seed(named, edit)
  const writeDb = connect(database.url, { max: writerConnections, settings: writerSettings })
  const store = await createStore({
    db,
    writeDb,
    identity: named,
    now: () => clock.now,
    checkReplies,
    log: { level: 'error', stream: process.stderr },
    linkStatus: () => ({ linkUp: false, lastContactAt: null }),
    onJournalled: () => undefined,
  })
  await store.app.ready()
  const close = async () => {
    await store.stop()
    await Promise.all([db.end(), writeDb.end()])
    await database.drop()
  }
  const { url: databaseUrl } = database
  return {
    ...store,
    db,
    databaseUrl,
    identity: named,
    shop: named.shopId,
    ...seeded,
    clock,
    edit,
    close,
  }
}

async function recordEdits(db: Db, org: OrgId, edits: readonly Edit[]): Promise<void> {
  const drafts = edits.map(
    ({ kind, id, fields }): FactDraft => ({
      id: newId(),
      type: `${kind}.changed`,
      v: 1,
      scope: 'org',
      actor: 'node:cloud',
      occurredAt: noon.toISOString(),
      businessDate: '2026-11-20',
      keys: [`${kind}:${id}`],
      refs: [],
      body: { entityId: id, fields },
    }),
  )
  const when = { nowMs: noon.getTime(), recordedAt: noon.toISOString() }
  await db.begin((tx) => recordFacts(tx, feedAuthor(org, 'org'), drafts, when))
}

const keyPermissions: readonly Permission[] = [...defaultRoles.manager, 'sale.price']

async function seed(
  { org, shopId, pepper }: Identity,
  edit: (edits: readonly Edit[]) => Promise<void>,
) {
  const otherShop = newId<ShopId>()
  const tills = [newId<TillId>(), newId<TillId>(), newId<TillId>()] as const
  const roles = { cashier: newId(), manager: newId(), owner: newId() }
  const people = {
    nok: newId<StaffId>(),
    ploy: newId<StaffId>(),
    owner: newId<StaffId>(),
    stranger: newId<StaffId>(),
  }
  const roleOf = { nok: 'cashier', ploy: 'manager', owner: 'owner', stranger: 'cashier' } as const
  const names = Object.keys(people) as (keyof typeof people)[]
  const hasher = createHasher(pepper)
  const hashes = await Promise.all(names.map((name) => hasher.hash(pins[name])))
  const passwordHash = await hasher.hash(ownerPassword)
  const products = Object.fromEntries(
    Object.keys(catalogue).map((name) => [name, newId<ProductId>()]),
  ) as Record<keyof typeof catalogue, ProductId>
  const [key, weakKey] = [makeSecretKey('live', newId()), makeSecretKey('live', newId())]
  const shopFields = { timeZone: 'Asia/Bangkok', currency: 'THB', active: true }
  await edit([
    { kind: 'org', id: org, fields: { name: 'Bakery' } },
    { kind: 'shop', id: shopId, fields: { code: 'S1', name: 'Sathorn', ...shopFields } },
    { kind: 'shop', id: otherShop, fields: { code: 'S2', name: 'Ari', ...shopFields } },
    ...tills.map((id, index): Edit => {
      const of = index === 2 ? otherShop : shopId
      return {
        kind: 'till',
        id,
        fields: { shopId: of, number: index + 1, name: 't', active: true },
      }
    }),
    ...(['cashier', 'manager', 'owner'] as const).map((name): Edit => {
      return { kind: 'role', id: roles[name], fields: { name, permissions: defaultRoles[name] } }
    }),
    ...names.flatMap((name, index): Edit[] => [
      {
        kind: 'employee',
        id: people[name],
        fields: {
          name: name[0]?.toUpperCase() + name.slice(1),
          number: numbers[name],
          roles: [roles[roleOf[name]]],
          shops: [name === 'stranger' ? otherShop : shopId],
          active: true,
        },
      },
      { kind: 'credential', id: people[name], fields: { pinHash: hashes[index] } },
    ]),
    {
      kind: 'credential',
      id: people.owner,
      fields: { login: 'owner', passwordHash },
    },
    ...Object.entries(catalogue).map(([name, { code, minor, vat, active }]): Edit => {
      const price = { currency: 'THB', minor }
      const fields = { code, name, category: 'Food', price, vatBasisPoints: vat, active }
      return { kind: 'product', id: products[name as keyof typeof catalogue], fields }
    }),
    keyEdit(key, keyPermissions, shopId),
    keyEdit(weakKey, ['product.read'], shopId),
  ])
  return { tills, people, products, key, weakKey }
}

function keyEdit(key: string, permissions: readonly Permission[], shop: ShopId): Edit {
  const fields = { name: 'pos', secretHash: hashSecretKey(key), permissions, shops: [shop] }
  return { kind: 'apikey', id: newId(), fields: { ...fields, active: true } }
}
