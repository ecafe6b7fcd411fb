import type { StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { decideOpenDrawer, type OpenDrawerRefusal } from '@tillkeeper/core/drawer/open-drawer.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { type ApprovalUseRefusal, type ByRight, readAuthority } from '../approval/read-authority.ts'
import { readShopTerms, readTill } from '../till/session-sql.ts'

type Refusal = OpenDrawerRefusal | ApprovalUseRefusal | ActRefusal

/** Opens a drawer with nothing sold, and says why. */
export function openDrawer(
  node: StoreNode,
  acting: Acting,
  {
    tillId,
    staffId,
    reason,
    right,
  }: {
    readonly tillId: TillId
    readonly staffId: StaffId
    readonly reason: string
    readonly right: ByRight
  },
): Promise<Outcome<Done, Refusal>> {
  const { org, shopId } = node
  return recordAct<Refusal>(node, acting, async (tx, occurredAt) => {
    const [{ till, openSessionId }, { timeZone }] = await Promise.all([
      readTill(tx, org, tillId),
      readShopTerms(tx, org, shopId),
    ])
    const authority = await readAuthority(tx, node, { actId: acting.id, ...right })
    if (!authority.ok) return authority
    const opened = decideOpenDrawer(
      { at: { shopId }, till, openSessionId, authority: authority.value },
      { staffId, reason },
    )
    if (!opened.ok) return opened
    return accepted(
      draftAct({
        ...{ type: 'drawer.opened', id: acting.id, shopId, sessionId: openSessionId },
        actor: acting.actor,
        occurredAt,
        businessDate: businessDateOf(occurredAt, timeZone),
        body: opened.value,
      }),
    )
  })
}
