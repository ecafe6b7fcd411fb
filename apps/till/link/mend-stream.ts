import { genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { findFork } from '@tillkeeper/sync/identity/find-fork.ts'
import type { MendWire } from '@tillkeeper/sync/link/ports.ts'
import type { StopReason } from '@tillkeeper/sync/link/session.ts'
import { fromHex, toHex } from '@tillkeeper/sync/message/hex.ts'
import { hashBytes, type TillNode } from '../app/node.ts'
import type { Common } from '../journal/journal.ts'
import type { RenewEpoch } from './renew-epoch.ts'

type Mending = {
  readonly node: Omit<TillNode, 'link'>
  readonly wire: MendWire
  readonly renew: RenewEpoch
}

/**
 * Goes on after the store server and this till found that they hold different histories of a stream.
 * Whether something was mended, so that a new hello is worth saying.
 *
 * A feed of ours is dropped and pulled again. Where the store server holds more of the stream that we
 * seal in, we go on in an epoch of our own, and the link pulls what is missing. Where it holds another
 * history, everything of ours after the last common fact is sealed again in our new stream under the
 * same ids: what arrives twice is counted once, and nothing is left behind in a stream that nobody takes.
 */
export async function mendStream(
  { node, wire, renew }: Mending,
  stream: StreamId,
  why: StopReason,
): Promise<boolean> {
  if (why !== 'fork' && why !== 'sender_rolled_back') return false
  if (stream.startsWith('feed/')) {
    if (why === 'fork') await node.inbox.forget(stream)
    return why === 'fork'
  }
  const isCurrent = () => stream.startsWith(`${node.device.author}:${node.journal.epoch()}/`)
  if (isCurrent() && (await renew()) === 'not_now') return false
  if (why === 'fork') {
    const common = await findCommon({ node, wire }, stream)
    if (common === undefined) return false
    await node.turns(() => node.journal.sealAgain(common))
  }
  node.state.setState({ sent: node.outbox.sent() })
  return true
}

/** The last fact of a stream that both sides hold; `undefined` if there is no telling now, or no fork. */
async function findCommon(
  { node, wire }: Pick<Mending, 'node' | 'wire'>,
  stream: StreamId,
): Promise<Common | undefined> {
  const head = node.journal.heads().find((each) => each.stream === stream)
  if (head === undefined) return undefined
  const theirs = new Map<number, string>()
  const seq = await findFork(head.seq, {
    hashAt: async (at) => {
      const ours = await node.outbox.hashAt(stream, at)
      // What we forgot the cloud had for good: it is compared with itself.
      return ours === undefined ? theirs.get(at) : toHex(ours)
    },
    ask: async (seqs) => {
      const answer = await wire.hashes({ stream, seqs: [...seqs] })
      if (!answer.ok) return undefined
      for (const { seq: at, hash } of answer.value.hashes) theirs.set(at, hash)
      return theirs
    },
  })
  if (seq === undefined || seq === head.seq) return undefined
  if (seq === 0) return { stream, seq, hash: genesisHash(hashBytes, stream) }
  const hash = theirs.get(seq)
  return hash === undefined ? undefined : { stream, seq, hash: fromHex(hash) }
}
