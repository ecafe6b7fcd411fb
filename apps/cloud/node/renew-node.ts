import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Child } from '@tillkeeper/http/sync/child.ts'
import { findRenewals, insertRenewal, renewalsMax } from '@tillkeeper/http/sync/identity-sql.ts'
import type { RenewRefusal } from '@tillkeeper/http/sync/sync-parent.ts'
import { type Db, transact } from '@tillkeeper/projections/db.ts'
import type { Renewed, RenewRequest } from '@tillkeeper/sync/message/messages.ts'
import { findNode, insertNode, lockShopNodes } from './enrolment-sql.ts'

const dayMs = 86_400_000
const retryAfterSeconds = 300

/**
 * Grants a shop's server a major epoch that nobody had: it was copied or restored, or its history
 * forked. The key stays its own, and the older enrolment good: another copy may still hold sales.
 */
export async function renewNode(
  { db, now }: { readonly db: Db; readonly now: () => Date },
  { org, author, shopId }: Child,
  { epoch, request }: RenewRequest,
): Promise<Outcome<Renewed, RenewRefusal>> {
  const at = now()
  return transact<Renewed, RenewRefusal>(db, async (tx) => {
    await lockShopNodes(tx, { org, shopId })
    const since = new Date(at.getTime() - dayMs).toISOString()
    const before = await findRenewals(tx, org, { author, request, since })
    if (before.major !== null) return accepted({ epoch: `${before.major}.0` })
    const node = await findNode(tx, { org, shopId, major: Number.parseInt(epoch, 10) })
    if (node === undefined) return refused({ code: 'stream_not_yours' })
    if (before.granted >= renewalsMax) {
      return refused({ code: 'too_many_requests', retryAfterSeconds })
    }
    const major = await insertNode(tx, node, at)
    assert(major > node.major, 'a major epoch is granted once')
    await insertRenewal(tx, org, { author, request, major, at: at.toISOString() })
    return accepted({ epoch: `${major}.0` })
  })
}
