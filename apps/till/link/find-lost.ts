import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { findFork } from '@tillkeeper/sync/identity/find-fork.ts'
import type { MendWire } from '@tillkeeper/sync/link/ports.ts'
import type { Witness } from '../device/witness.ts'

/** Positions of a stream that nobody has any more: after the first, up to and with the second. */
export type Gone = { readonly after: number; readonly upTo: number }

/**
 * Asks the store server for the facts that this browser is known to have had. What neither has is gone:
 * `none` where it has them all, `unknown` while it cannot be asked.
 */
export async function findLost(
  { hashes }: Pick<MendWire, 'hashes'>,
  { witness, heldSeq }: { readonly witness: Witness; readonly heldSeq: number },
): Promise<Gone | 'none' | 'unknown'> {
  const stream = witness.stream as StreamId
  const theirs = new Map<number, string>()
  const ask = async (seqs: readonly number[]) => {
    const answer = await hashes({ stream, seqs: [...seqs] })
    if (!answer.ok) return undefined
    for (const { seq, hash } of answer.value.hashes) theirs.set(seq, hash)
    return theirs
  }
  // There is nothing of ours to compare with but the last hash: what the store server holds, it holds.
  const theirSeq = await findFork(witness.seq, { hashAt: async (seq) => theirs.get(seq), ask })
  if (theirSeq === undefined) return 'unknown'
  const same = theirs.get(witness.seq) === witness.hash
  if (theirSeq === witness.seq && same) return 'none'
  // On another branch, the acknowledged facts are all that is known to be the same.
  const safe = theirSeq === witness.seq ? witness.ackedSeq : theirSeq
  const after = Math.max(safe, heldSeq)
  return after < witness.seq ? { after, upTo: witness.seq } : 'none'
}
