import { verify } from 'node:crypto'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { headStatement } from '@tillkeeper/sync/identity/head-statement.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { isReceipt, readPublicKey } from './sign-heads.ts'

// A chain that was computed anew after a fact was changed is whole in itself: no walk along it finds
// anything. What an author or the cloud signed of it does not fit it any more.

export type HeadFault =
  /** What is held at the position is not what the cloud, or the author, signed. */
  | 'differs_from_receipt'
  | 'differs_from_signature'
  /** The cloud had more: the tail was cut off, or an old copy was restored. */
  | 'behind_receipt'
  /** The signature is by no key, or by another key than the cloud's. */
  | 'bad_receipt'
  | 'bad_signature'

export type LocatedHeadFault = {
  readonly org: string
  readonly stream: string
  readonly seq: number
  readonly fault: HeadFault
}

/** More faults than this say nothing new. */
const faultsMax = 1_000

type Row = {
  readonly org: OrgId
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
  readonly signature: Uint8Array
  readonly publicKey: string
  readonly at: string
  /** What is held there; null where nothing is. */
  readonly held: Uint8Array | null
  readonly kind: 'author' | 'feed' | null
}

/**
 * Compares every signed head and every receipt with the journal. `cloudKey` (base64 of SPKI) is the key
 * that receipts must be by; left out, whichever stands beside them is believed.
 */
export async function verifyHeads(
  db: Db,
  { cloudKey }: { readonly cloudKey?: string | undefined } = {},
): Promise<readonly LocatedHeadFault[]> {
  const [receipts, signatures] = await Promise.all([
    readRows(db, 'head_receipt'),
    readRows(db, 'head_signature'),
  ])
  const faults = [
    ...receipts.map((row) => ({ ...row, fault: judgeReceipt(row, cloudKey) })),
    ...signatures.map((row) => ({ ...row, fault: judgeSignature(row) })),
  ]
  return faults
    .flatMap(({ org, stream, seq, fault }) =>
      fault === undefined ? [] : [{ org, stream, seq, fault }],
    )
    .slice(0, faultsMax)
}

async function readRows(db: Db, table: 'head_receipt' | 'head_signature'): Promise<readonly Row[]> {
  return db<Row[]>`
    SELECT signed.org_id AS org, signed.stream, signed.seq, signed.hash, signed.signature,
      signed.public_key AS "publicKey", signed.at, journal.hash AS held, stream.kind
    FROM ${db(table)} AS signed
    LEFT JOIN stream USING (org_id, stream)
    LEFT JOIN journal
      ON journal.org_id = signed.org_id AND journal.stream = signed.stream
      AND journal.seq = signed.seq
    ORDER BY signed.org_id, signed.stream
  `
}

function judgeReceipt(row: Row, cloudKey: string | undefined): HeadFault | undefined {
  const { org, stream, seq, at, kind, held } = row
  const signature = Buffer.from(row.signature).toString('base64')
  const key = readPublicKey(row.publicKey)
  const receipt = { stream, seq, hash: toHex(row.hash), at, signature }
  const by = cloudKey === undefined || cloudKey === row.publicKey
  if (key === undefined || !by || !isReceipt(org, receipt, key)) return 'bad_receipt'
  // A feed's receipt may come before its facts do.
  if (held === null) return kind === 'feed' ? undefined : 'behind_receipt'
  return same(held, row.hash) ? undefined : 'differs_from_receipt'
}

// A head may be signed before its facts are here: an author says hello before it sends.
function judgeSignature({ org, stream, seq, held, ...row }: Row): HeadFault | undefined {
  const key = readPublicKey(row.publicKey)
  const statement = headStatement(org, { stream, seq, hash: toHex(row.hash) })
  if (key === undefined || !verify(null, statement, key, row.signature)) return 'bad_signature'
  return held === null || same(held, row.hash) ? undefined : 'differs_from_signature'
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
