import type { StaffId } from '../base/id.ts'

/**
 * Whether a person had a hand in a session: opened it, sold, refunded or moved cash in it, took its drawer
 * over, or counted it. Who did looks at it for nobody: neither explains nor verifies it.
 */
export function hadAHand(staffId: StaffId, workers: Iterable<StaffId>): boolean {
  for (const worker of workers) if (worker === staffId) return true
  return false
}

export type OwnWorkRefusal = { readonly code: 'own_session' }
