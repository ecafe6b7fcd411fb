import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Acts, sumMoved, takeOnce } from '../merge/once.ts'

// A customer's points as a bounded counter (Balegas et al., 2015). What a shop may give away with no line is
// held by it before: its escrow. So two shops that hear nothing of each other can together never give more
// than all that was held.

export type PointsEntry =
  /** Points that a customer got (above zero), or that a refund took back (below). */
  | { readonly kind: 'earned'; readonly factId: string; readonly points: number }
  /** The cloud lays points aside for one shop, or takes them back from it (below zero). */
  | {
      readonly kind: 'held'
      readonly factId: string
      readonly holder: string
      readonly points: number
    }
  /** A shop gave something for points out of what it holds. */
  | {
      readonly kind: 'redeemed'
      readonly factId: string
      readonly holder: string
      readonly points: number
    }

/** All entries of one customer that a node has heard of. */
export type PointsLedger = Acts<PointsEntry>

/** Takes an entry once. */
export function takePointsEntry(held: PointsLedger, entry: PointsEntry): PointsLedger {
  return takeOnce(held, entry.factId, entry)
}

/** What the customer has. Below zero where earned points were taken back after they were spent. */
export function pointsBalance(ledger: PointsLedger): number {
  return sumMoved(
    [...ledger.values()].map((entry) =>
      entry.kind === 'earned' ? entry.points : entry.kind === 'redeemed' ? -entry.points : 0,
    ),
  )
}

/** What a shop still holds to give away. */
export function escrowOf(ledger: PointsLedger, holder: string): number {
  return sumMoved(
    [...ledger.values()].map((entry) => {
      if (entry.kind === 'earned' || entry.holder !== holder) return 0
      return entry.kind === 'held' ? entry.points : -entry.points
    }),
  )
}

/** What all shops hold together. */
export function escrowOfAll(ledger: PointsLedger): number {
  return sumMoved(
    [...ledger.values()].map((entry) =>
      entry.kind === 'held' ? entry.points : entry.kind === 'redeemed' ? -entry.points : 0,
    ),
  )
}

/** Whether the cloud may lay `points` aside for a shop: never more than the customer has free. */
export function decideHoldPoints(
  ledger: PointsLedger,
  points: number,
): Outcome<
  { readonly points: number },
  { readonly code: 'points_not_free'; readonly free: number }
> {
  const free = pointsBalance(ledger) - escrowOfAll(ledger)
  return points > free ? refused({ code: 'points_not_free', free }) : accepted({ points })
}

/** Whether a shop may give something for `points`, with or without a line: out of what it holds. */
export function decideRedeemPoints(
  ledger: PointsLedger,
  { holder, points }: { readonly holder: string; readonly points: number },
): Outcome<
  { readonly points: number },
  { readonly code: 'points_not_held'; readonly held: number }
> {
  const held = escrowOf(ledger, holder)
  return points > held ? refused({ code: 'points_not_held', held }) : accepted({ points })
}
