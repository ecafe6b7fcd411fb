import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { noteIncident } from '@tillkeeper/projections/journal/incident-sql.ts'
import { findHash } from '@tillkeeper/projections/journal/stream-sql.ts'
import { noteContact } from '@tillkeeper/projections/registers/child-contact-sql.ts'
import {
  batchBytesMax,
  batchFactsMax,
  type Hello,
  type HelloReply,
  type Receipt,
  streamsMax,
} from '@tillkeeper/sync/message/messages.ts'
import { answerHello, type Copy } from '@tillkeeper/sync/parent/answer-hello.ts'
import { agreeVersion } from '@tillkeeper/sync/version.ts'
import { noteHello } from '../sync-health/note-hello.ts'
import type { Child } from './child.ts'
import { findReceipts, keepToken } from './identity-sql.ts'
import { giveReceipts, keepSignatures } from './sign-heads.ts'
import type { SyncParent } from './sync-parent.ts'
import { type FeedHead, findCopies, findFeeds, findUnsaid } from './sync-sql.ts'

/** What is asked of a child's batches, where nobody says otherwise. */
const calm: HelloReply['limits'] = { factsMax: batchFactsMax, bytesMax: batchBytesMax, delayMs: 0 }

export type GreetRefusal = { readonly code: 'version_not_spoken' | 'stream_not_yours' }

/**
 * Answers a child's hello, and keeps what it said of itself: its rolling token, the heads that it signed.
 * Copies, forks and rollbacks that come to light are incidents; none of them keeps a child from selling.
 */
export async function greetChild(
  parent: SyncParent,
  child: Child,
  hello: Hello,
): Promise<Outcome<HelloReply, GreetRefusal>> {
  // A child speaks for itself alone: another's word would make a copy of it.
  if (hello.node !== child.author) return refused({ code: 'stream_not_yours' })
  if (agreeVersion(hello.proto) === undefined) return refused({ code: 'version_not_spoken' })
  const { db, cloudPeer } = parent
  const { org } = child
  const authors = await parent.authorsOf(child)
  const mayPush = (stream: StreamId) => authors.has(authorOf(stream) ?? '')
  const streams = hello.heads.map(({ stream }) => stream).filter(mayPush)
  const copies = await findCopies(db, org, {
    streams,
    ...(cloudPeer === undefined ? {} : { cloudPeer }),
  })
  const at = parent.now().toISOString()
  const feeds = await findFeeds(db, org, parent.scopesOf(child))
  const cloned = await hearToken(parent, child, { hello, at })
  await hearSignatures(parent, child, { hello, at })
  const outcome = await answerHello(
    hello,
    {
      copies: async () => copies,
      hashAt: (stream, seq) => findHash(db, org, { stream, seq }),
      feeds,
      mayPush,
      // A till that was set up anew has no use for what an older device of it sold.
      ...(child.kind === 'till'
        ? {}
        : { unsaid: (said) => findUnsaid(db, org, { authors: [...authors], said }) }),
    },
    {
      now: at,
      limits: parent.limitsOf?.(child) ?? calm,
      cloned,
      receipts: [...(await receiptsFor(parent, child, { copies, feeds, at }))],
    },
  )
  if (!outcome.ok) return outcome
  await noteVerdicts(parent, child, { hello, verdicts: outcome.value.verdicts, at })
  await noteHello(db, child, hello, outcome.value)
  const told = Object.fromEntries(hello.feeds.map(({ stream, seq }) => [stream, seq]))
  await noteContact(db, org, { author: child.author, at, feeds: told })
  await parent.onHello?.(child, hello)
  return accepted(outcome.value)
}

type Heard = { readonly hello: Hello; readonly at: string }

async function hearToken({ db }: SyncParent, child: Child, { hello, at }: Heard): Promise<boolean> {
  const { token } = hello
  if (token === undefined) return false
  const { org, author } = child
  const major = Number.parseInt(hello.epoch, 10)
  if ((await keepToken(db, org, { author, major, token, at })) !== 'cloned') return false
  await noteIncident(db, org, {
    ...{ kind: 'clone_suspected', node: author, at },
    detail: { epoch: hello.epoch, build: hello.build },
  })
  return true
}

async function hearSignatures(
  { db, keysOf }: SyncParent,
  child: Child,
  { hello, at }: Heard,
): Promise<void> {
  const { org, author } = child
  const keys = () => keysOf(child)
  const bad = await keepSignatures(db, org, { author, heads: hello.heads, keys, at })
  for (const stream of bad) {
    await noteIncident(db, org, { kind: 'bad_signature', node: author, stream, at })
  }
}

// The cloud signs what it holds; a store server passes on what the cloud signed.
async function receiptsFor(
  { db, receiptKey }: SyncParent,
  { org }: Child,
  {
    copies,
    feeds,
    at,
  }: {
    readonly copies: ReadonlyMap<StreamId, Copy>
    readonly feeds: readonly FeedHead[]
    readonly at: string
  },
): Promise<readonly Receipt[]> {
  if (receiptKey === undefined) return findReceipts(db, org, [...copies.keys()])
  const heads = [
    ...[...copies].flatMap(([stream, { trust, ...head }]) =>
      trust === 'quarantined' ? [] : [{ stream, ...head }],
    ),
    ...feeds,
  ]
  return giveReceipts(db, org, { heads: heads.slice(0, streamsMax), by: receiptKey, at })
}

async function noteVerdicts(
  { db }: SyncParent,
  { org, author: node }: Child,
  { hello, verdicts, at }: Heard & { readonly verdicts: HelloReply['verdicts'] },
): Promise<void> {
  const heads = new Map(hello.heads.map((head) => [head.stream, head.seq]))
  for (const { stream, verdict } of verdicts) {
    const seq = heads.get(stream)
    if (seq === undefined) continue
    const detail = { seq, epoch: hello.epoch }
    if (verdict === 'fork') await noteIncident(db, org, { kind: 'fork', node, stream, detail, at })
    if (verdict === 'sender_rolled_back') {
      await noteIncident(db, org, { kind: 'rollback', node, stream, detail, at })
    }
  }
}

/** Whose stream it is; `undefined` for a feed. */
export function authorOf(stream: StreamId): string | undefined {
  const name = parseStreamId(stream)
  return name?.kind === 'author' ? name.author : undefined
}
