import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { findDocument } from '@tillkeeper/projections/receipt/documents-sql.ts'
import { readBounds } from '@tillkeeper/projections/verification/bounds-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'

export type ReprintRefusal = { readonly code: 'not_found' }

/** Writes down that a paper was printed again. */
export function reprintReceipt(
  node: StoreNode,
  acting: Acting,
  asked: {
    readonly receiptId: string
    readonly staffId: StaffId
    readonly reason: string | undefined
  },
): Promise<Outcome<Done, ReprintRefusal | ActRefusal>> {
  const { org, shopId } = node
  const { receiptId, staffId, reason } = asked
  return recordAct<ReprintRefusal>(node, acting, async (tx, occurredAt) => {
    const [found, bounds] = await Promise.all([
      findDocument(tx, org, receiptId),
      readBounds(tx, org, [shopId]),
    ])
    if (found === undefined || found.shopId !== shopId) return refused({ code: 'not_found' })
    const { kind, number } = found
    return accepted({
      id: acting.id,
      type: 'receipt.reprinted',
      v: catalogue['receipt.reprinted'].v,
      scope: `shop:${shopId}`,
      actor: acting.actor,
      occurredAt,
      businessDate: businessDateOf(occurredAt, bounds.get(shopId)?.timeZone ?? 'UTC'),
      keys: [`receipt:${receiptId}`],
      refs: [receiptId],
      body: {
        ...{ shopId, staffId, receiptId, kind },
        ...(number !== null && { receiptNumber: number }),
        ...(reason !== undefined && { reason }),
      },
    })
  })
}
