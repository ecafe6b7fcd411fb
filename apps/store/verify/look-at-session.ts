import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import {
  decideExplainVariance,
  type ExplainState,
  type ExplainVariance,
  type ExplainVarianceRefusal,
} from '@tillkeeper/core/verify/explain-variance.ts'
import { defaultBounds } from '@tillkeeper/core/verify/variance-class.ts'
import {
  decideVerifyMovements,
  type VerifyMovements,
  type VerifyMovementsRefusal,
} from '@tillkeeper/core/verify/verify-movements.ts'
import {
  decideVerifySession,
  type VerifySessionRefusal,
} from '@tillkeeper/core/verify/verify-session.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { readBounds } from '@tillkeeper/projections/verification/bounds-sql.ts'
import {
  findClosedSession,
  findMovements,
} from '@tillkeeper/projections/verification/closed-session-sql.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'

type InSession<Command> = Command & { readonly sessionId: SessionId }

/** Says why a count differed, and books what was found. */
export function explainVariance(
  node: StoreNode,
  acting: Acting,
  { sessionId, ...command }: InSession<ExplainVariance>,
): Promise<Outcome<Done, ExplainVarianceRefusal | ActRefusal>> {
  return recordAct(node, acting, async (tx, occurredAt) => {
    const { state, timeZone } = await readState(tx, node, sessionId)
    const explained = decideExplainVariance(state, command)
    if (!explained.ok) return explained
    return accepted(
      draftLook(
        node,
        acting,
        { occurredAt, timeZone, sessionId },
        {
          type: 'till.explained',
          body: explained.value,
        },
      ),
    )
  })
}

/** Verifies a closed session, for good. */
export function verifySession(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, note }: InSession<{ staffId: StaffId; note?: string | undefined }>,
): Promise<Outcome<Done, VerifySessionRefusal | ActRefusal>> {
  return recordAct(node, acting, async (tx, occurredAt) => {
    const { state, timeZone } = await readState(tx, node, sessionId)
    const verified = decideVerifySession(state, { staffId, note })
    if (!verified.ok) return verified
    return accepted(
      draftLook(
        node,
        acting,
        { occurredAt, timeZone, sessionId },
        {
          type: 'till.verified',
          body: verified.value,
        },
      ),
    )
  })
}

/** Verifies single movements of cash. */
export function verifyMovements(
  node: StoreNode,
  acting: Acting,
  command: VerifyMovements,
): Promise<Outcome<Done, VerifyMovementsRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct(node, acting, async (tx, occurredAt) => {
    const [movements, bounds] = await Promise.all([
      findMovements(tx, org, command.movementIds),
      readBounds(tx, org, [shopId]),
    ])
    const verified = decideVerifyMovements({ at: { shopId }, movements }, command)
    if (!verified.ok) return verified
    const timeZone = bounds.get(shopId)?.timeZone ?? 'UTC'
    return accepted({
      id: acting.id,
      type: 'cash.verified',
      v: catalogue['cash.verified'].v,
      scope: `shop:${shopId}`,
      actor: acting.actor,
      occurredAt,
      businessDate: businessDateOf(occurredAt, timeZone),
      // It moves nothing, and stands by itself: it waits for no session.
      keys: [`verification:${acting.id}`],
      refs: verified.value.movementIds.slice(0, refsMax),
      body: verified.value,
    })
  })
}

/** A fact names so many others at most. */
const refsMax = 50

async function readState(
  tx: Tx,
  { org, shopId }: StoreNode,
  sessionId: SessionId,
): Promise<{ readonly state: ExplainState; readonly timeZone: string }> {
  const [session, all] = await Promise.all([
    findClosedSession(tx, org, sessionId),
    readBounds(tx, org, [shopId]),
  ])
  const bounds = all.get(shopId) ?? defaultBounds('THB' as Currency)
  const timeZone = all.get(shopId)?.timeZone ?? 'UTC'
  return { state: { at: { shopId }, session, bounds }, timeZone }
}

function draftLook(
  { shopId }: StoreNode,
  { id, actor }: Acting,
  {
    occurredAt,
    timeZone,
    sessionId,
  }: { occurredAt: string; timeZone: string; sessionId: SessionId },
  { type, body }: { readonly type: 'till.explained' | 'till.verified'; readonly body: unknown },
) {
  const businessDate = businessDateOf(occurredAt, timeZone)
  return draftAct({ type, id, shopId, sessionId, actor, occurredAt, businessDate, body })
}
