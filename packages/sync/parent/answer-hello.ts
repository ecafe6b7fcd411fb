import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { judge } from '../link/judge.ts'
import { fromHex, sameBytes, toHex } from '../message/hex.ts'
import {
  type Hello,
  type HelloReply,
  type Position,
  streamsMax,
  type Verdict,
} from '../message/messages.ts'
import { agreeVersion } from '../version.ts'

/** A copy of an author stream, as the parent holds it. */
export type Copy = {
  readonly seq: number
  readonly hash: Uint8Array
  readonly trust: 'ok' | 'suspect' | 'quarantined'
  /** Up to where the cloud has it, as far as the parent knows. In the cloud: `seq`. */
  readonly cloudSeq: number
}

/** What a parent looks up to answer a child. */
export type ParentCopies = {
  readonly copies: (streams: readonly StreamId[]) => Promise<ReadonlyMap<StreamId, Copy>>
  readonly hashAt: (stream: StreamId, seq: number) => Promise<Uint8Array | undefined>
  /** The feeds of the scopes that this child may hold. */
  readonly feeds: readonly {
    readonly stream: StreamId
    readonly seq: number
    readonly hash: Uint8Array
  }[]
  /** Whether the stream is the child's to send. */
  readonly mayPush: (stream: StreamId) => boolean
  /**
   * Streams of the child's authors that are held here and that it does not speak of: one that came back
   * from a backup knows nothing of what began after it. Left out where a child is to hold none of them.
   */
  readonly unsaid?: (
    said: readonly StreamId[],
  ) => Promise<readonly (Copy & { readonly stream: StreamId })[]>
}

/** What the parent says beside the comparison. */
export type Said = Pick<HelloReply, 'now' | 'limits'> & {
  /** Another has gone on with the child's rolling token. */
  readonly cloned?: boolean
  readonly receipts?: HelloReply['receipts']
}

/**
 * Answers a hello: where each of the child's streams stands here, which feeds it may hold, and what the
 * comparison tells. It reads and changes nothing. A child of version 1 is told what version 1 knows: its
 * check of an answer takes no field more.
 */
export async function answerHello(
  hello: Hello,
  parent: ParentCopies,
  { now, limits, cloned = false, receipts = [] }: Said,
): Promise<Outcome<HelloReply, { readonly code: 'version_not_spoken' }>> {
  const proto = agreeVersion(hello.proto)
  if (proto === undefined) return refused({ code: 'version_not_spoken' })

  const copies = await parent.copies(hello.heads.map(({ stream }) => stream))
  const have: HelloReply['have'] = []
  const verdicts: HelloReply['verdicts'] = []
  for (const head of hello.heads) {
    const copy = copies.get(head.stream)
    const verdict = parent.mayPush(head.stream)
      ? await judgeHead(head, copy, parent.hashAt)
      : 'quarantined'
    verdicts.push({ stream: head.stream, verdict })
    if (copy === undefined || !parent.mayPush(head.stream)) continue
    const { seq, hash, cloudSeq } = copy
    have.push({ stream: head.stream, seq, hash: toHex(hash), cloudSeq })
  }
  if (proto >= 2) {
    const said = hello.heads.map(({ stream }) => stream)
    const room = streamsMax - have.length
    for (const { stream, seq, hash, cloudSeq } of ((await parent.unsaid?.(said)) ?? []).slice(
      0,
      room,
    )) {
      have.push({ stream, seq, hash: toHex(hash), cloudSeq })
      verdicts.push({ stream, verdict: 'sender_rolled_back' })
    }
  }
  const feeds = parent.feeds.map(({ stream, seq, hash }) => ({ stream, seq, hash: toHex(hash) }))
  const held = new Map(hello.feeds.map((feed) => [feed.stream, feed]))
  for (const feed of parent.feeds) {
    const theirs = held.get(feed.stream)
    verdicts.push({
      stream: feed.stream,
      verdict: await judgeFeed(feed, theirs, parent.hashAt),
    })
  }
  const first = { proto, now, have, feeds, limits, verdicts }
  return accepted(proto === 1 ? first : { ...first, cloned, receipts })
}

// The child sends. Where it holds more than we do, it compares: only it has its hash at our position.
async function judgeHead(
  head: Position,
  copy: Copy | undefined,
  hashAt: ParentCopies['hashAt'],
): Promise<Verdict> {
  if (copy?.trust === 'quarantined') return 'quarantined'
  const ours =
    copy !== undefined && copy.seq >= head.seq ? await hashAt(head.stream, head.seq) : undefined
  return judge({
    senderSeq: head.seq,
    receiverSeq: copy?.seq,
    ackedSeq: 0,
    hashes: compare(ours, head.hash),
  })
}

// We send. Where the child holds more than we do, we have lost our tail.
async function judgeFeed(
  feed: ParentCopies['feeds'][number],
  theirs: Position | undefined,
  hashAt: ParentCopies['hashAt'],
): Promise<Verdict> {
  const ours =
    theirs !== undefined && theirs.seq <= feed.seq
      ? await hashAt(feed.stream, theirs.seq)
      : undefined
  return judge({
    senderSeq: feed.seq,
    receiverSeq: theirs?.seq,
    ackedSeq: 0,
    hashes: compare(ours, theirs?.hash),
  })
}

function compare(ours: Uint8Array | undefined, theirs: string | undefined) {
  if (ours === undefined || theirs === undefined) return 'unheard'
  return sameBytes(ours, fromHex(theirs)) ? 'equal' : 'different'
}
