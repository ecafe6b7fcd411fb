import { toHex } from '../message/hex.ts'
import type { HelloReply, Position, Verdict } from '../message/messages.ts'
import { judge } from './judge.ts'
import type { Outbox, OutboxHead } from './ports.ts'
import { type Feed, type Lane, laneOrder, type Session } from './session.ts'

/** What a hello said, kept until its answer is here. */
export type Greeted = {
  /** The child as an author. */
  readonly node: string
  /** The epoch in which it seals now. */
  readonly epoch: string
  readonly heads: readonly OutboxHead[]
  readonly feeds: readonly Position[]
  readonly reply: HelloReply
  /** Whether tails of feeds that the parent lost are offered to it. */
  readonly offersFeeds?: boolean | undefined
  /** The size of the last session's batches: what the line could bear. */
  readonly facts: number | undefined
}

const factsFirst = 500

/**
 * Turns the parent's answer into a session. The parent compares where it holds more than we do; where
 * it holds less, only we know our hash at its position, and compare here. An author stream of which the
 * parent holds more is pulled like a feed, unless we seal in it at this moment.
 */
export async function openSession(
  { node, epoch, heads, feeds, reply, facts, offersFeeds = false }: Greeted,
  hashAt: Outbox['hashAt'],
): Promise<Session> {
  const verdicts = new Map(reply.verdicts.map(({ stream, verdict }) => [stream, verdict]))
  const theirs = new Map(reply.have.map((have) => [have.stream, have]))
  const lanes: Lane[] = []
  const lost: Feed[] = []
  for (const head of heads) {
    const have = theirs.get(head.stream)
    const acked = have?.seq ?? 0
    let verdict = verdicts.get(head.stream) ?? 'unknown'
    if (verdict === 'resume' && have !== undefined && acked <= head.seq) {
      const ours = await hashAt(head.stream, acked)
      const hashes = ours !== undefined && toHex(ours) === have.hash ? 'equal' : 'different'
      verdict = judge({
        senderSeq: head.seq,
        receiverSeq: acked,
        ackedSeq: head.ackedSeq,
        hashes,
      })
    }
    const known = { stream: head.stream, head: head.seq, acked, cloud: have?.cloudSeq ?? 0 }
    const sealing = head.stream.startsWith(`${node}:${epoch}/`)
    lanes.push({ ...known, ...laneState(verdict, sealing) })
    if (verdict === 'sender_rolled_back' && !sealing && reply.proto >= 2) {
      lost.push({ stream: head.stream, have: head.seq, head: acked, state: 'ready' })
    }
  }
  const said = new Set(heads.map(({ stream }) => stream))
  for (const { stream, seq, cloudSeq: cloud } of reply.have) {
    if (said.has(stream)) continue
    // We know nothing of a stream of ours: it began after the backup that we came back from.
    if (stream.startsWith(`${node}:${epoch}/`)) {
      const known = { stream, head: 0, acked: seq, cloud }
      lanes.push({ ...known, state: 'stopped', why: 'sender_rolled_back' })
    } else lost.push({ stream, have: 0, head: seq, state: 'ready' })
  }
  const ours = new Map(feeds.map((feed) => [feed.stream, feed.seq]))
  const { factsMax, bytesMax, delayMs } = reply.limits
  const offers = offersFeeds && reply.proto >= 2
  for (const { stream, seq: acked } of reply.feeds) {
    const head = ours.get(stream) ?? 0
    if (offers && verdicts.get(stream) === 'sender_rolled_back') {
      lanes.push({ stream, head, acked, cloud: acked, state: 'ready' })
    }
  }
  return {
    lanes: lanes.sort(laneOrder(node)),
    feeds: [
      ...lost,
      ...reply.feeds.map(({ stream, seq }): Feed => {
        const known = { stream, have: ours.get(stream) ?? 0, head: seq }
        const verdict = verdicts.get(stream) ?? 'unknown'
        // A parent that lost its tail is given it back, and has nothing for us.
        if (verdict === 'sender_rolled_back' && offers) return { ...known, state: 'ready' }
        return verdict === 'fork' || verdict === 'sender_rolled_back'
          ? { ...known, state: 'stopped', why: verdict }
          : { ...known, state: 'ready' }
      }),
    ],
    facts: Math.min(factsMax, facts ?? factsFirst),
    factsMax,
    bytesMax,
    delayMs,
  }
}

function laneState(verdict: Verdict, sealing: boolean): Pick<Lane, 'state' | 'why'> {
  switch (verdict) {
    case 'resume':
    case 'receiver_rolled_back':
    case 'unknown':
      return { state: 'ready' }
    case 'sender_rolled_back':
      // We lost a tail, by a restore or by pruning, and get it from the parent. The stream that we seal in
      // waits for another epoch first: what would be sealed next would fork it.
      return sealing ? { state: 'stopped', why: verdict } : { state: 'ready' }
    case 'fork':
    case 'quarantined':
      return { state: 'stopped', why: verdict }
  }
}
