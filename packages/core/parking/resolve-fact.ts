import { accepted, type Outcome, refused } from '../base/outcome.ts'

/** Why a fact is in the journal and not in the tables. */
export const parkReasons = [
  /** Its body is not what its type promises. */
  'bad_body',
  /** A type or version newer than this program. It holds nothing else back. */
  'unknown_type',
  /** The tables refused it. */
  'apply_failed',
  /** It touches what a parked fact touches, and waits for it. */
  'behind',
  /** An edit of a clock that is ahead: tried again when its time has come, which `detail` says. */
  'future_clock',
  /** It says what its author may not say. */
  'not_authorised',
  /** An edit of a node that was silent for too long: a person looks at it. */
  'expired_author',
] as const

export type ParkReason = (typeof parkReasons)[number]

/** Only these hold back what shares their keys; edits of registers need no order among themselves. */
export const holdingReasons: readonly ParkReason[] = ['bad_body', 'apply_failed', 'behind']

/** How a person settles a fact that cannot be projected. It stays in the journal, as it was sealed. */
export type ResolveFact = {
  readonly factId: string
  /** `skipped`: it counts nothing. `replaced`: another fact says what it should have said. */
  readonly how: 'skipped' | 'replaced'
  readonly note: string
  readonly replacementId?: string | undefined
}

export type ResolveFactState = {
  /** The fact as it is parked here; undefined where it is not. */
  readonly parked: { readonly reason: ParkReason; readonly scope: string } | undefined
  /** Whether what takes its place is in the tables here. */
  readonly replacement: 'none' | 'projected' | 'missing'
  /** The name that the resolution is sealed under. */
  readonly author: string
}

export type ResolveFactRefusal =
  | { readonly code: 'fact_not_parked' }
  | { readonly code: 'fact_of_other_scope' }
  /** A newer program can read it: it must not be given up. */
  | { readonly code: 'fact_needs_newer_program' }
  | { readonly code: 'fact_waits_behind' }
  | { readonly code: 'replacement_not_found' }

/** The body of the fact `fact.resolved`. */
export type FactResolved = {
  readonly factId: string
  readonly how: 'skipped' | 'replaced'
  readonly note: string
  readonly replacementId?: string
}

/**
 * Decides whether a parked fact may be settled. Refusals are checked in the order of their union. Only
 * what is parked here can be: a fact that is in the tables is corrected by an act, as in any ledger.
 */
export function decideResolveFact(
  { parked, replacement, author }: ResolveFactState,
  { factId, how, note, replacementId }: ResolveFact,
): Outcome<FactResolved, ResolveFactRefusal> {
  if (parked === undefined) return refused({ code: 'fact_not_parked' })
  if (!reaches(author, parked.scope)) return refused({ code: 'fact_of_other_scope' })
  if (parked.reason === 'unknown_type') return refused({ code: 'fact_needs_newer_program' })
  if (parked.reason === 'behind') return refused({ code: 'fact_waits_behind' })
  if (how === 'skipped') return accepted({ factId, how, note })
  if (replacementId === undefined || replacementId === factId || replacement !== 'projected') {
    return refused({ code: 'replacement_not_found' })
  }
  return accepted({ factId, how, note, replacementId })
}

/**
 * Whose facts an author may settle: the cloud those of the chain, a store server (`s-<shop>`) those of
 * its shop, a till none. Undefined where it may settle nothing.
 */
export function reachOf(author: string): 'all' | `shop:${string}` | undefined {
  if (author === 'cloud') return 'all'
  return author.startsWith('s-') ? `shop:${author.slice(2)}` : undefined
}

/** Whether a resolution that `author` sealed counts for a fact of `scope`. */
export function reaches(author: string, scope: string): boolean {
  const reach = reachOf(author)
  return reach === 'all' || reach === scope
}
