import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import {
  type Identified,
  type RepeatRefusal,
  refuseRepeat,
} from '@tillkeeper/http/idempotency/identify.ts'
import { type Db, type Tx, transact } from '@tillkeeper/projections/db.ts'
import { type Author, recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { type Head, lockHead } from '@tillkeeper/projections/journal/stream-sql.ts'
import { findPriorActs } from './act-sql.ts'
import { numberAct } from './number-act.ts'

/** What acts happen on: this shop's database, and the stream that its server seals in. */
export type StoreNode = {
  readonly db: Db
  /** What acts are recorded on: the same database, by connections for short statements alone. */
  readonly writeDb: Db
  readonly org: OrgId
  readonly shopId: ShopId
  /** It changes while the server runs, when it is granted another epoch: an act reads it once. */
  readonly author: Author
  readonly now: () => Date
  /** Called after each commit that journalled something: who waits for news is woken. */
  readonly onRecorded: () => void
}

/** Who acts, by the name that the fact carries, and when it happened, if not now. */
export type Acting = Identified & {
  readonly actor: string
  readonly occurredAt?: string | undefined
}

export type ActRefusal = RepeatRefusal | { readonly code: 'occurred_in_future' }

/** What an act led to: `repeated` if it had been done before, and then nothing was done now. */
export type Done = { readonly id: string; readonly repeated: boolean }

/** A clock of another machine may be ahead by so much; more is a mistake of the asker. */
export const futureToleranceMs = 300_000

/** When an act happened: as its asker says, or now. An instant that has not come yet is refused. */
export function dateAct(
  { occurredAt }: Pick<Acting, 'occurredAt'>,
  now: Date,
): Outcome<string, Extract<ActRefusal, { code: 'occurred_in_future' }>> {
  if (occurredAt === undefined) return accepted(now.toISOString())
  if (Date.parse(occurredAt) > now.getTime() + futureToleranceMs) {
    return refused({ code: 'occurred_in_future' })
  }
  return accepted(occurredAt)
}

/**
 * Does one act in one transaction: holds this node's stream, sees whether the act was done before,
 * decides, and seals, journals and applies what was accepted, or nothing.
 */
export async function recordAct<Refusal extends { readonly code: string }>(
  node: StoreNode,
  acting: Acting,
  decide: (tx: Tx, occurredAt: string) => Promise<Outcome<FactDraft, Refusal>>,
): Promise<Outcome<Done, Refusal | ActRefusal>> {
  const { author } = node
  const now = node.now()
  const dated = dateAct(acting, now)
  if (!dated.ok) return dated
  const outcome = await transact(
    node.writeDb,
    async (tx): Promise<Outcome<Done, Refusal | ActRefusal>> => {
      const { head, prior } = await holdNode(tx, author, [acting.id])
      const before = prior.get(acting.id)
      if (before !== undefined) return answerRepeat(acting, before.fingerprint)
      const decided = await decide(tx, dated.value)
      if (!decided.ok) return decided
      const draft = await numberAct(tx, node, decided.value)
      await recordFacts(tx, author, [draft], {
        nowMs: now.getTime(),
        recordedAt: now.toISOString(),
        fingerprints: new Map([[acting.id, acting.fingerprint]]),
        head,
      })
      return accepted({ id: acting.id, repeated: false })
    },
  )
  if (outcome.ok && !outcome.value.repeated) node.onRecorded()
  return outcome
}

/** Holds this node's stream until the transaction ends, and finds which of the ids are taken. */
export async function holdNode(tx: Tx, { org, stream }: Author, ids: readonly string[]) {
  const held = lockHead(tx, org, stream)
  const found = findPriorActs(tx, org, ids)
  const [head, prior] = await Promise.all([held, found])
  assert(head !== undefined, 'the stream of this node was begun at its start')
  return { head: head satisfies Head, prior }
}

/** A repeat with the same content is answered as at first; with other content it is refused. */
export function answerRepeat(
  acting: Acting,
  fingerprint: Uint8Array | null,
): Outcome<Done, RepeatRefusal> {
  const same = fingerprint !== null && Buffer.compare(fingerprint, acting.fingerprint) === 0
  return same ? accepted({ id: acting.id, repeated: true }) : refused(refuseRepeat(acting))
}
