import type { Verdict } from '../message/messages.ts'

/** Two copies of one stream, as far as one side can compare them. */
export type Comparison = {
  /** The last position that the sender holds. */
  readonly senderSeq: number
  /** The last position that the receiver really holds; `undefined` if it never heard of the stream. */
  readonly receiverSeq: number | undefined
  /** What the receiver had acknowledged, as the sender remembers it. */
  readonly ackedSeq: number
  /**
   * Whether both have the same hash at the lower of the two positions. `unheard` where this side does
   * not know the other's hash there: the side that can compare decides.
   */
  readonly hashes: 'equal' | 'different' | 'unheard'
}

/**
 * What two positions and one hash tell: lost acknowledgements, restored receivers, restored senders
 * and forks are all found here (docs/specs/replication.md, verdicts). Pure, and the same on both sides.
 */
export function judge({ senderSeq, receiverSeq, ackedSeq, hashes }: Comparison): Verdict {
  if (receiverSeq === undefined) return 'unknown'
  if (hashes === 'different') return 'fork'
  if (receiverSeq > senderSeq) return 'sender_rolled_back'
  return receiverSeq < ackedSeq ? 'receiver_rolled_back' : 'resume'
}
