import { assert } from '@tillkeeper/core/base/assert.ts'
import { canonicalJson } from './canonical.ts'
import { type Hlc, nextHlc } from './hlc.ts'
import { chainHash, parseStreamId, type Sha256, type StreamId } from './stream.ts'

/** What a decision accepted, before it has a place in its author's chain. */
export type FactDraft<Type extends string = string, Body = unknown> = {
  /** Made by whoever acted first: the idempotency key of the effect, for ever. */
  readonly id: string
  readonly type: Type
  /** The version of the type's body. */
  readonly v: number
  /** Who may hold it: `org`, `shop:<id>`, `credentials:<shop id>`. */
  readonly scope: string
  /** Who did it: `staff:<id>`, `key:<id>`, or `node:<author>` where no person was there. */
  readonly actor: string
  /** The author's wall clock, ISO 8601 in UTC. It never orders anything. */
  readonly occurredAt: string
  /** The day of business in the shop's time zone, `YYYY-MM-DD`, fixed when the act happens. */
  readonly businessDate: string
  /** What it touches, such as `session:<id>`: a fact that cannot be projected parks these, only. */
  readonly keys: readonly string[]
  /** Ids of facts that it speaks of, such as the sale of a refund. */
  readonly refs: readonly string[]
  readonly body: Body
}

/** A fact in its place: sealed by its author, and never changed again. */
export type Fact<Type extends string = string, Body = unknown> = FactDraft<Type, Body> & {
  readonly org: string
  readonly author: string
  /** `major.minor`, see StreamId. */
  readonly epoch: string
  /** Its position in the stream, from 1, without a gap. */
  readonly seq: number
  readonly hlc: Hlc
}

/** Where a stream stands: its last position and the hash of everything up to it. */
export type StreamHead = {
  readonly stream: StreamId
  /** 0 before the first fact. */
  readonly seq: number
  readonly hash: Uint8Array
}

/** A fact with the bytes that the chain runs over, and the hash of the chain up to it. */
export type SealedFact<F extends Fact = Fact> = {
  readonly fact: F
  readonly stream: StreamId
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

/**
 * The largest fact that is sealed or taken. A sale of 1,000 lines with the longest names, in signs of
 * four bytes, comes to 1.3 MB; what an author could seal and no peer would take would stop its stream.
 */
export const factBytesMax = 2_097_152

export type Sealer = {
  readonly org: string
  readonly author: string
  readonly epoch: string
  readonly sha256: Sha256
}

const utf8 = new TextEncoder()

/**
 * Gives drafts their place after `head`: positions, clock readings, canonical bytes and hashes. Pure:
 * the caller stores the sealed facts, the new head and the new clock together, or none of them.
 */
export function seal(
  sealer: Sealer,
  from: { readonly head: StreamHead; readonly hlc: Hlc; readonly nowMs: number },
  drafts: readonly FactDraft[],
): { readonly sealed: readonly SealedFact[]; readonly head: StreamHead; readonly hlc: Hlc } {
  const { org, author, epoch, sha256 } = sealer
  const { stream } = from.head
  assertOwn(stream, sealer)
  let { seq, hash } = from.head
  let { hlc } = from
  const sealed = drafts.map((draft): SealedFact => {
    seq += 1
    hlc = nextHlc(hlc, from.nowMs)
    const fact: Fact = { ...draft, org, author, epoch, seq, hlc }
    const bytes = utf8.encode(canonicalJson(fact))
    assert(bytes.length <= factBytesMax, 'a sealed fact is one that every peer takes')
    hash = chainHash(sha256, hash, bytes)
    return { fact, stream, bytes, hash }
  })
  return { sealed, head: { stream, seq, hash }, hlc }
}

// A feed is sealed by whoever orders its scope; an author's stream by that author in that epoch alone.
function assertOwn(stream: StreamId, { author, epoch }: Sealer): void {
  const name = parseStreamId(stream)
  assert(name !== undefined, 'facts are sealed in a named stream')
  assert(
    name.kind === 'feed' || (name.author === author && name.epoch === epoch),
    'an author seals in its own stream',
  )
}
