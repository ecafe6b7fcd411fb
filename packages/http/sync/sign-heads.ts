import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'
import { headStatement, receiptStatement } from '@tillkeeper/sync/identity/head-statement.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Position, Receipt, SignedPosition } from '@tillkeeper/sync/message/messages.ts'
import { findKeptHeads, findReceipts, keepHeads, type SignedHead } from './identity-sql.ts'
import type { FeedHead } from './sync-sql.ts'

// An author signs the heads of its streams, the cloud countersigns those that it holds. Each keeps what
// the other signed, so neither can write a history anew alone (docs/specs/replication.md, identity).

/** Signs a head of one of our own streams, in base64. */
export function signHead(org: OrgId, head: Position, key: KeyObject): string {
  return sign(null, headStatement(org, head), key).toString('base64')
}

/** Reads a public key; `undefined` for bytes that are none. */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return undefined // What was given as a key is none: nothing was signed with it.
  }
}

/** Whether the cloud of this key gave the receipt. */
export function isReceipt(org: OrgId, receipt: Receipt, publicKey: KeyObject): boolean {
  const { signature, ...said } = receipt
  return verify(null, receiptStatement(org, said), publicKey, Buffer.from(signature, 'base64'))
}

/**
 * Keeps the heads that a child signed of its own streams. Those that are kept already are not looked at
 * again. Returns the streams whose signature is by none of the child's keys: nothing of them is kept.
 */
export async function keepSignatures(
  sql: Reader,
  org: OrgId,
  {
    author,
    heads,
    keys,
    at,
  }: {
    readonly author: string
    readonly heads: readonly SignedPosition[]
    /** The child's public keys, base64 of SPKI. */
    readonly keys: () => Promise<readonly string[]>
    readonly at: string
  },
): Promise<readonly StreamId[]> {
  const own = heads.filter(
    ({ stream, signature }) => signature !== undefined && stream.startsWith(`${author}:`),
  )
  if (own.length === 0) return []
  const kept = await findKeptHeads(
    sql,
    org,
    own.map(({ stream }) => stream),
  )
  const news = own.filter(({ stream, seq, hash }) => !kept.has(`${stream} ${seq} ${hash}`))
  if (news.length === 0) return []
  const known = (await keys()).flatMap((text) => {
    const key = readPublicKey(text)
    return key === undefined ? [] : [{ text, key }]
  })
  const good: SignedHead[] = []
  const bad: StreamId[] = []
  for (const { signature = '', ...head } of news) {
    const statement = headStatement(org, head)
    const by = known.find(({ key }) =>
      verify(null, statement, key, Buffer.from(signature, 'base64')),
    )
    if (by === undefined) bad.push(head.stream)
    else good.push({ ...head, signature, publicKey: by.text, at })
  }
  await keepHeads(sql, org, { table: 'head_signature', heads: good })
  return bad
}

/** What the cloud signs receipts with. */
export type ReceiptKey = { readonly key: KeyObject; readonly publicKey: string }

/** The cloud's word for a head that it holds. */
export function signReceipt(
  org: OrgId,
  said: Position & { readonly at: string },
  { key }: ReceiptKey,
): Receipt {
  const signature = sign(null, receiptStatement(org, said), key).toString('base64')
  return { ...said, signature }
}

/** Countersigns the heads that the cloud holds. One that was signed before is given again as it was. */
export async function giveReceipts(
  sql: Reader,
  org: OrgId,
  {
    heads: held,
    by,
    at,
  }: {
    readonly heads: readonly FeedHead[]
    readonly by: ReceiptKey
    readonly at: string
  },
): Promise<readonly Receipt[]> {
  const heads = held
    .filter(({ seq }) => seq > 0)
    .map(({ stream, seq, hash }) => ({ stream, seq, hash: toHex(hash) }))
  const before = new Map(
    (
      await findReceipts(
        sql,
        org,
        heads.map(({ stream }) => stream),
      )
    ).map((receipt) => [receipt.stream, receipt]),
  )
  const fresh: Receipt[] = []
  const all = heads.map((head) => {
    const given = before.get(head.stream)
    if (given?.seq === head.seq && given.hash === head.hash) return given
    const receipt = signReceipt(org, { ...head, at }, by)
    fresh.push(receipt)
    return receipt
  })
  const { publicKey } = by
  await keepHeads(sql, org, {
    table: 'head_receipt',
    heads: fresh.map((receipt) => ({ ...receipt, publicKey })),
  })
  return all
}
