import { createPublicKey, verify } from 'node:crypto'
import { type AskNodeToken, nodeProof } from '@tillkeeper/client/api/chain-shapes.ts'
import { isUuid, type OrgId, type ShopId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { type AccessTokens, accessSeconds } from '@tillkeeper/http/auth/access-token.ts'
import type { Actor } from '@tillkeeper/http/auth/actor.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { JWTPayload } from 'jose'
import { findNode, useNonce } from './enrolment-sql.ts'

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
  const node = await findNode(db, { ...asked, org, shopId: asked.shopId as ShopId })
  if (node === undefined) return refused({ code: 'node_not_known' })
  const key = createPublicKey({
    key: Buffer.from(node.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  })
  const proof = Buffer.from(nodeProof(asked))
  if (!verify(null, proof, key, Buffer.from(signature, 'base64'))) {
    return refused({ code: 'node_not_known' })
  }
  const at = now()
  if (Math.abs(Date.parse(asked.time) - at.getTime()) > clockToleranceMs) {
    return refused({ code: 'clock_differs', now: at.toISOString() })
  }
  const keepMs = 2 * clockToleranceMs
  if (!(await useNonce(db, { org, nonce: asked.nonce, now: at, keepMs }))) {
    return refused({ code: 'node_not_known' })
  }
  const { shopId, major } = node
  const token = await tokens.sign('node+jwt', { sub: shopId, org, major }, at)
  return accepted({ token, expiresIn: accessSeconds })
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
