import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { open, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Enrolled } from '@tillkeeper/client/api/chain-shapes.ts'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { Check } from 'typebox/value'
import { type Identity, makeKey, writeIdentity } from '../node/identity.ts'

// The first start of a shop's server: it makes its key, shows a one-time code and its public half to the
// cloud, and is told who it is. The private half never leaves this machine.

export type EnrolRefusal =
  | { readonly code: 'cloud_unreachable' }
  /** The cloud's own code, such as `enrolment_refused`. */
  | { readonly code: 'cloud_refused'; readonly why: string }

const keyFile = 'enrolling-key'
const exchangeMaxMs = 15_000

/**
 * Enrols this server and writes its identity. If it is cut off in the middle, it may be asked again with
 * the same code: the key was written down before the code was shown, and the cloud answers the same key
 * the same.
 */
export async function enrolNode({
  dataDir,
  cloudUrl,
  code,
}: {
  readonly dataDir: string
  readonly cloudUrl: string
  readonly code: string
}): Promise<Outcome<Identity, EnrolRefusal>> {
  const nodeKey = await readOrMakeKey(join(dataDir, keyFile))
  const publicKey = createPublicKey(nodeKey)
    .export({ format: 'der', type: 'spki' })
    .toString('base64')
  const answer = await exchange(`${cloudUrl}/sync/v1/enrol`, { code, publicKey })
  if (answer === undefined) return refused({ code: 'cloud_unreachable' })
  if (!Check(Enrolled, answer)) return refused({ code: 'cloud_refused', why: codeOf(answer) })
  const [major = 1, minor = 0] = answer.epoch.split('.').map(Number)
  const identity: Identity = {
    org: answer.org as OrgId,
    shopId: answer.shopId as ShopId,
    author: answer.author,
    epochMajor: major,
    epochMinor: minor,
    pepper: Buffer.from(answer.pepper, 'base64'),
    nodeKey,
    tokenKey: makeKey(),
    cloudPublicKey: answer.cloudPublicKey,
  }
  await writeIdentity(dataDir, identity)
  await unlink(join(dataDir, keyFile))
  return accepted(identity)
}

async function readOrMakeKey(path: string): Promise<KeyObject> {
  try {
    const text = await readFile(path, 'utf8')
    return createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
  } catch (error) {
    // A key that is there and cannot be read is looked at by a person, not replaced.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const key = makeKey()
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(key.export({ format: 'der', type: 'pkcs8' }).toString('base64'))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  return key
}

async function exchange(url: string, body: object): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(exchangeMaxMs),
    })
    return await response.json()
  } catch {
    return undefined // No line, or no answer of ours: the same as none.
  }
}

function codeOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'code' in answer
    ? String(answer.code)
    : 'unknown'
}
