import type { Actor, Authority } from '@tillkeeper/core/approval/check-approval.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import type { StoreNode } from '../act/record-act.ts'
import { findApproval } from './approval-sql.ts'

/** Who acts, and the approval they were given, if any. */
export type ByRight = { readonly actor: Actor; readonly approvalId?: string | undefined }

export type ApprovalUseRefusal =
  | { readonly code: 'approval_not_for_this' }
  | { readonly code: 'approval_used' }

/**
 * Reads by whose right an act is done. The caller holds the organisation until the act is recorded with its
 * approval, so that no approval is used twice here.
 */
export async function readAuthority(
  tx: Tx,
  { org, now }: Pick<StoreNode, 'org' | 'now'>,
  { actId, actor, approvalId }: ByRight & { readonly actId: string },
): Promise<Outcome<Authority, ApprovalUseRefusal>> {
  const at = now().toISOString()
  if (approvalId === undefined) return accepted({ actId, at, actor })
  const found = await findApproval(tx, org, approvalId)
  if (found === undefined) return refused({ code: 'approval_not_for_this' })
  const { used, ...approval } = found
  return used ? refused({ code: 'approval_used' }) : accepted({ actId, at, actor, approval })
}
