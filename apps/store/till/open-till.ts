import type { SessionId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideOpenTill,
  type OpenTill,
  type OpenTillRefusal,
} from '@tillkeeper/core/till/open-till.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readShopTerms, readStaff, readTill } from './session-sql.ts'

/** Opens a session on a till of this shop, on a counted float. The act's id is the session's. */
export function openTill(
  node: StoreNode,
  acting: Acting,
  command: OpenTill & { readonly tillId: TillId; readonly staffId: StaffId },
): Promise<Outcome<Done, OpenTillRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct(node, acting, async (tx, occurredAt) => {
    const { tillId, staffId } = command
    const [{ till, openSessionId, left }, terms, staff] = await Promise.all([
      readTill(tx, org, tillId),
      readShopTerms(tx, org, shopId),
      readStaff(tx, org, { staffId, shopId }),
    ])
    const at = { shopId }
    const state = { at, till, currency: terms.currency, staff, openSessionId, left }
    const opened = decideOpenTill(state, command)
    if (!opened.ok) return opened
    return accepted(
      draftAct({
        type: 'till.opened',
        id: acting.id,
        shopId,
        sessionId: acting.id as SessionId,
        actor: acting.actor,
        occurredAt,
        businessDate: businessDateOf(occurredAt, terms.timeZone),
        body: opened.value,
      }),
    )
  })
}
