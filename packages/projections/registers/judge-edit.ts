import type { ParkReason } from '@tillkeeper/core/parking/resolve-fact.ts'
import { findForbidden } from '@tillkeeper/facts/catalogue/authority.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readRegisterEdit, registerKindOf } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import { hlcMs } from '@tillkeeper/facts/seal/hlc.ts'
import { dueMs, judgeClock } from '@tillkeeper/facts/seal/judge-clock.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import { laterOf } from '../journal/node-clock-sql.ts'
import { cloudAuthor } from '../journal/record-facts.ts'
import type { KnownOfEdits } from './known-of-edits-sql.ts'

/** Whether a fact edits a register and another node than the cloud sealed it. */
export function isEditFromBelow(fact: Pick<Fact, 'type' | 'author'>): boolean {
  return fact.author !== cloudAuthor && registerKindOf(fact.type) !== undefined
}

type Judging = {
  readonly recordedAt: string
  readonly now?: string | undefined
  readonly reviewed?: boolean | undefined
  readonly known: KnownOfEdits
}

/**
 * Why an edit of a register is held back; `undefined` where it is applied. Only edits of other nodes than the
 * cloud are judged: it is the cloud that says what time it is, and what others may write. Acts are never held
 * back by a clock. An edit that is held back keeps its place and its stamp, so it ends as if it had come late.
 */
export function judgeEdit(
  fact: KnownFact,
  { recordedAt, now, reviewed = false, known }: Judging,
): { readonly reason: ParkReason; readonly detail: string } | undefined {
  const edit = isEditFromBelow(fact) ? readRegisterEdit(fact) : undefined
  if (edit === undefined) return undefined
  const forbidden = findForbidden(fact.author, edit.kind, fact.body as RegisterEditBody)
  if (forbidden !== undefined)
    return { reason: 'not_authorised', detail: `${fact.type} ${forbidden}` }
  // Only the cloud raises it; others say what they see.
  if (edit.rep > (known.reps.get(`${edit.kind}/${edit.entityId}`) ?? 0)) {
    return { reason: 'not_authorised', detail: `${fact.type} rep` }
  }
  const nowMs = Date.parse(laterOf(recordedAt, now))
  if (judgeClock(fact.hlc, nowMs).kind === 'future') {
    return { reason: 'future_clock', detail: describeDue(dueMs(fact.hlc)) }
  }
  const until = known.expired.get(fact.author)
  if (!reviewed && until !== undefined && hlcMs(fact.hlc) <= Date.parse(until)) {
    return { reason: 'expired_author', detail: `${fact.type} ${until}` }
  }
  return undefined
}

// What a date can hold; a clock of 48 bits goes further.
const lastInstantMs = Date.parse('9999-12-31T23:59:59.999Z')

function describeDue(ms: number): string {
  return new Date(Math.min(ms, lastInstantMs)).toISOString()
}
