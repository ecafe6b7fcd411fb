import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { type PendingOptions, projectPending } from '@tillkeeper/projections/project.ts'
import { genesisOf } from '../actors/hash.ts'
import type { Machine } from '../actors/node.ts'
import { headsOf, rowsOf } from '../checkers/copies.ts'

// What lies on a simulated disk, taken into a real journal and real tables.

const partMax = 200

/** Positions up to which streams are delivered; a stream that is left out is delivered whole. */
export type UpTo = ReadonlyMap<StreamId, number>

/** Brings what a machine has into a journal; what is there already falls away. */
export async function deliver(
  db: Db,
  org: OrgId,
  { disk }: Machine,
  upTo: UpTo = new Map(),
): Promise<void> {
  for (const { stream, seq: head } of headsOf(disk)) {
    const rows = rowsOf(disk, stream).filter(({ seq }) => seq <= (upTo.get(stream) ?? head))
    for (let at = 0; at < rows.length; at += partMax) {
      const part = rows.slice(at, at + partMax)
      const first = part[0]
      if (first === undefined) break
      const prevHash = first.seq === 1 ? genesisOf(stream) : rows[at - 1]?.hash
      if (prevHash === undefined) throw new Error(`${stream} begins in the middle`)
      const taken = await db.begin((tx) =>
        receiveFacts(tx, {
          ...{ org, stream, from: first.seq, prevHash },
          facts: part.map(({ bytes }) => bytes),
          recordedAt: new Date(first.recordedMs).toISOString(),
        }),
      )
      if (taken.kind !== 'ok') throw new Error(`${stream} is not taken: ${taken.code}`)
    }
  }
}

/** Projects all that waits. */
export async function projectAll(db: Db, org: OrgId, options: PendingOptions = {}): Promise<void> {
  while ((await projectPending(db, org, options)).more);
}
