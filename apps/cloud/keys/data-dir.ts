import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { makeSecretKey, secretKindOf } from '@tillkeeper/http/auth/secret-key.ts'

// The cloud's secrets: files that only its user may read, beside the database and not in it. A dump of
// the database alone lets nobody in, and holds no PIN that could be guessed.

/** 256 bits, as argon2's secret. */
const pepperBytes = 32

export type CloudKeys = {
  /** The operator's key: who has it manages every organisation. */
  readonly adminKey: string
  /** Signs access tokens, of people and of store servers. */
  readonly tokenKey: KeyObject
  /** SPKI in DER, base64: what store servers are told. */
  readonly publicKey: string
  /** What refresh tokens are made with. */
  readonly refreshSecret: Uint8Array
  readonly peppers: Peppers
}

export type Peppers = {
  /** An organisation's pepper. One that is missing throws: another would void every PIN unseen. */
  readonly of: (org: OrgId) => Promise<Uint8Array>
  /** Makes an organisation's pepper, unless it has one. */
  readonly make: (org: OrgId) => Promise<void>
}

/** Reads the cloud's secrets; those that are not there yet are made. */
export async function openKeys(dataDir: string, adminKey?: string): Promise<CloudKeys> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const read = (name: string, make: () => string) => readOrMake(join(dataDir, name), make)
  const tokenKey = createPrivateKey({
    key: Buffer.from(await read('token-key', makeTokenKey), 'base64'),
    format: 'der',
    type: 'pkcs8',
  })
  const key = adminKey ?? (await read('admin-key', () => makeSecretKey('admin', randomUUID())))
  if (secretKindOf(key) !== 'admin')
    throw new Error('ADMIN_KEY is not a key of the form tk_admin_…')
  return {
    adminKey: key,
    tokenKey,
    publicKey: createPublicKey(tokenKey).export({ format: 'der', type: 'spki' }).toString('base64'),
    refreshSecret: Buffer.from(await read('refresh-secret', () => random(32)), 'base64'),
    peppers: peppersIn(join(dataDir, 'peppers')),
  }
}

function peppersIn(folder: string): Peppers {
  const known = new Map<OrgId, Promise<Uint8Array>>()
  const load = async (org: OrgId): Promise<Uint8Array> =>
    Buffer.from(await readFile(join(folder, org), 'utf8'), 'base64')
  return {
    of: (org) => {
      const pepper = known.get(org) ?? load(org)
      known.set(org, pepper)
      // A file that could not be read now may be there later.
      pepper.catch(() => known.delete(org))
      return pepper
    },
    make: async (org) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await readOrMake(join(folder, org), () => random(pepperBytes))
    },
  }
}

const random = (bytes: number) => randomBytes(bytes).toString('base64')
const makeTokenKey = () =>
  generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64')

async function readOrMake(path: string, make: () => string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    // A file that is there and cannot be read must not be taken for one that was never made.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const fresh = `${path}.${randomUUID()}`
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(`${make()}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    // A link never replaces: of two who make it at once, both go on with the same.
    await link(fresh, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  await unlink(fresh)
  // What is sealed or hashed with it next must not outlive it.
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
  return (await readFile(path, 'utf8')).trim()
}
