import { upcast } from '@tillkeeper/facts/read-fact.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { StopReason } from '@tillkeeper/sync/link/session.ts'
import type { TillNode } from '../app/node.ts'

/** Facts that are sealed again at once: more than a till sells in a month without its store server. */
const againMax = 20_000

/**
 * Goes on after the store server and this till found that they hold different histories of a stream.
 *
 * A feed of ours is dropped and pulled again. Our own current stream is ended where it stands, and the
 * next minor begins with every fact of it that the cloud is not known to have, under their old ids: what
 * arrives twice is counted once, and money that moved is never left behind in a stream nobody takes.
 */
export async function mendStream(node: TillNode, stream: StreamId, why: StopReason): Promise<void> {
  if (why !== 'fork' && why !== 'sender_rolled_back') return
  if (stream.startsWith('feed/')) {
    if (why === 'fork') await node.inbox.forget(stream)
    return
  }
  await node.turns(async () => {
    const current = node.journal.heads().at(-1)
    if (current?.stream !== stream) return
    await node.journal.beginEpoch(await readAgain(node, stream))
  })
  node.state.setState({ sent: node.outbox.sent() })
  node.link.wake()
}

async function readAgain(
  { db, outbox }: TillNode,
  stream: StreamId,
): Promise<readonly FactDraft[]> {
  const after = outbox.acks().get(stream)?.cloudSeq ?? 0
  const range = IDBKeyRange.bound([stream, after + 1], [stream, Number.MAX_SAFE_INTEGER])
  const rows = await db.getAll('fact', range, againMax)
  return rows.map(({ bytes }) => {
    const read = upcast(JSON.parse(new TextDecoder().decode(bytes)))
    if (read.kind === 'refused') throw new Error('a fact of our own cannot be read')
    // A new place: its old one stays in the old stream.
    const { org: _, author: __, epoch: ___, seq: ____, hlc: _____, ...draft } = read.fact
    return draft
  })
}
