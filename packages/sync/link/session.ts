import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Verdict } from '../message/messages.ts'

// What a child knows while it talks to its parent: where each stream stands on both sides, and what is
// on its way. Values only; link-state.ts says when they change.

/** Streams whose batches may be on their way at once; of each stream, one batch. */
export const pushesMax = 4
export const pullsMax = 2

/** A batch should take about this long: then a slow line loses little by a cut, a fast one wastes none. */
export const batchSlowMs = 1_000
export const batchFastMs = 500
/** The smallest batch that a slow line shrinks to. */
export const batchFactsMin = 16
const batchFactsStep = 100

/** Why nothing more is sent in a stream until the next hello, or ever. */
export type StopReason = Exclude<Verdict, 'resume' | 'receiver_rolled_back' | 'unknown'> | Refused
type Refused = 'sealed' | 'stream_not_yours' | 'fact_refused' | 'batch_too_large' | 'feed_refused'

/** An author stream on its way up. */
export type Lane = {
  readonly stream: StreamId
  /** The last position held here. */
  readonly head: number
  /** The last position that the parent holds for good. */
  readonly acked: number
  /** The last position that the cloud holds for good, as far as we heard. */
  readonly cloud: number
  readonly state: 'ready' | 'sending' | 'stopped'
  readonly why?: StopReason
}

/** A scope feed on its way down, or an author stream whose tail we lost. */
export type Feed = {
  readonly stream: StreamId
  readonly have: number
  /** The parent's last position. */
  readonly head: number
  readonly state: 'ready' | 'pulling' | 'stopped'
  readonly why?: StopReason
}

export type Session = {
  /** In the order in which they are sent, see `laneOrder`. */
  readonly lanes: readonly Lane[]
  readonly feeds: readonly Feed[]
  /** Facts in the next batch: adapts to the line, within what the parent takes. */
  readonly facts: number
  readonly factsMax: number
  readonly bytesMax: number
  /** How long the parent wants us to wait before each batch. */
  readonly delayMs: number
}

/** A batch to send or to ask for. */
export type Work =
  | { readonly type: 'push'; readonly stream: StreamId; readonly after: number }
  | { readonly type: 'pull'; readonly stream: StreamId; readonly after: number }

/**
 * What stands first on the way up: money before reports, and our own before what we relay (a relayed
 * stream is still kept by its author, ours is not kept by anybody else).
 */
export function laneOrder(node: string): (a: Lane, b: Lane) => number {
  const rank = ({ stream }: Lane): number => {
    const name = parseStreamId(stream)
    if (name?.kind !== 'author') return 4
    return (name.lane === 'business' ? 0 : 2) + (name.author === node ? 0 : 1)
  }
  return (a, b) => rank(a) - rank(b) || (a.stream < b.stream ? -1 : 1)
}

/** Takes the batches that may leave now, and marks their streams. */
export function takeWork(session: Session): {
  readonly session: Session
  readonly work: readonly Work[]
} {
  const work: Work[] = []
  let pushes = session.lanes.filter(({ state }) => state === 'sending').length
  const lanes = session.lanes.map((lane): Lane => {
    if (lane.state !== 'ready' || lane.acked >= lane.head || pushes >= pushesMax) return lane
    pushes += 1
    work.push({ type: 'push', stream: lane.stream, after: lane.acked })
    return { ...lane, state: 'sending' }
  })
  let pulls = session.feeds.filter(({ state }) => state === 'pulling').length
  const feeds = session.feeds.map((feed): Feed => {
    if (feed.state !== 'ready' || feed.have >= feed.head || pulls >= pullsMax) return feed
    pulls += 1
    work.push({ type: 'pull', stream: feed.stream, after: feed.have })
    return { ...feed, state: 'pulling' }
  })
  return { session: { ...session, lanes, feeds }, work }
}

/** Whether a batch is on its way. */
export function isBusy({ lanes, feeds }: Session): boolean {
  return (
    lanes.some(({ state }) => state === 'sending') || feeds.some(({ state }) => state === 'pulling')
  )
}

/** Changes one lane; a stream that is not there changes nothing. */
export function changeLane(
  session: Session,
  stream: StreamId,
  change: (lane: Lane) => Lane,
): Session {
  const lanes = session.lanes.map((lane) => (lane.stream === stream ? change(lane) : lane))
  return { ...session, lanes }
}

/** Changes one feed; a stream that is not there changes nothing. */
export function changeFeed(
  session: Session,
  stream: StreamId,
  change: (feed: Feed) => Feed,
): Session {
  const feeds = session.feeds.map((feed) => (feed.stream === stream ? change(feed) : feed))
  return { ...session, feeds }
}

/** The next batch's size after one that took `elapsedMs`: up by a step, down by half. */
export function adaptBatch(session: Session, elapsedMs: number): Session {
  const facts =
    elapsedMs > batchSlowMs
      ? Math.max(batchFactsMin, Math.floor(session.facts / 2))
      : elapsedMs < batchFastMs
        ? session.facts + batchFactsStep
        : session.facts
  return { ...session, facts: Math.min(session.factsMax, facts) }
}
