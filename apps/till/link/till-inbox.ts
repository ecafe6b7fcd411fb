import { accepted } from '@tillkeeper/core/base/outcome.ts'
import type { Inbox } from '@tillkeeper/sync/link/ports.ts'
import type { TillNode } from '../app/node.ts'
import { foldFacts } from '../journal/fold-book.ts'

/** What the link receives: feeds, and what the store server has of our own streams that we lost. */
export function tillInbox({
  device,
  inbox,
  journal,
  outbox,
  turns,
  state,
}: Omit<TillNode, 'link'>): Inbox {
  return {
    feeds: inbox.feeds,
    receive: (batch) => {
      if (!batch.stream.startsWith(`${device.author}:`)) return inbox.receive(batch)
      return turns(async () => {
        let { book } = state.getState()
        const taken = await journal.takeTail(batch, (fresh) => {
          book = foldFacts(book, fresh)
          return { book }
        })
        if (!taken.ok) return taken
        state.setState({ book })
        const { seq } = taken.value
        const cloudSeq = outbox.acks().get(batch.stream)?.cloudSeq ?? 0
        // Whoever gave it to us holds it.
        await outbox.noteAcks([{ stream: batch.stream, seq, hash: batch.lastHash, cloudSeq }])
        return accepted({ seq })
      })
    },
  }
}
