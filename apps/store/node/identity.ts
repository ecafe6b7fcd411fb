import { createPrivateKey, generateKeyPairSync, type KeyObject, randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { readJsonFile, writeJsonFile } from '@tillkeeper/http/files/durable-file.ts'

/** Who this server is: what it was told when it was enrolled, and the keys that it made itself. */
export type Identity = {
  readonly org: OrgId
  readonly shopId: ShopId
  /** The name that it seals under: `s-<shop id>`. */
  readonly author: string
  /** Granted by the cloud. */
  readonly epochMajor: number
  /** Raised after each start that did not follow a clean stop, so that a copy continues no old stream. */
  readonly epochMinor: number
  /** Hashes of PINs and passwords need it; it is the organisation's. */
  readonly pepper: Buffer
  /** Proves this server to the cloud. */
  readonly nodeKey: KeyObject
  /** Signs the access tokens of people who log in here. */
  readonly tokenKey: KeyObject
  /** What the cloud signs with, as it was told at the enrolment (base64 of SPKI). */
  readonly cloudPublicKey: string
  /** The request for another major epoch that was made, and not answered yet. */
  readonly renewing?: string
}

/** `node.json`, as it lies on the disk. */
type IdentityFile = {
  readonly org: string
  readonly shopId: string
  readonly author: string
  readonly epochMajor: number
  readonly epochMinor: number
  readonly pepper: string
  readonly nodeKey: string
  readonly tokenKey: string
  readonly cloudPublicKey: string
  readonly renewing?: string
  /** Set while the server runs: found set at a start, the stop before was not a clean one. */
  readonly running: boolean
}

const fileName = 'node.json'

/** A new Ed25519 key. */
export function makeKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey
}

/** `major.minor`, as it stands in the name of the stream. */
export function epochOf({ epochMajor, epochMinor }: Identity): string {
  return `${epochMajor}.${epochMinor}`
}

/** Reads who this server is; `undefined` if it was never enrolled. */
export async function findIdentity(dataDir: string): Promise<Identity | undefined> {
  const file = await readIdentityFile(dataDir)
  return file === undefined ? undefined : toIdentity(file)
}

/** Writes who this server is, at its enrolment. Only its own user may read it. */
export async function writeIdentity(dataDir: string, identity: Identity): Promise<void> {
  await writeIdentityFile(dataDir, { ...toFile(identity), running: false })
}

/** Minor epochs that are made by chance: nine digits, with room for the starts after it. */
export const provisionalMinors = { from: 100_000_000, to: 900_000_000 } as const

/**
 * Marks the server as running, on the disk, before it seals anything. After a stop that was not clean it
 * goes on in a new minor epoch: what lies in the database may be older than what others have heard. Where
 * the body under it is in doubt, the minor is made by chance: two copies never share it.
 */
export async function beginRun(
  dataDir: string,
  identity: Identity,
  { suspect = false }: { readonly suspect?: boolean } = {},
): Promise<Identity> {
  const file = await readIdentityFile(dataDir)
  const epochMinor = suspect
    ? randomInt(provisionalMinors.from, provisionalMinors.to)
    : identity.epochMinor + (file?.running === true ? 1 : 0)
  const begun = { ...identity, epochMinor }
  await writeIdentityFile(dataDir, { ...toFile(begun), running: true })
  return begun
}

/** Notes who this server is from now on, while it runs: before it seals in another epoch. */
export async function changeIdentity(dataDir: string, identity: Identity): Promise<void> {
  await writeIdentityFile(dataDir, { ...toFile(identity), running: true })
}

/** Notes a clean stop: everything is in the database, and nothing more will be sealed. */
export async function endRun(dataDir: string, identity: Identity): Promise<void> {
  await writeIdentityFile(dataDir, { ...toFile(identity), running: false })
}

function readIdentityFile(dataDir: string): Promise<IdentityFile | undefined> {
  return readJsonFile<IdentityFile>(join(dataDir, fileName))
}

// On the disk before anything is sealed under it.
async function writeIdentityFile(dataDir: string, file: IdentityFile): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeJsonFile(join(dataDir, fileName), file)
}

function toIdentity({ running: _, ...file }: IdentityFile): Identity {
  return {
    ...file,
    org: file.org as OrgId,
    shopId: file.shopId as ShopId,
    pepper: Buffer.from(file.pepper, 'base64'),
    nodeKey: readKey(file.nodeKey),
    tokenKey: readKey(file.tokenKey),
  }
}

function toFile(identity: Identity): Omit<IdentityFile, 'running'> {
  return {
    ...identity,
    pepper: identity.pepper.toString('base64'),
    nodeKey: writeKey(identity.nodeKey),
    tokenKey: writeKey(identity.tokenKey),
  }
}

function readKey(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
}

function writeKey(key: KeyObject): string {
  return key.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}
