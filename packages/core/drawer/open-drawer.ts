import {
  type Approval,
  type ApprovalRefusal,
  type Authority,
  checkAuthority,
} from '../approval/check-approval.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Till } from '../till/open-till.ts'
import type { Place } from '../till/till-session.ts'

export type OpenDrawerState = {
  readonly at: Place
  readonly till: Till | undefined
  /** The session that is open on the till. */
  readonly openSessionId: SessionId | undefined
  readonly authority: Authority
}

export type OpenDrawer = {
  readonly staffId: StaffId
  /** Why, in the words of who opens it. Never empty. */
  readonly reason: string
}

/** A drawer was opened with nothing sold. The body of the fact `drawer.opened`. */
export type DrawerOpened = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId?: SessionId
  readonly staffId: StaffId
  readonly reason: string
  readonly approval?: Approval
}

export type OpenDrawerRefusal =
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | ApprovalRefusal

/** Decides whether a drawer may be opened for no sale. Refusals are checked in the order of their union. */
export function decideOpenDrawer(
  { at, till, openSessionId, authority }: OpenDrawerState,
  { staffId, reason }: OpenDrawer,
): Outcome<DrawerOpened, OpenDrawerRefusal> {
  if (till === undefined) return refused({ code: 'till_not_found' })
  if (till.shopId !== at.shopId || (at.tillId !== undefined && at.tillId !== till.id)) {
    return refused({ code: 'till_of_other_shop' })
  }
  const approved = checkAuthority(authority, { permission: 'drawer.open' })
  if (!approved.ok) return approved
  return accepted({
    shopId: till.shopId,
    tillId: till.id,
    ...(openSessionId !== undefined && { sessionId: openSessionId }),
    staffId,
    reason,
    ...(approved.value !== undefined && { approval: approved.value }),
  })
}
