import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'

/** As many movements are verified at once. */
export const verifiedAtOnceMax = 200

export type VerifyMovementsState = {
  readonly at: { readonly shopId: ShopId }
  /** Those of the movements that are known here, with the fact that each came by. */
  readonly movements: readonly {
    readonly id: string
    readonly shopId: ShopId
    readonly sessionId: SessionId | null
    /** Who moved the cash. */
    readonly staffId: StaffId
  }[]
}

export type VerifyMovements = {
  readonly staffId: StaffId
  /** Ids of facts that moved cash, each once. */
  readonly movementIds: readonly string[]
}

/** Somebody else looked at movements and their papers. The body of the fact `cash.verified`. */
export type CashVerified = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly movementIds: readonly string[]
}

export type VerifyMovementsRefusal =
  | { readonly code: 'movement_not_found'; readonly movementId: string }
  | { readonly code: 'own_movement'; readonly movementId: string }

/** Decides whether movements are verified. The first that cannot be is the reason; then none is. */
export function decideVerifyMovements(
  { at, movements }: VerifyMovementsState,
  { staffId, movementIds }: VerifyMovements,
): Outcome<CashVerified, VerifyMovementsRefusal> {
  assert(movementIds.length > 0 && movementIds.length <= verifiedAtOnceMax, 'some are verified')
  const known = new Map(movements.map((movement) => [movement.id, movement]))
  for (const movementId of movementIds) {
    const movement = known.get(movementId)
    if (movement === undefined || movement.shopId !== at.shopId) {
      return refused({ code: 'movement_not_found', movementId })
    }
    if (movement.staffId === staffId) return refused({ code: 'own_movement', movementId })
  }
  return accepted({ shopId: at.shopId, staffId, movementIds: [...new Set(movementIds)] })
}
