import { createPublicKey, randomInt } from 'node:crypto'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { storeAuthor } from '@tillkeeper/http/sync/child.ts'
import { type Db, transact } from '@tillkeeper/projections/db.ts'
import type { Changing } from '../chain/change-chain.ts'
import type { Peppers } from '../keys/data-dir.ts'
import { areShops } from '../shop/shop-sql.ts'
import { findNodeByKey, insertCode, insertNode, lockCode, markCodeUsed } from './enrolment-sql.ts'

// How a store server becomes known: somebody who may asks for a code, and who first shows it, with a key
// of its own making, is that shop's server from then on.

/** Long enough to walk to the shop's machine and type it. */
export const codeLifeMs = 600_000
/** No letter or digit that looks like another; 12 of them are 60 bits. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const codeLength = 12
const groupLength = 4

type Deps = { readonly db: Db; readonly now: () => Date }

/** Makes a code that enrols one store server of the shop, once. */
export async function makeEnrolmentCode(
  { db, now }: Deps,
  { org, actor }: Changing,
  shopId: ShopId,
): Promise<
  Outcome<
    { readonly code: string; readonly expiresAt: string },
    { readonly code: 'shop_not_found' }
  >
> {
  if (!(await areShops(db, org, [shopId]))) return refused({ code: 'shop_not_found' })
  const letters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)])
  const expiresAt = new Date(now().getTime() + codeLifeMs)
  await insertCode(db, org, { code: letters.join(''), shopId, madeBy: actor, expiresAt })
  return accepted({ code: group(letters.join('')), expiresAt: expiresAt.toISOString() })
}

/** As a person reads it out: `K7QM-2XWD-9HRT`. */
function group(code: string): string {
  const groups: string[] = []
  for (let at = 0; at < code.length; at += groupLength) {
    groups.push(code.slice(at, at + groupLength))
  }
  return groups.join('-')
}

export type EnrolNode = {
  readonly code: string
  /** Ed25519, SPKI in DER, base64. */
  readonly publicKey: string
}

/** What a store server is told when it is enrolled. */
export type NodeEnrolled = {
  readonly org: OrgId
  readonly shopId: ShopId
  readonly author: string
  readonly epoch: string
  readonly pepper: string
  readonly cloudPublicKey: string
}

/**
 * Takes a code and a key. The same key with the same code is answered again while the code lives, since
 * the first answer may have been lost on the way; another key is refused.
 */
export async function enrolNode(
  { db, now, peppers, publicKey }: Deps & { readonly peppers: Peppers; readonly publicKey: string },
  asked: EnrolNode,
): Promise<Outcome<NodeEnrolled, { readonly code: 'enrolment_refused' }>> {
  const code = asked.code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
  if (!isEd25519(asked.publicKey)) return refused({ code: 'enrolment_refused' })
  const outcome = await transact(db, async (tx) => {
    const held = await lockCode(tx, { code, now: now() })
    if (held === undefined) return refused({ code: 'enrolment_refused' })
    const { org, shopId } = held
    const key = { org, shopId, publicKey: asked.publicKey }
    if (held.usedKey !== null) {
      const before = held.usedKey === asked.publicKey ? await findNodeByKey(tx, key) : undefined
      return before === undefined ? refused({ code: 'enrolment_refused' }) : accepted(before)
    }
    const major = await insertNode(tx, key, now())
    await markCodeUsed(tx, code, asked.publicKey)
    return accepted({ ...key, major })
  })
  if (!outcome.ok) return outcome
  const { org, shopId, major } = outcome.value
  return accepted({
    org,
    shopId,
    author: storeAuthor(shopId),
    epoch: `${major}.0`,
    pepper: Buffer.from(await peppers.of(org)).toString('base64'),
    cloudPublicKey: publicKey,
  })
}

function isEd25519(publicKey: string): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.from(publicKey, 'base64'),
      format: 'der',
      type: 'spki',
    })
    return key.asymmetricKeyType === 'ed25519'
  } catch {
    return false // Bytes that are no key.
  }
}
