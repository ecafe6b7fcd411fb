import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { Tender } from '../sale/tender.ts'

/** What an act says that an attempt of a cash recycler moved for it: into the machine above zero, out of it below. */
export type MachineUse = {
  readonly attemptId: string
  readonly currency: Currency
  readonly minor: Minor
}

/** An attempt as the shop's books know it. */
export type KnownAttempt = {
  readonly attemptId: string
  /** Somebody knows how it ended: the machine, or a person who looked. */
  readonly isEnded: boolean
  /** Another act names it, or its money was given again. */
  readonly isUsed: boolean
  /** What it moved, each currency once: into the machine above zero. */
  readonly moved: readonly { readonly currency: Currency; readonly minor: Minor }[]
}

export type MachineUseRefusal =
  | { readonly code: 'machine_attempt_used'; readonly attemptId: string }
  | { readonly code: 'machine_attempt_not_done'; readonly attemptId: string }
  | {
      readonly code: 'machine_amount_differs'
      readonly attemptId: string
      readonly currency: Currency
      readonly movedMinor: Minor
    }

/**
 * Whether the books say otherwise of what an act says that machines moved for it. What they do not know yet stands: the
 * machine's word may be on its way, and where it then says otherwise an exception is raised. Refusals are checked in the
 * order of their union, the uses first to last.
 */
export function checkMachineUses(
  uses: readonly MachineUse[],
  known: readonly KnownAttempt[],
): Outcome<undefined, MachineUseRefusal> {
  for (const { attemptId, currency, minor: said } of uses) {
    const attempt = known.find((each) => each.attemptId === attemptId)
    if (attempt === undefined) continue
    if (attempt.isUsed) return refused({ code: 'machine_attempt_used', attemptId })
    if (!attempt.isEnded) continue
    const moved = attempt.moved.filter((each) => each.minor !== 0)
    if (moved.length === 0) return refused({ code: 'machine_attempt_not_done', attemptId })
    const other = moved.find((each) => each.currency !== currency || each.minor !== said)
    if (other === undefined) continue
    const { currency: of, minor: movedMinor } = other
    return refused({ code: 'machine_amount_differs', attemptId, currency: of, movedMinor })
  }
  return accepted(undefined)
}

/** What the tenders of a sale, or of a refund, say of machines. */
export function usesOfTenders(
  way: 'sale' | 'refund',
  {
    currency,
    tenders,
  }: {
    readonly currency: Currency
    readonly tenders: readonly Pick<Tender, 'method' | 'givenMinor' | 'attemptId'>[]
  },
): readonly MachineUse[] {
  return tenders.flatMap(({ method, givenMinor, attemptId }) =>
    method !== 'machine' || attemptId === undefined
      ? []
      : [{ attemptId, currency, minor: minor(way === 'sale' ? givenMinor : -givenMinor) }],
  )
}
