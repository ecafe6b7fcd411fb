import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { type PendingOptions, projectPending } from '@tillkeeper/projections/project.ts'
import { genesisOf } from '../actors/hash.ts'
import type { FactRow } from '../actors/journal.ts'
import type { Machine } from '../actors/node.ts'
import { headsOf, rowsOf } from '../checkers/copies.ts'
import type { Random } from '../world/random.ts'

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
    const all = rowsOf(disk, stream)
    const rows = all.filter(({ seq }) => seq <= (upTo.get(stream) ?? head))
    for (let at = 0; at < rows.length; at += partMax) {
      // However far it is delivered now, a fact comes at one time: tables that are compared say it.
      const recordedMs = all[Math.min(at + partMax, all.length) - 1]?.recordedMs
      await deliverPart(db, org, { stream, rows, at, count: partMax, recordedMs })
    }
  }
}

/** Share of parts that come a second time, at once or after others. */
const twiceShare = 0.25
/** How often the tables are made of what came so far, before all has come. */
const projectShare = 0.3

/**
 * As `deliver`, as no order of a disk would have it: streams by turns, in parts of any size, some of them
 * twice or from further back, and tables made in between in batches of any size. All is projected at the end.
 */
export async function deliverShuffled(
  db: Db,
  org: OrgId,
  { disk }: Machine,
  chance: Random,
): Promise<void> {
  const left = headsOf(disk).map(({ stream }) => ({ stream, rows: rowsOf(disk, stream), at: 0 }))
  const batchMax = () => chance.pick([1, 7, 50, 1_000])
  for (;;) {
    const open = left.filter(({ rows, at }) => at < rows.length)
    if (open.length === 0) break
    const lane = chance.pick(open)
    const { stream, rows, at } = lane
    const count = chance.between(1, chance.pick([3, 40, partMax]))
    await deliverPart(db, org, { stream, rows, at, count })
    if (chance.chance(twiceShare)) await deliverPart(db, org, { stream, rows, at, count })
    if (chance.chance(twiceShare)) {
      await deliverPart(db, org, { stream, rows, at: chance.below(at + 1), count })
    }
    lane.at += count
    if (chance.chance(projectShare)) await projectPending(db, org, { batchMax: batchMax() })
  }
  await projectAll(db, org, { batchMax: chance.pick([7, 50, 1_000]) })
}

type Part = {
  readonly stream: StreamId
  readonly rows: readonly FactRow[]
  readonly at: number
  readonly count: number
  /** When it comes; left out: with its last fact. */
  readonly recordedMs?: number | undefined
}

async function deliverPart(
  db: Db,
  org: OrgId,
  { stream, rows, at, count, recordedMs }: Part,
): Promise<void> {
  const part = rows.slice(at, at + count)
  const [first, last] = [part[0], part.at(-1)]
  if (first === undefined || last === undefined) return
  const prevHash = first.seq === 1 ? genesisOf(stream) : rows[at - 1]?.hash
  if (prevHash === undefined) throw new Error(`${stream} begins in the middle`)
  const taken = await db.begin((tx) =>
    receiveFacts(tx, {
      ...{ org, stream, from: first.seq, prevHash },
      facts: part.map(({ bytes }) => bytes),
      // Clocks are judged by it: none of the part came later.
      recordedAt: new Date(recordedMs ?? last.recordedMs).toISOString(),
    }),
  )
  if (taken.kind !== 'ok') throw new Error(`${stream} is not taken: ${taken.code}`)
}

/** Projects all that waits. */
export async function projectAll(db: Db, org: OrgId, options: PendingOptions = {}): Promise<void> {
  while ((await projectPending(db, org, options)).more);
}
