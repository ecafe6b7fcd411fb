import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type ReadFact, readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import {
  chainHash,
  parseStreamId,
  type StreamId,
  type StreamName,
} from '@tillkeeper/facts/seal/stream.ts'
import { cloudAuthor } from './record-facts.ts'
import { sha256 } from './sha256.ts'

// All that can be told of a part of a stream without a database: each fact is read once and the chain
// is computed once, before anything is held.

/** As many facts are taken at once. */
export const receivedFactsMax = 10_000

/** A part of a stream as a peer sends it: facts at `from`, `from + 1` … */
export type ReceivedPart = {
  readonly org: OrgId
  readonly stream: StreamId
  readonly from: number
  /** The hash of the chain before `from`, as the sender computed it. */
  readonly prevHash: Uint8Array
  readonly facts: readonly Uint8Array[]
  /** When this database learns of them. */
  readonly recordedAt: string
}

/** Why a fact cannot be taken at its position. */
export type MisplacedCode = 'bad_fact' | 'wrong_org' | 'wrong_author'

/** What bytes that are a fact turned out to be. */
export type FoundFact = Exclude<ReadFact, { kind: 'refused' }>

export type ReadPart = ReceivedPart & {
  readonly name: StreamName
  /** The hash of the chain at each of `facts`, computed here from `prevHash`. */
  readonly hashes: readonly Uint8Array[]
  /** What the facts are, up to the first that is misplaced. */
  readonly read: readonly FoundFact[]
  /** The first fact that is none, or none of this stream's at its position. */
  readonly misplaced: { readonly code: MisplacedCode; readonly seq: number } | undefined
}

/** Reads and chains the facts of a part. Nothing is concluded: what is held already is not known here. */
export function readPart(part: ReceivedPart): ReadPart {
  const { org, stream, from, facts } = part
  assert(facts.length <= receivedFactsMax, 'a part of a stream is bounded')
  assert(from >= 1, 'positions begin at 1')
  const name = parseStreamId(stream)
  assert(name !== undefined, 'a stream has a well-formed name')
  let hash = part.prevHash
  const hashes = facts.map((bytes) => {
    hash = chainHash(sha256, hash, bytes)
    return hash
  })
  const read: FoundFact[] = []
  for (const [index, bytes] of facts.entries()) {
    const seq = from + index
    const found = readFact(bytes)
    const code = found.kind === 'refused' ? 'bad_fact' : placeOf(found.fact, { org, name, seq })
    if (found.kind === 'refused' || code !== undefined) {
      return { ...part, name, hashes, read, misplaced: { code: code ?? 'bad_fact', seq } }
    }
    read.push(found)
  }
  return { ...part, name, hashes, read, misplaced: undefined }
}

/** Why a fact cannot be the one of this position; `undefined` if it can. */
function placeOf(
  fact: Fact,
  { org, name, seq }: { readonly org: OrgId; readonly name: StreamName; readonly seq: number },
): MisplacedCode | undefined {
  if (fact.org !== org) return 'wrong_org'
  if (name.kind === 'author') {
    if (fact.author !== name.author || fact.epoch !== name.epoch) return 'wrong_author'
  } else if (fact.author !== cloudAuthor || fact.scope !== name.scope) {
    return 'wrong_author'
  }
  return fact.seq === seq ? undefined : 'bad_fact'
}
