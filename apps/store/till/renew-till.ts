import { createHash } from 'node:crypto'
import { isUuid, type StaffId, type TillId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { Child } from '@tillkeeper/http/sync/child.ts'
import { renewalsMax } from '@tillkeeper/http/sync/identity-sql.ts'
import type { RenewRefusal } from '@tillkeeper/http/sync/sync-parent.ts'
import {
  countTillDevices,
  findEnrolment,
  findMajor,
  findMajorOf,
} from '@tillkeeper/projections/till/till-device-sql.ts'
import type { Renewed, RenewRequest } from '@tillkeeper/sync/message/messages.ts'
import { recordAct, type StoreNode } from '../act/record-act.ts'

const dayMs = 86_400_000
const retryAfterSeconds = 300

/**
 * Grants a till's device a major epoch that nobody had, as a fact of this server: a server that takes
 * its place never grants it again. The request is the fact's id, so it is granted once.
 */
export async function renewTill(
  node: StoreNode,
  { author, id }: Child,
  { epoch, request }: RenewRequest,
): Promise<Outcome<Renewed, RenewRefusal>> {
  const { db, org, shopId } = node
  const tillId = id as TillId
  const device = await findEnrolment(db, org, { tillId, major: Number.parseInt(epoch, 10) })
  if (device === undefined || !isUuid(request)) return refused({ code: 'stream_not_yours' })
  const fingerprint = createHash('sha256').update(`${author}/${request}`).digest()
  const acting = { id: request, fingerprint, by: 'id', actor: `node:${author}` } as const
  const outcome = await recordAct<RenewRefusal>(node, acting, async (tx, occurredAt) => {
    const since = new Date(Date.parse(occurredAt) - dayMs).toISOString()
    if ((await countTillDevices(tx, org, { tillId, since })) >= renewalsMax) {
      return refused({ code: 'too_many_requests', retryAfterSeconds })
    }
    const major = (await findMajor(tx, org, tillId)) + 1
    return accepted({
      id: request,
      type: 'till.enrolled',
      v: catalogue['till.enrolled'].v,
      scope: `shop:${shopId}`,
      actor: acting.actor,
      occurredAt,
      // The device's own day of business is not touched: this is about machines.
      businessDate: occurredAt.slice(0, 10),
      keys: [`till:${tillId}`],
      refs: [],
      body: {
        ...{ shopId, tillId, major, tokenHash: device.tokenHash },
        ...(device.publicKey === null ? {} : { publicKey: device.publicKey }),
        staffId: device.enrolledBy as StaffId,
      },
    })
  })
  if (!outcome.ok) {
    const { refusal } = outcome
    // An id that is another act's, or a clock: nothing of this child's is granted by it.
    return refusal.code === 'too_many_requests'
      ? refused(refusal)
      : refused({ code: 'stream_not_yours' })
  }
  const major = await findMajorOf(db, org, request)
  return major === undefined
    ? refused({ code: 'stream_not_yours' })
    : accepted({ epoch: `${major}.0` })
}
