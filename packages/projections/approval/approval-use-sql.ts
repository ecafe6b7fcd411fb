import type { Approval } from '@tillkeeper/core/approval/check-approval.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { findApprovalBreach } from './judge-approval.ts'

type Approved = { readonly shopId: string; readonly staffId: string; readonly approval: Approval }

/** What a fact says of an approval, where it carries one. */
function approvedOf({ fact }: AppliedFact): Approved | undefined {
  const body = fact.body as Partial<Approved>
  return body.approval === undefined ? undefined : (body as Approved)
}

/**
 * Notes what approvals were used for, once for each fact, and raises `approval_used_twice` for those that more
 * than one fact carries, and `approval_of_self` where somebody approved what they did; and `approval_missing` and
 * `approval_differs` of facts that were done without the word they needed, or by a word for another act.
 */
export async function insertApprovalUses(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedFact[],
): Promise<void> {
  await raiseBreaches(tx, org, facts)
  const rows = facts.flatMap((applied) => {
    const approved = approvedOf(applied)
    if (approved === undefined) return []
    const { fact } = applied
    const { shopId, staffId, approval } = approved
    return {
      approval_id: approval.id,
      fact_id: fact.id,
      fact_type: fact.type,
      shop_id: shopId,
      staff_id: staffId,
      approver_id: approval.approverId,
      permission: approval.permission,
      amount_minor: approval.amountMinor,
      currency: approval.currency,
      method: approval.method,
      approved_at: approval.at,
      used_at: fact.occurredAt,
    }
  })
  if (rows.length === 0) return
  await tx`
    INSERT INTO approval_use
      (org_id, approval_id, fact_id, fact_type, shop_id, staff_id, approver_id, permission,
       amount_minor, currency, method, approved_at, used_at)
    SELECT ${org}::uuid, approval_id, fact_id, fact_type, shop_id, staff_id, approver_id, permission,
      amount_minor, currency, method, approved_at, used_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (approval_id uuid, fact_id uuid, fact_type text, shop_id uuid, staff_id uuid, approver_id uuid,
       permission text, amount_minor bigint, currency text, method text, approved_at timestamptz,
       used_at timestamptz)
    ON CONFLICT (org_id, approval_id, fact_id) DO NOTHING
  `.execute()
  await raiseUses(tx, org, [...new Set(rows.map(({ approval_id }) => approval_id))])
}

async function raiseBreaches(tx: Tx, org: OrgId, facts: readonly AppliedFact[]): Promise<void> {
  const rows = facts.flatMap(({ fact }) => {
    const known = fact as KnownFact
    const breach = findApprovalBreach(known)
    if (breach === undefined) return []
    const { kind, ...detail } = breach
    const { shopId, staffId } = fact.body as Approved
    const { id, type } = fact
    return { id, kind, shop_id: shopId, detail: { factId: id, type, staffId, ...detail } }
  })
  if (rows.length === 0) return
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, id || '/' || kind, shop_id, kind, ARRAY['fact:' || id], detail
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS broken
      (id uuid, kind text, shop_id uuid, detail jsonb)
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}

// Each says the whole state of its approval, so it ends the same in whatever order the facts came.
async function raiseUses(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, approval_id || '/approval_used_twice', (array_agg(shop_id ORDER BY fact_id))[1],
      'approval_used_twice', array_agg('fact:' || fact_id ORDER BY fact_id),
      jsonb_build_object('approvalId', approval_id,
        'approverId', (array_agg(approver_id ORDER BY fact_id))[1],
        'uses', jsonb_agg(jsonb_build_object('factId', fact_id, 'type', fact_type,
          'staffId', staff_id, 'permission', permission, 'amountMinor', amount_minor,
          'currency', currency) ORDER BY fact_id))
    FROM approval_use
    WHERE org_id = ${org} AND approval_id = ANY(${ids}::uuid[])
    GROUP BY org_id, approval_id
    HAVING count(*) > 1
    UNION ALL
    SELECT org_id, fact_id || '/approval_of_self', shop_id, 'approval_of_self',
      ARRAY['fact:' || fact_id],
      jsonb_build_object('approvalId', approval_id, 'factId', fact_id, 'type', fact_type,
        'staffId', staff_id, 'amountMinor', amount_minor, 'currency', currency)
    FROM approval_use
    WHERE org_id = ${org} AND approval_id = ANY(${ids}::uuid[]) AND approver_id = staff_id
    ON CONFLICT (org_id, id) DO UPDATE
    SET shop_id = excluded.shop_id, keys = excluded.keys, detail = excluded.detail
  `.execute()
}
