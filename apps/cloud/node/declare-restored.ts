import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { parseStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { checkBody, markEveryMs, rollMark } from '@tillkeeper/http/sync/check-body.ts'
import { forgetTokens } from '@tillkeeper/http/sync/identity-sql.ts'
import type { Db, Reader } from '@tillkeeper/projections/db.ts'
import { noteIncident } from '@tillkeeper/projections/journal/incident-sql.ts'
import { cloudAuthor } from '@tillkeeper/projections/journal/record-facts.ts'

/** A server of many organisations has one mark, under no organisation's name. */
const everyOrg = '00000000-0000-0000-0000-000000000000' as OrgId

/**
 * Looks whether the cloud's database came back from a backup, by its mark or by its operator's word, and
 * makes the mark anew, now and every ten minutes. Says which it was, and how to end that.
 */
export async function watchRestores(
  db: Db,
  {
    dataDir,
    restored,
    now,
    onFault,
  }: {
    readonly dataDir: string
    /** The operator says so: a backup younger than the mark, or of files and database together. */
    readonly restored: boolean
    readonly now: () => Date
    readonly onFault: (error: unknown) => void
  },
): Promise<{ readonly restored: boolean; readonly end: () => void }> {
  // Another machine or cluster with the newest mark lost nothing: it was moved.
  const older = (await checkBody(db, everyOrg, dataDir)).includes('mark')
  const isRestored = older || restored
  if (isRestored) await declareRestored(db, now())
  await rollMark(db, everyOrg, { dataDir, now })
  const timer = setInterval(() => {
    rollMark(db, everyOrg, { dataDir, now }).catch(onFault)
  }, markEveryMs)
  timer.unref()
  return { restored: isRestored, end: () => clearInterval(timer) }
}

/**
 * Goes on after a restore, in one transaction: feeds are written in a new epoch, and what children said
 * is forgotten. The old epochs take what store servers hold of them, and nothing of our own any more.
 */
export async function declareRestored(db: Db, now: Date): Promise<void> {
  await db.begin(async (tx) => {
    await forgetTokens(tx)
    const rows = await tx<{ org: OrgId; stream: string }[]>`
      SELECT org_id AS org, stream FROM stream WHERE kind = 'feed' ORDER BY org_id
    `
    const newest = new Map<OrgId, number>()
    for (const { org, stream } of rows) {
      const epoch = Number(parseStreamId(stream)?.epoch ?? 1)
      newest.set(org, Math.max(epoch, newest.get(org) ?? 1))
    }
    const known = await readFeedEpochs(tx)
    for (const [org, epoch] of newest) {
      const next = Math.max(epoch, known.get(org) ?? 1) + 1
      await tx`
        INSERT INTO feed_epoch (org_id, epoch) VALUES (${org}, ${next})
        ON CONFLICT (org_id) DO UPDATE SET epoch = excluded.epoch
      `
      const at = now.toISOString()
      await noteIncident(tx, org, {
        ...{ kind: 'rollback', node: cloudAuthor, at, detail: { feedEpoch: next } },
      })
    }
  })
}

/** The epoch in which each organisation's feeds are written; of one that is not there, the first. */
export async function readFeedEpochs(sql: Reader): Promise<ReadonlyMap<OrgId, number>> {
  const rows = await sql<{ org: OrgId; epoch: number }[]>`
    SELECT org_id AS org, epoch FROM feed_epoch
  `
  return new Map(rows.map(({ org, epoch }) => [org, epoch]))
}
