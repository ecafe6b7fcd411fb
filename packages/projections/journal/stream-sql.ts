import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Hlc } from '@tillkeeper/facts/seal/hlc.ts'
import { genesisHash, parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db, Reader, Tx } from '../db.ts'
import { sha256 } from './sha256.ts'

export type Trust = 'ok' | 'suspect' | 'quarantined'

/** Where a stream stands on this node. */
export type Head = {
  readonly stream: StreamId
  readonly kind: 'author' | 'feed'
  /** 0 before the first fact. */
  readonly seq: number
  readonly hash: Uint8Array
  /** Facts up to here are projected, or parked. */
  readonly projectedSeq: number
  readonly hlc: Hlc
  /** Nothing follows a seal. */
  readonly sealed: boolean
  readonly trust: Trust
}

/**
 * Holds an organisation's tables until the transaction ends. Whoever applies facts takes it first,
 * before any row: so there is one projector at a time for each organisation, and no deadlock.
 */
export async function lockOrg(tx: Tx, org: OrgId): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${org}::text, 7312))`.execute()
}

/** Begins a stream, if it is not there yet, at its genesis. */
export async function ensureStream(tx: Reader, org: OrgId, stream: StreamId): Promise<void> {
  const name = parseStreamId(stream)
  assert(name !== undefined, 'a stream has a well-formed name')
  await tx`
    INSERT INTO stream (org_id, stream, kind, head_hash)
    VALUES (${org}, ${stream}, ${name.kind}, ${genesisHash(sha256, stream)})
    ON CONFLICT (org_id, stream) DO NOTHING
  `
}

/**
 * Holds a stream for one who adds to it, and reads where it stands; `undefined` if it was not begun.
 * The organisation is held before it, see `lockOrg`.
 *
 * A feed's clock reading is the latest of all the organisation's feeds: one hand writes them, and an
 * edit that goes out in two of them must never lose to an older one in the other. Nor is any reading earlier
 * than what this node sealed before, in an older epoch too, or took over from facts that it believed.
 */
export async function lockHead(tx: Tx, org: OrgId, stream: StreamId): Promise<Head | undefined> {
  const held = lockOrg(tx, org)
  const read = tx<Head[]>`
    SELECT stream, kind, head_seq AS seq, head_hash AS hash, projected_seq AS "projectedSeq",
      greatest(
        CASE kind
          WHEN 'feed' THEN
            (SELECT max(feed.hlc) FROM stream AS feed WHERE feed.org_id = ${org} AND feed.kind = 'feed')
          ELSE hlc
        END,
        (SELECT clock.hlc FROM node_clock AS clock WHERE clock.org_id = ${org})
      ) AS hlc,
      sealed, trust
    FROM stream
    WHERE org_id = ${org} AND stream = ${stream}
    FOR NO KEY UPDATE
  `.execute()
  // Both at once: if the database goes away, neither refusal may be left without somebody who hears it.
  const [rows] = await Promise.all([read, held])
  return rows[0]
}

/** Where a stream stands; `undefined` if it was not begun. */
export async function findHead(
  sql: Reader,
  org: OrgId,
  stream: StreamId,
): Promise<Head | undefined> {
  const rows = await sql<Head[]>`
    SELECT stream, kind, head_seq AS seq, head_hash AS hash, projected_seq AS "projectedSeq", hlc,
      sealed, trust
    FROM stream
    WHERE org_id = ${org} AND stream = ${stream}
  `
  return rows[0]
}

/** Every stream of an organisation, by name. */
export async function listHeads(sql: Reader, org: OrgId): Promise<readonly Head[]> {
  return sql<Head[]>`
    SELECT stream, kind, head_seq AS seq, head_hash AS hash, projected_seq AS "projectedSeq", hlc,
      sealed, trust
    FROM stream
    WHERE org_id = ${org}
    ORDER BY stream
  `
}

/** Seals a stream for good: its author goes on in another epoch. */
export async function sealStream(tx: Tx, org: OrgId, stream: StreamId): Promise<void> {
  await tx`UPDATE stream SET sealed = true WHERE org_id = ${org} AND stream = ${stream}`
}

/** Says how far a stream may be believed. Of a quarantined one nothing is taken or projected. */
export async function markTrust(
  tx: Tx,
  org: OrgId,
  { stream, trust }: { readonly stream: StreamId; readonly trust: Trust },
): Promise<void> {
  await tx`UPDATE stream SET trust = ${trust} WHERE org_id = ${org} AND stream = ${stream}`
}

/**
 * The hash of the chain at a position (0 is the genesis): two peers compare theirs at the lower of
 * their heads. `undefined` where this node holds nothing at it.
 */
export async function findHash(
  sql: Reader,
  org: OrgId,
  { stream, seq }: { readonly stream: StreamId; readonly seq: number },
): Promise<Uint8Array | undefined> {
  if (seq === 0) return genesisHash(sha256, stream)
  const rows = await sql<{ hash: Uint8Array }[]>`
    SELECT hash FROM journal WHERE org_id = ${org} AND stream = ${stream} AND seq = ${seq}
  `
  return rows[0]?.hash
}

/** Facts of a stream in order, as they were sealed. */
export type StreamPart = {
  /** The position of the first of `facts`, or the next one where there is none. */
  readonly from: number
  /** The hash of the chain before the first. */
  readonly prevHash: Uint8Array
  readonly facts: readonly Uint8Array[]
  /** The last position in this part, and the hash there. */
  readonly seq: number
  readonly hash: Uint8Array
  /** The stream's head when this was read. */
  readonly headSeq: number
}

/**
 * Reads facts after a position: at most `factsMax` of them and `bytesMax` bytes, but always one if
 * there is one. `undefined` where this node holds nothing at `after`.
 */
export async function readStream(
  db: Db | Tx,
  org: OrgId,
  {
    stream,
    after,
    factsMax,
    bytesMax,
  }: {
    readonly stream: StreamId
    readonly after: number
    readonly factsMax: number
    readonly bytesMax: number
  },
): Promise<StreamPart | undefined> {
  const prevHash = await findHash(db, org, { stream, seq: after })
  if (prevHash === undefined) return undefined
  const rows = await db<{ seq: number; bytes: Uint8Array; hash: Uint8Array }[]>`
    SELECT seq, bytes, hash
    FROM (
      SELECT seq, bytes, hash, sum(octet_length(bytes)) OVER (ORDER BY seq) AS size
      FROM (
        SELECT seq, bytes, hash
        FROM journal
        WHERE org_id = ${org} AND stream = ${stream} AND seq > ${after}
        ORDER BY seq
        LIMIT ${factsMax}
      ) AS next
    ) AS measured
    WHERE size <= ${bytesMax} OR seq = ${after + 1}
    ORDER BY seq
  `
  const [head] = await db<{ seq: number }[]>`
    SELECT head_seq AS seq FROM stream WHERE org_id = ${org} AND stream = ${stream}
  `
  const last = rows.at(-1)
  return {
    from: after + 1,
    prevHash,
    facts: rows.map(({ bytes }) => bytes),
    seq: last?.seq ?? after,
    hash: last?.hash ?? prevHash,
    headSeq: head?.seq ?? after,
  }
}
