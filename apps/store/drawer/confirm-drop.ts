import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  type ConfirmDrop,
  type ConfirmDropRefusal,
  decideConfirmDrop,
} from '@tillkeeper/core/drawer/confirm-drop.ts'
import { listDrops } from '@tillkeeper/projections/drawer/drawer-sql.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readShopTerms } from '../till/session-sql.ts'

/** Signs for a drop that lies in the safe, as it was counted there. */
export function confirmDrop(
  node: StoreNode,
  acting: Acting,
  { movementId, ...command }: ConfirmDrop & { readonly movementId: string },
): Promise<Outcome<Done, ConfirmDropRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<ConfirmDropRefusal>(node, acting, async (tx, occurredAt) => {
    const [[found], { timeZone }] = await Promise.all([
      listDrops(tx, org, { shops: new Set([shopId]), id: movementId, limit: 1 }),
      readShopTerms(tx, org, shopId),
    ])
    const drop = found && { ...found, confirmed: found.confirmation !== null }
    const confirmed = decideConfirmDrop({ at: { shopId }, drop }, command)
    if (!confirmed.ok) return confirmed
    const { sessionId } = confirmed.value
    return accepted(
      draftAct({
        ...{ type: 'cash.confirmed', id: acting.id, shopId, sessionId, actor: acting.actor },
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        refs: [movementId],
        body: confirmed.value,
      }),
    )
  })
}
