import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import { type StaffId, type TillId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { hashSecretKey, makeSecretKey } from '@tillkeeper/http/auth/secret-key.ts'
import { tillAuthor } from '@tillkeeper/http/sync/child.ts'
import {
  findShop,
  findTills,
  type Shop,
  type Till,
} from '@tillkeeper/projections/registers/shop-sql.ts'
import { findMajor } from '@tillkeeper/projections/till/till-device-sql.ts'
import { type ActRefusal, recordAct, type StoreNode } from '../act/record-act.ts'

export type EnrolTillRefusal =
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'till_not_active' }
  | { readonly code: 'public_key_invalid' }

/** What a device is told when it becomes a till. The token is told once. */
export type TillEnrolled = {
  readonly token: string
  /** What it seals under, and the epoch that is its alone. */
  readonly author: string
  readonly epoch: string
  readonly till: Till
  readonly shop: Shop
}

export type EnrolTill = {
  readonly tillId: TillId
  readonly enrolledBy: StaffId
  /** What the device will sign its heads with: Ed25519, SPKI in DER, base64. */
  readonly publicKey?: string | undefined
}

/**
 * Makes a device a till of this shop: it gets a token to sync with, and a major epoch one above any
 * before, so that a browser that lost its data never continues the stream of the one it was. An older
 * device's token stays good, because it may still hold sales.
 */
export async function enrolTill(
  node: StoreNode,
  { tillId, enrolledBy, publicKey }: EnrolTill,
): Promise<Outcome<TillEnrolled, EnrolTillRefusal | ActRefusal>> {
  const { db, org, shopId } = node
  if (publicKey !== undefined && !isEd25519(publicKey)) {
    return refused({ code: 'public_key_invalid' })
  }
  const [tills, shop] = await Promise.all([findTills(db, org, [tillId]), findShop(db, org, shopId)])
  const till = tills.get(tillId)
  if (till === undefined || shop === undefined) return refused({ code: 'till_not_found' })
  if (till.shopId !== shopId) return refused({ code: 'till_of_other_shop' })
  if (!till.active) return refused({ code: 'till_not_active' })

  const id = uuidv7(node.now().getTime(), randomBytes(10))
  const token = makeSecretKey('till', id)
  // Nobody chooses the id of an enrolment: each asking is another device.
  const fingerprint = createHash('sha256').update(id).digest()
  const acting = { id, fingerprint, by: 'id', actor: `staff:${enrolledBy}` } as const
  let major = 0
  const outcome = await recordAct<never>(node, acting, async (tx, occurredAt) => {
    // The stream of this node is held, so two that ask at once get two epochs.
    major = (await findMajor(tx, org, tillId)) + 1
    return accepted({
      id,
      type: 'till.enrolled',
      v: catalogue['till.enrolled'].v,
      scope: `shop:${shopId}`,
      actor: acting.actor,
      occurredAt,
      businessDate: businessDateOf(occurredAt, shop.timeZone),
      keys: [`till:${tillId}`],
      refs: [],
      body: {
        shopId,
        tillId,
        major,
        tokenHash: hashSecretKey(token),
        ...(publicKey === undefined ? {} : { publicKey }),
        staffId: enrolledBy,
      },
    })
  })
  if (!outcome.ok) return outcome
  return accepted({ token, author: tillAuthor(tillId), epoch: `${major}.0`, till, shop })
}

function isEd25519(publicKey: string): boolean {
  try {
    const der = Buffer.from(publicKey, 'base64')
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519'
  } catch {
    return false // Bytes that are no key.
  }
}
