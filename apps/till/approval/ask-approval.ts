import { ApprovalView } from '@tillkeeper/client/api/drawer-shapes.ts'
import {
  type ApprovableAct,
  type Approval,
  decideGiveApproval,
  type HeldApproval,
} from '@tillkeeper/core/approval/check-approval.ts'
import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { getShop, makeId, type TillNode } from '../app/node.ts'
import { worksAt } from '../catalogue/directory.ts'
import { findByNumber } from '../staff/sign-in.ts'
import { rememberUnlock, tryUnlock } from '../staff/unlock.ts'
import { askWithLogin } from '../store/ask-with-login.ts'

type Typed = { readonly number: string; readonly pin: string }

/** What came of asking somebody to approve. */
export type Asked =
  | { readonly is: 'approved'; readonly held: HeldApproval }
  | { readonly is: 'wrong' }
  | { readonly is: 'locked'; readonly untilMs: number }
  /** The store server is away, and this till has not seen them in the last two weeks. */
  | { readonly is: 'not_here' }
  /** Who does it cannot approve it. */
  | { readonly is: 'self' }
  /** They may not approve this, or not so much. */
  | { readonly is: 'not_allowed' }
  | { readonly is: 'busy' }

/**
 * Asks another person's number and PIN for one act. The store server judges where it answers, and counts wrong
 * tries; where it is away, this till's own verifiers do.
 */
export async function askApproval(
  node: TillNode,
  act: Omit<ApprovableAct, 'at'>,
  typed: Typed,
): Promise<Asked> {
  const { directory, person } = node.state.getState()
  const approver = findByNumber(directory, typed.number)
  if (approver !== undefined && approver.id === person?.id) return { is: 'self' }
  const { id: actId, permission, amountMinor, currency } = act
  const answer = await askWithLogin<Approval>(node, ApprovalView, {
    method: 'POST',
    path: '/v1/approvals',
    body: { staffNumber: typed.number, pin: typed.pin, actId, permission, amountMinor, currency },
  })
  if (answer.ok) {
    const { approverId: staffId } = answer.value
    await rememberUnlock(node.db, { staffId, pin: typed.pin, nowMs: node.nowMs() })
    return { is: 'approved', held: { actId, approval: answer.value } }
  }
  if (answer.refusal.code !== 'refused') return askHere(node, act, typed)
  const { why, retryAfterMs = 30_000 } = answer.refusal
  switch (why) {
    case 'login_failed':
      return { is: 'wrong' }
    case 'login_locked':
      return { is: 'locked', untilMs: node.nowMs() + retryAfterMs }
    case 'approval_of_self':
      return { is: 'self' }
    case 'approver_not_allowed':
      return { is: 'not_allowed' }
    case 'too_many_requests':
      return { is: 'busy' }
    default:
      // Up, but not able to say: what this till remembers decides.
      return askHere(node, act, typed)
  }
}

async function askHere(
  node: TillNode,
  act: Omit<ApprovableAct, 'at'>,
  { number, pin }: Typed,
): Promise<Asked> {
  const { directory, person: worker } = node.state.getState()
  const nowMs = node.nowMs()
  const person = findByNumber(directory, number)
  if (person === undefined) return { is: 'not_here' }
  const unlocked = await tryUnlock(node.db, { staffId: person.id, pin, nowMs })
  if ('may' in unlocked) {
    return unlocked.may === 'wait'
      ? { is: 'locked', untilMs: unlocked.untilMs }
      : { is: 'not_here' }
  }
  if (unlocked.is === 'wrong') return { is: 'wrong' }
  if (!worksAt(person, node.device.shopId)) return { is: 'not_allowed' }
  const given = decideGiveApproval(
    {
      ...act,
      limitCurrency: getShop(node).currency,
      at: new Date(nowMs).toISOString(),
    },
    { permissions: person.permissions, limits: person.limits, staffId: person.id as StaffId },
    { id: makeId(nowMs), actor: worker?.id, method: 'pin' },
  )
  if (given.ok) return { is: 'approved', held: given.value }
  return { is: given.refusal.code === 'approval_of_self' ? 'self' : 'not_allowed' }
}
