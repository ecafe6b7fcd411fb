import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { parseStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { transact } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { type Batch, isWhole } from '@tillkeeper/sync/inbox/place-batch.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { NackCode, Receipt } from '@tillkeeper/sync/message/messages.ts'
import type { Child } from './child.ts'
import { mayHold } from './may-hold.ts'
import { isReceipt, readPublicKey } from './sign-heads.ts'
import type { SyncParent } from './sync-parent.ts'

/**
 * Takes back the tail of a feed that this cloud wrote and lost: from a child that may hold the feed, of
 * an epoch that is not written any more, and only with the cloud's own receipt for its last position. The
 * chain binds all before it, so a child can bring back what was written, and nothing else.
 */
export async function adoptFeed(
  parent: SyncParent,
  child: Child,
  { batch, receipt }: { readonly batch: Batch; readonly receipt: Receipt | undefined },
): Promise<Outcome<{ seq: number; hash: Uint8Array; added: number }, { readonly code: NackCode }>> {
  const { db, now, receiptKey, feedEpochOf } = parent
  const { org } = child
  const { stream, from, prevHash, lastHash, facts } = batch
  const name = parseStreamId(stream)
  const closed = name?.kind === 'feed' && Number(name.epoch) < (feedEpochOf?.(org) ?? 1)
  if (!closed || !(await mayHold(parent, child))(stream))
    return refused({ code: 'stream_not_yours' })
  const key = receiptKey === undefined ? undefined : readPublicKey(receiptKey.publicKey)
  const ours =
    receipt !== undefined &&
    key !== undefined &&
    receipt.stream === stream &&
    receipt.seq === from + facts.length - 1 &&
    receipt.hash === toHex(lastHash) &&
    isReceipt(org, receipt, key)
  if (!ours) return refused({ code: 'fact_refused' })
  if (!isWhole(sha256, batch)) return refused({ code: 'damaged' })
  const recordedAt = now().toISOString()
  const outcome = await transact<
    { seq: number; hash: Uint8Array; added: number },
    { readonly code: NackCode }
  >(db, async (tx) => {
    const received = await receiveFacts(tx, { org, stream, from, prevHash, facts, recordedAt })
    if (received.kind === 'ok') return accepted(received)
    if (received.code === 'gap') return refused({ code: 'gap' })
    const differs = received.code === 'fork' || received.code === 'hash_differs'
    return refused({ code: differs ? 'fork' : 'fact_refused' })
  })
  if (outcome.ok && outcome.value.added > 0) {
    parent.hub.feedGrew(org, { stream, seq: outcome.value.seq })
  }
  return outcome
}
