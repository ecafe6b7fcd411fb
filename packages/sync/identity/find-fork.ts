import { assert } from '@tillkeeper/core/base/assert.ts'
import { hashesMax } from '../message/messages.ts'

/** Each round leaves a 64th of what is in question: nine are enough for any position that is exact. */
export const roundsMax = 10

/** Positions that are asked for next, between one that is common and one that is not. */
export function nextSeqs(common: number, different: number): readonly number[] {
  const between = different - common - 1
  const count = Math.min(hashesMax, between)
  return Array.from(
    { length: count },
    (_, index) => common + Math.ceil(((index + 1) * between) / count),
  )
}

/**
 * Finds the last position up to which two copies of a stream are the same, by comparing hashes at some
 * positions a round. A chain that differs at one position differs at all after it, so it is a search;
 * what the other does not hold counts as different. Position 0 is the stream's name, and common.
 *
 * `ask` gives the other's hashes at up to `hashesMax` positions, `undefined` if it cannot be asked now.
 */
export async function findFork(
  ourSeq: number,
  {
    hashAt,
    ask,
  }: {
    readonly hashAt: (seq: number) => Promise<string | undefined>
    readonly ask: (seqs: readonly number[]) => Promise<ReadonlyMap<number, string> | undefined>
  },
): Promise<number | undefined> {
  let common = 0
  let different = ourSeq + 1
  for (let round = 0; different - common > 1; round += 1) {
    assert(round < roundsMax, 'each round narrows what is in question')
    const seqs = nextSeqs(common, different)
    const theirs = await ask(seqs)
    if (theirs === undefined) return undefined
    for (const seq of seqs) {
      const ours = await hashAt(seq)
      if (ours === undefined || theirs.get(seq) !== ours) {
        different = seq
        break
      }
      common = seq
    }
  }
  return common
}
