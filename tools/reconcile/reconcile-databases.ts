import type { Reconciliation } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { answerFacts } from '@tillkeeper/http/reconcile/answer-digest.ts'
import { answerRegisters } from '@tillkeeper/http/reconcile/digest-registers.ts'
import { mendCopy } from '@tillkeeper/http/reconcile/mend-copy.ts'
import type { Peer } from '@tillkeeper/http/reconcile/peer.ts'
import { reconcile } from '@tillkeeper/http/reconcile/reconcile.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { readStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import { batchBytesMax } from '@tillkeeper/sync/message/messages.ts'
import type { OpenDatabase } from '../database/open-databases.ts'

export type Counts = Pick<
  Reconciliation,
  'streams' | 'buckets' | 'differences' | 'repaired' | 'unresolved'
>

type Options = {
  readonly now: () => Date
  readonly onReport: (name: string, report: Reconciliation) => void
}

/** The name that a shop's journal has for the cloud, and the cloud for itself. */
const cloudName = 'cloud'

/**
 * Compares every shop's database with the cloud's, and then the cloud's with itself: what a shop could mend
 * there is mended by then. A database that holds no journal is left out.
 */
export async function reconcileDatabases(
  databases: readonly OpenDatabase[],
  { now, onReport }: Options,
): Promise<Counts> {
  const journals = []
  for (const database of databases) {
    const kind = await kindOf(database.db)
    if (kind !== undefined) journals.push({ ...database, isCloud: kind === 'cloud' })
  }
  const cloud = journals.find(({ isCloud }) => isCloud)
  const total = { streams: 0, buckets: 0, differences: 0, repaired: 0, unresolved: 0 }
  const inTurn = [
    ...journals.filter((one) => !one.isCloud),
    ...(cloud === undefined ? [] : [cloud]),
  ]
  for (const { name, db, isCloud } of inTurn) {
    for (const { org, node } of await listNodes(db, isCloud)) {
      const report = await reconcile(
        {
          ...{ db, org, node, now, onMended: () => {} },
          pause: async () => {},
          ...(isCloud || cloud === undefined
            ? {}
            : { parent: cloudName, peer: directPeer(cloud.db, org, now) }),
        },
        'asked',
      )
      onReport(name, report)
      for (const count of Object.keys(total) as (keyof Counts)[]) total[count] += report[count]
    }
  }
  return total
}

async function kindOf(db: Db): Promise<'cloud' | 'store' | undefined> {
  const [row] = await db<{ cloud: boolean; journal: boolean }[]>`
    SELECT to_regclass('cloud_schema_version') IS NOT NULL AS cloud,
      to_regclass('reconciliation') IS NOT NULL AS journal
  `
  if (row?.journal !== true) return undefined
  return row.cloud ? 'cloud' : 'store'
}

/** The organisations of a database, and the server that it is of: a shop's own streams say which. */
async function listNodes(
  db: Db,
  isCloud: boolean,
): Promise<readonly { readonly org: OrgId; readonly node: string }[]> {
  const rows = await db<{ org: OrgId; author: string | null }[]>`
    SELECT org_id AS org, min(split_part(stream, ':', 1)) FILTER (WHERE stream LIKE 's-%') AS author
    FROM stream
    GROUP BY org_id
    ORDER BY org_id
  `
  return rows.map(({ org, author }) => ({ org, node: isCloud ? cloudName : (author ?? 'store') }))
}

/** The cloud, by its own database: the same answers as over the wire. */
function directPeer(db: Db, org: OrgId, now: () => Date): Peer {
  const pause = async () => {}
  return {
    compareFacts: async (question) =>
      accepted(await answerFacts(db, org, question, { mayHold: () => true, pause })),
    compareRegisters: async (question) =>
      accepted(await answerRegisters(db, org, question, () => true)),
    pull: async ({ stream, after, limit }) => {
      const bounds = { factsMax: limit, bytesMax: batchBytesMax }
      const part = await readStream(db, org, { stream, after, ...bounds })
      return part === undefined ? refused({ code: 'refused' }) : accepted(part.facts)
    },
    mend: async ({ stream, from, to }, facts) => {
      const mended = await mendCopy({ db, now }, org, { stream, from, to, theirs: facts })
      return accepted({ mended: mended.ok ? mended.value.mended : 0 })
    },
  }
}
