import { randomBytes } from 'node:crypto'
import { type StaffId, type TillId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { hashSecretKey, makeSecretKey } from '@tillkeeper/http/auth/secret-key.ts'
import { insertDevice } from '@tillkeeper/http/auth/system-sql.ts'
import { tillAuthor } from '@tillkeeper/http/sync/child.ts'
import {
  findShop,
  findTills,
  type Shop,
  type Till,
} from '@tillkeeper/projections/registers/shop-sql.ts'
import type { StoreNode } from '../act/record-act.ts'

export type EnrolTillRefusal =
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'till_not_active' }

/** What a device is told when it becomes a till. The token is told once. */
export type TillEnrolled = {
  readonly token: string
  /** What it seals under, and the epoch that is its alone. */
  readonly author: string
  readonly epoch: string
  readonly till: Till
  readonly shop: Shop
}

/** Makes a device a till of this shop: it gets a token to sync with, and an epoch that nobody had. */
export async function enrolTill(
  { db, org, shopId, now }: Pick<StoreNode, 'db' | 'org' | 'shopId' | 'now'>,
  { tillId, enrolledBy }: { readonly tillId: TillId; readonly enrolledBy: StaffId },
): Promise<Outcome<TillEnrolled, EnrolTillRefusal>> {
  const [tills, shop] = await Promise.all([findTills(db, org, [tillId]), findShop(db, org, shopId)])
  const till = tills.get(tillId)
  if (till === undefined || shop === undefined) return refused({ code: 'till_not_found' })
  if (till.shopId !== shopId) return refused({ code: 'till_of_other_shop' })
  if (!till.active) return refused({ code: 'till_not_active' })

  const at = now()
  const id = uuidv7(at.getTime(), randomBytes(10))
  const token = makeSecretKey('till', id)
  const device = { id, tillId, shopId, tokenHash: hashSecretKey(token), enrolledBy, now: at }
  const major = await insertDevice(db, org, device)
  return accepted({ token, author: tillAuthor(tillId), epoch: `${major}.0`, till, shop })
}
