import type { MendWire } from '@tillkeeper/sync/link/ports.ts'
import type { TillNode } from '../app/node.ts'
import type { Missing } from '../device/witness.ts'
import type { LostFacts } from '../journal/kept.ts'
import { findLost, type Gone } from './find-lost.ts'

type Deps = {
  readonly wire: Pick<MendWire, 'hashes'>
  /** What the start found missing. */
  readonly missing: Missing
}

/**
 * Finds out once, when the store server can be asked, whether what is missing here is anywhere, and writes
 * down what is not. The function it returns is called whenever the line is up.
 */
export function lookForLost(
  node: Pick<TillNode, 'device' | 'journal' | 'state' | 'nowMs'>,
  { wire, missing }: Deps,
): () => Promise<void> {
  let done = missing.is === 'nothing'
  let asking = false
  return async () => {
    if (done || asking || missing.is === 'nothing') return
    asking = true
    try {
      const { witness, heldSeq } = missing
      const { seq, ackedSeq, unsent } = witness
      // Of another till nothing can be asked. What it had not sent is gone.
      const another: Gone | 'none' = unsent > 0 ? { after: ackedSeq, upTo: seq } : 'none'
      const gone =
        witness.tillId === node.device.tillId ? await findLost(wire, { witness, heldSeq }) : another
      if (gone === 'unknown') return
      if (gone !== 'none') await noteLost(node, { stream: witness.stream, ...gone })
      done = true
    } finally {
      asking = false
    }
  }
}

async function noteLost(
  { journal, state, nowMs }: Pick<TillNode, 'journal' | 'state' | 'nowMs'>,
  gone: Gone & Pick<LostFacts, 'stream'>,
): Promise<void> {
  const before = state.getState().lost
  if (before.some(({ stream, upTo }) => stream === gone.stream && upTo === gone.upTo)) return
  const lost = [...before, { ...gone, foundAt: new Date(nowMs()).toISOString() }]
  await journal.keep({ lost })
  state.setState({ lost })
}
