import { randomBytes } from 'node:crypto'
import { type OrgId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { registerEditVersion } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody, RegisterKind } from '@tillkeeper/facts/catalogue/registers.ts'
import type { FactDraft, StreamHead } from '@tillkeeper/facts/seal/seal.ts'
import type { PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import { type Db, type Tx, transact } from '@tillkeeper/projections/db.ts'
import { draftsMax, feedAuthor, recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { lockOrg } from '@tillkeeper/projections/journal/stream-sql.ts'
import { findNews } from './find-news.ts'

// The one way in which the owner's settings change: an edit is a fact in the feed of its scope, journalled
// and projected in one transaction, and what listens to the feed is told after the commit.

export type ChainDeps = {
  readonly db: Db
  readonly now: () => Date
  readonly hub: PokeHub
  /** In which epoch an organisation's feeds are written: it is raised by a restore. */
  readonly feedEpochOf: (org: OrgId) => number
}

/** Whose settings, and who changes them. */
export type Changing = { readonly org: OrgId; readonly actor: string }

/** New values for some fields of an entity; what else an edit may say is in facts/catalogue/registers.ts. */
export type Edit = Omit<RegisterEditBody, 'origin'> & { readonly kind: RegisterKind }

export type Change = Changing & {
  readonly tx: Tx
  /**
   * Records those edits of which any field is different from what it is, in the feed of `scope`, and
   * returns the ids of the entities that changed.
   */
  readonly edit: (scope: string, edits: readonly Edit[]) => Promise<ReadonlySet<string>>
  /** Records edits as they are. */
  readonly record: (scope: string, edits: readonly Edit[]) => Promise<void>
}

/** Changes a chain's settings: all that `decide` records, or nothing of it. */
export async function changeChain<Value, Refusal extends { readonly code: string }>(
  { db, now, hub, feedEpochOf }: ChainDeps,
  changing: Changing,
  decide: (change: Change) => Promise<Outcome<Value, Refusal>>,
): Promise<Outcome<Value, Refusal>> {
  const { org } = changing
  const heads = new Map<string, StreamHead>()
  const outcome = await transact(db, async (tx) => {
    // Before anything is read: what `decide` sees stays true until the commit.
    await lockOrg(tx, org)
    const record = async (scope: string, edits: readonly Edit[]): Promise<void> => {
      const at = now()
      for (let from = 0; from < edits.length; from += draftsMax) {
        const drafts = edits
          .slice(from, from + draftsMax)
          .map((edit) => draftEdit(edit, { scope, actor: changing.actor, at }))
        const { head } = await recordFacts(tx, feedAuthor(org, scope, feedEpochOf(org)), drafts, {
          nowMs: at.getTime(),
          recordedAt: at.toISOString(),
        })
        heads.set(scope, head)
      }
    }
    const edit = async (scope: string, edits: readonly Edit[]): Promise<ReadonlySet<string>> => {
      const news = await findNews(tx, org, { scope, edits })
      await record(scope, news)
      return new Set(news.map(({ entityId }) => entityId))
    }
    return decide({ ...changing, tx, edit, record })
  })
  if (outcome.ok) {
    for (const { stream, seq } of heads.values()) hub.feedGrew(org, { stream, seq })
  }
  return outcome
}

type About = { readonly scope: string; readonly actor: string; readonly at: Date }

function draftEdit({ kind, ...body }: Edit, { scope, actor, at }: About): FactDraft {
  const occurredAt = at.toISOString()
  return {
    id: uuidv7(at.getTime(), randomBytes(10)),
    type: `${kind}.changed`,
    v: registerEditVersion(kind, body),
    scope,
    actor,
    occurredAt,
    // The cloud stands in no shop, and no day of business belongs to a setting.
    businessDate: occurredAt.slice(0, 10),
    keys: [`${kind}:${body.entityId}`],
    refs: [],
    body,
  }
}

/** What an upsert of one entity answers. */
export function answerChange(id: string, changed: ReadonlySet<string>) {
  return accepted({ id, changed: changed.has(id) })
}
