import { expect, test } from 'vitest'
import { judge } from './judge.ts'

// One row for each thing that two positions and a hash can tell, in order of precedence.
test.for([
  { sender: 5, receiver: undefined, acked: 0, hashes: 'unheard', verdict: 'unknown' },
  { sender: 5, receiver: 5, acked: 5, hashes: 'different', verdict: 'fork' },
  { sender: 5, receiver: 3, acked: 3, hashes: 'different', verdict: 'fork' },
  { sender: 3, receiver: 5, acked: 3, hashes: 'different', verdict: 'fork' },
  { sender: 3, receiver: 5, acked: 3, hashes: 'equal', verdict: 'sender_rolled_back' },
  { sender: 5, receiver: 2, acked: 4, hashes: 'equal', verdict: 'receiver_rolled_back' },
  { sender: 5, receiver: 4, acked: 4, hashes: 'equal', verdict: 'resume' },
  { sender: 5, receiver: 5, acked: 4, hashes: 'equal', verdict: 'resume' }, // An ack was lost.
  { sender: 5, receiver: 0, acked: 0, hashes: 'unheard', verdict: 'resume' },
] as const)(
  'sender at $sender, receiver at $receiver, acked $acked, hashes $hashes: $verdict',
  (row) => {
    const { sender: senderSeq, receiver: receiverSeq, acked: ackedSeq, hashes, verdict } = row
    expect(judge({ senderSeq, receiverSeq, ackedSeq, hashes })).toBe(verdict)
  },
)
