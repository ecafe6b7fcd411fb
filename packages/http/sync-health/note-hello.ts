import { parseStreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { noteChildHello } from '@tillkeeper/projections/sync-health/child-health-sql.ts'
import type { Hello, HelloReply } from '@tillkeeper/sync/message/messages.ts'
import type { Child } from '../sync/child.ts'

/**
 * Keeps what a child said of itself at a hello, and what it was answered. People look at it; nothing is
 * decided by it.
 */
export async function noteHello(
  db: Db,
  { org, author, shopId }: Child,
  hello: Hello,
  { have, verdicts, proto, now }: HelloReply,
): Promise<void> {
  const held = new Map(have.map(({ stream, seq }) => [stream, seq]))
  const notTheirs = new Set(
    verdicts.flatMap(({ stream, verdict }) => (verdict === 'quarantined' ? [stream] : [])),
  )
  const behind = new Map<string, { readonly stream: string; readonly seq: number }[]>()
  for (const { stream, seq } of hello.heads) {
    const name = parseStreamId(stream)
    if (name?.kind !== 'author' || notTheirs.has(stream)) continue
    const told = behind.get(name.author) ?? []
    if (seq > (held.get(stream) ?? 0)) told.push({ stream, seq })
    behind.set(name.author, told)
  }
  const { health } = hello
  await noteChildHello(db, org, {
    author,
    shopId,
    at: now,
    epoch: hello.epoch,
    build: hello.build,
    proto,
    clockOffsetMs: Date.parse(hello.now) - Date.parse(now),
    parked: health?.parked,
    oldestUnackedAt: health?.oldestUnackedAt,
    reconciledAt: health?.reconciledAt,
    behind,
  })
}
