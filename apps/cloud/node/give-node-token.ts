import { createPublicKey, verify } from 'node:crypto'
import { type AskNodeToken, nodeProof } from '@tillkeeper/client/api/chain-shapes.ts'
import { isUuid, type OrgId, type ShopId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { type AccessTokens, accessSeconds } from '@tillkeeper/http/auth/access-token.ts'
import type { Actor } from '@tillkeeper/http/auth/actor.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { JWTPayload } from 'jose'
import { adoptNode, findNode, listNodeKeys, useNonce } from './enrolment-sql.ts'

/**
 * How far a node's clock may be off when it signs. A shop whose clock is wrong must sync all the same: it
 * is told the time, and signs that.
 */
export const clockToleranceMs = 300_000

export type GiveTokenRefusal =
  | { readonly code: 'node_not_known' }
  | { readonly code: 'clock_differs'; readonly now: string }

type Deps = {
  readonly db: Db
  readonly now: () => Date
  readonly tokens: AccessTokens
}

/** Gives a store server that proves its key a token for ten minutes. */
export async function giveNodeToken(
  { db, now, tokens }: Deps,
  { signature, ...asked }: AskNodeToken,
): Promise<Outcome<{ readonly token: string; readonly expiresIn: number }, GiveTokenRefusal>> {
  const org = asked.org as OrgId
  const claimed = { ...asked, org, shopId: asked.shopId as ShopId }
  const found = await findNode(db, claimed)
  const keys = found === undefined ? await listNodeKeys(db, claimed) : [found.publicKey]
  const proof = Buffer.from(nodeProof(asked))
  const by = keys.find((key) => isSigned(proof, signature, key))
  if (by === undefined) return refused({ code: 'node_not_known' })
  const at = now()
  if (Math.abs(Date.parse(asked.time) - at.getTime()) > clockToleranceMs) {
    return refused({ code: 'clock_differs', now: at.toISOString() })
  }
  const keepMs = 2 * clockToleranceMs
  if (!(await useNonce(db, { org, nonce: asked.nonce, now: at, keepMs }))) {
    return refused({ code: 'node_not_known' })
  }
  const node = found ?? (await adoptNode(db, { ...claimed, publicKey: by }, at))
  if (node === undefined) return refused({ code: 'node_not_known' })
  const { shopId, major } = node
  const token = await tokens.sign('node+jwt', { sub: shopId, org, major }, at)
  return accepted({ token, expiresIn: accessSeconds })
}

function isSigned(proof: Buffer, signature: string, publicKey: string): boolean {
  const der = Buffer.from(publicKey, 'base64')
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return verify(null, proof, key, Buffer.from(signature, 'base64'))
}

/** Recognises a store server by the claims of its token, as long as its enrolment stands. */
export function createFindNode(db: Db): (claims: JWTPayload) => Promise<Actor | undefined> {
  return async ({ sub, org, major }) => {
    if (typeof sub !== 'string' || typeof org !== 'string' || typeof major !== 'number') {
      return undefined
    }
    if (!isUuid(sub) || !isUuid(org)) return undefined
    const found = await findNode(db, { org: org as OrgId, shopId: sub as ShopId, major })
    if (found === undefined) return undefined
    return {
      kind: 'node',
      id: found.shopId,
      org: found.org,
      permissions: new Set(['child']),
      shops: new Set([found.shopId]),
    }
  }
}
