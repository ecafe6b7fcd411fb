import { once } from 'node:events'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { isUuid } from '@tillkeeper/core/base/id.ts'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db, Tx } from '../db.ts'
import { createCopyReader } from './binary-copy.ts'
import { checkedColumns, createChainChecker, type LocatedFault } from './chain-checker.ts'

// Checks that the journal is what its authors sealed: over the bytes as they are stored, from the first
// fact of each stream, and against what the cloud has acknowledged.

export type Verified = {
  readonly chain: 'ok' | 'broken'
  readonly facts: number
  readonly streams: number
  /** At most `faultsMax` of them, in the order of streams and positions. */
  readonly faults: readonly LocatedFault[]
}

/** More faults than this say nothing new; `chain` is broken all the same. */
export const faultsMax = 1_000
const progressEvery = 50_000

export type VerifyOptions = {
  /** Called now and then with the number of facts that were checked. */
  readonly onProgress?: (facts: number) => void
}

type StreamRow = {
  readonly org: string
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
}

/** Checks every stream of every organisation in the database, as it stands at one moment. */
export async function verifyJournal(db: Db, options: VerifyOptions = {}): Promise<Verified> {
  return db.begin('isolation level repeatable read read only', async (tx) => {
    // The rows lie in the order in which they came; the index gives them in the order of the chain.
    await tx`SET LOCAL enable_sort = off`
    const streams = await tx<StreamRow[]>`
      SELECT org_id AS org, stream, head_seq AS seq, head_hash AS hash
      FROM stream
      ORDER BY org_id, stream
    `
    const walk = { facts: 0, faults: [] as LocatedFault[] }
    for (const row of streams) await walkStream(tx, row, { ...options, walk })
    await tx`SET LOCAL enable_sort = on`
    const faults = [...walk.faults, ...(await checkIds(tx)), ...(await checkPeers(tx))]
    return {
      chain: faults.length === 0 ? 'ok' : 'broken',
      facts: walk.facts,
      streams: streams.length,
      faults: faults.slice(0, faultsMax),
    }
  })
}

type Walk = { facts: number; readonly faults: LocatedFault[] }

async function walkStream(
  tx: Tx,
  { org, stream, seq, hash }: StreamRow,
  { walk, onProgress }: VerifyOptions & { readonly walk: Walk },
): Promise<void> {
  const checker = createChainChecker({
    org,
    stream,
    onFault: (at, fault) => {
      if (walk.faults.length < faultsMax) walk.faults.push({ org, stream, seq: at, fault })
    },
  })
  const reader = createCopyReader(checkedColumns.length, (row) => {
    checker.onRow(row)
    walk.facts += 1
    if (walk.facts % progressEvery === 0) onProgress?.(walk.facts)
  })
  // COPY takes no parameters; both names are of a form that needs no quoting, and that is checked.
  assert(isUuid(org) && parseStreamId(stream) !== undefined, 'a stream has a well-formed name')
  const rows = await tx
    .unsafe(
      `COPY (
        SELECT ${checkedColumns.join(', ')}
        FROM journal
        WHERE org_id = '${org}' AND stream = '${stream}'
        ORDER BY seq
      ) TO STDOUT (FORMAT binary)`,
    )
    .readable()
  rows.on('data', reader.push)
  await once(rows, 'end')
  reader.end()
  checker.end({ seq, hash })
}

/** Every fact's id is listed, and every id that is listed is a fact's. */
async function checkIds(tx: Tx): Promise<readonly LocatedFault[]> {
  return tx<LocatedFault[]>`
    SELECT org, stream, seq, fault
    FROM (
      SELECT journal.org_id AS org, journal.stream, journal.seq, 'id_missing' AS fault
      FROM journal
      LEFT JOIN fact_id AS owner ON owner.org_id = journal.org_id AND owner.id = journal.id
      WHERE owner.id IS NULL
      UNION ALL
      SELECT owner.org_id, owner.stream, owner.seq, 'id_dangling'
      FROM fact_id AS owner
      LEFT JOIN journal
        ON journal.org_id = owner.org_id AND journal.stream = owner.stream
        AND journal.seq = owner.seq AND journal.id = owner.id
      WHERE journal.id IS NULL
    ) AS found
    ORDER BY org, stream, seq
    LIMIT ${faultsMax}
  `
}

/** What a peer has acknowledged is here, and is what it acknowledged. */
async function checkPeers(tx: Tx): Promise<readonly LocatedFault[]> {
  return tx<LocatedFault[]>`
    SELECT cursor.org_id AS org, cursor.stream, cursor.acked_seq AS seq,
      CASE
        WHEN cursor.acked_seq > coalesce(stream.head_seq, 0) OR cursor.cloud_seq > stream.head_seq
          THEN 'behind_peer'
        ELSE 'differs_from_peer'
      END AS fault
    FROM peer_cursor AS cursor
    LEFT JOIN stream ON stream.org_id = cursor.org_id AND stream.stream = cursor.stream
    LEFT JOIN journal
      ON journal.org_id = cursor.org_id AND journal.stream = cursor.stream
      AND journal.seq = cursor.acked_seq
    WHERE cursor.acked_seq > coalesce(stream.head_seq, 0) OR cursor.cloud_seq > stream.head_seq
      OR (cursor.acked_hash IS NOT NULL AND journal.hash <> cursor.acked_hash)
    ORDER BY org, stream, seq
    LIMIT ${faultsMax}
  `
}
