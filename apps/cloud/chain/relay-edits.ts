import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { registerEditVersion, registerKindOf } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import type { Fact, FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import type { AppliedFact } from '@tillkeeper/projections/apply/applied-fact.ts'
import type { Db, Tx } from '@tillkeeper/projections/db.ts'
import { draftsMax, feedAuthor, recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { findHead } from '@tillkeeper/projections/journal/stream-sql.ts'
import { relayId } from '@tillkeeper/projections/registers/relay-id.ts'

/** All shops and tills hold what this feed says. */
const relayScope = 'org'

/**
 * Says in the feed what shops and tills edited, so that all others hear it: in the transaction that applies
 * the edits, once for each, by an id that follows from the original's. The original and its relay are one edit
 * with one stamp, so its author sees nothing change, and nothing here changes either.
 */
export async function relayEdits(
  tx: Tx,
  org: OrgId,
  edits: readonly AppliedFact[],
  { at, feedEpoch }: { readonly at: Date; readonly feedEpoch: number },
): Promise<void> {
  const fresh = await findUnsaid(tx, org, edits)
  for (let from = 0; from < fresh.length; from += draftsMax) {
    const drafts = fresh.slice(from, from + draftsMax).map(({ fact }) => draftRelay(fact))
    await recordFacts(tx, feedAuthor(org, relayScope, feedEpoch), drafts, {
      nowMs: at.getTime(),
      recordedAt: at.toISOString(),
    })
  }
}

/** How a server relays: what its projector calls. */
export type Relay = {
  readonly onEdits: (org: OrgId) => (tx: Tx, edits: readonly AppliedFact[]) => Promise<void>
  readonly onProjected: (org: OrgId) => void
}

type Deps = {
  readonly db: Db
  readonly now: () => Date
  readonly hub: PokeHub
  readonly feedEpochOf: (org: OrgId) => number
  readonly onFault: (error: unknown) => void
}

/** Relays in the projector's transactions, and tells who listens to the feed after the commit. */
export function createRelay({ db, now, hub, feedEpochOf, onFault }: Deps): Relay {
  const grown = new Set<OrgId>()
  return {
    onEdits: (org) => async (tx, edits) => {
      await relayEdits(tx, org, edits, { at: now(), feedEpoch: feedEpochOf(org) })
      grown.add(org)
    },
    onProjected: (org) => {
      if (!grown.delete(org)) return
      // As it stands after the commit: a transaction that was undone told nobody anything.
      findHead(db, org, feedAuthor(org, relayScope, feedEpochOf(org)).stream).then((head) => {
        if (head !== undefined) hub.feedGrew(org, head)
      }, onFault)
    },
  }
}

/** Edits that were not relayed before, and that no ended tombstone has silenced. */
async function findUnsaid(
  tx: Tx,
  org: OrgId,
  edits: readonly AppliedFact[],
): Promise<readonly AppliedFact[]> {
  const ids = edits.map(({ fact }) => relayId(fact.id))
  const said = await tx<{ id: string }[]>`
    SELECT id FROM fact_id WHERE org_id = ${org} AND id = ANY(${ids}::uuid[])
  `
  const silenced = await tx<{ name: string; hlc: string }[]>`
    SELECT kind || '/' || entity_id AS name, hlc FROM ended_tombstone WHERE org_id = ${org}
      AND entity_id = ANY(${edits.map(({ fact }) => bodyOf(fact).entityId)}::uuid[])
  `
  const relayed = new Set(said.map(({ id }) => id))
  const ended = new Map(silenced.map(({ name, hlc }) => [name, hlc]))
  return edits.filter(({ fact }) => {
    const until = ended.get(`${registerKindOf(fact.type)}/${bodyOf(fact).entityId}`)
    return !relayed.has(relayId(fact.id)) && (until === undefined || fact.hlc > until)
  })
}

function draftRelay(fact: Fact): FactDraft {
  const kind = registerKindOf(fact.type)
  const { id, hlc, author, type, actor, occurredAt, businessDate, keys } = fact
  const body = { ...bodyOf(fact), origin: { factId: id, hlc, author } }
  return {
    ...{ id: relayId(id), type, actor, occurredAt, businessDate, keys, refs: [id], body },
    v: kind === undefined ? fact.v : registerEditVersion(kind, body),
    scope: relayScope,
  }
}

const bodyOf = (fact: Fact): RegisterEditBody => fact.body as RegisterEditBody
