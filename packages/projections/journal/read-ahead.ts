import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { FoundFact, ReadPart } from './read-part.ts'

// What was read to be journalled need not be read a second time to be projected. This is memory only: it
// may forget anything at any time, and the journal says whether it is right.

/** Facts of a stream that follow each other, read. */
export type ReadRun = {
  readonly stream: StreamId
  /** The positions of the first and of the last. */
  readonly first: number
  readonly last: number
  /** The hash of the chain at the last: who finds the same there holds these facts. */
  readonly hash: Uint8Array
  /** The fact at a position from `first` to `last`. */
  readonly at: (seq: number) => FoundFact
}

/** What one process keeps between journalling and projecting. */
export type ReadAhead = {
  /** Keeps the last `added` facts of a part, which are committed; or not, where there is no room. */
  readonly keep: (part: ReadPart, added: number) => void
  /** What is kept of a stream behind a position; all up to it is forgotten. */
  readonly find: (org: OrgId, stream: StreamId, after: number) => ReadRun | undefined
  /** Nothing of the organisation waits any more. */
  readonly forget: (org: OrgId) => void
}

/** As many bytes of facts are kept, as they were sealed; read they take about four times as much. */
export const readAheadBytesMax = 16_777_216

/** What one part brought. */
type Piece = {
  readonly first: number
  readonly last: number
  readonly hash: Uint8Array
  readonly read: readonly FoundFact[]
  readonly bytes: number
}

/** Makes the memory of a server, which its receiver fills and its projector uses up. */
export function createReadAhead(bytesMax = readAheadBytesMax): ReadAhead {
  const orgs = new Map<OrgId, Map<StreamId, Piece[]>>()
  let kept = 0
  const release = (pieces: readonly Piece[]): void => {
    for (const { bytes } of pieces) kept -= bytes
  }
  return {
    keep: ({ org, stream, from, facts, hashes, read }, added) => {
      const hash = hashes.at(-1)
      if (added === 0 || hash === undefined) return
      const skip = facts.length - added
      const bytes = facts.slice(skip).reduce((sum, fact) => sum + fact.length, 0)
      const pieces = orgs.get(org)?.get(stream) ?? []
      const first = from + skip
      // The oldest are wanted first. What finds no room is read from the journal, and what follows it too.
      if (kept + bytes > bytesMax || first !== (pieces.at(-1)?.last ?? first - 1) + 1) return
      kept += bytes
      pieces.push({ first, last: first + added - 1, hash, read: read.slice(skip), bytes })
      const streams = orgs.get(org) ?? new Map<StreamId, Piece[]>()
      orgs.set(org, streams.set(stream, pieces))
    },
    find: (org, stream, after) => {
      const pieces = orgs.get(org)?.get(stream) ?? []
      const waiting = pieces.findIndex(({ last }) => last > after)
      release(pieces.splice(0, waiting < 0 ? pieces.length : waiting))
      const [oldest, newest] = [pieces[0], pieces.at(-1)]
      if (oldest === undefined || newest === undefined) {
        orgs.get(org)?.delete(stream)
        return undefined
      }
      return {
        stream,
        first: oldest.first,
        last: newest.last,
        hash: newest.hash,
        at: finder(pieces),
      }
    },
    forget: (org) => {
      for (const pieces of orgs.get(org)?.values() ?? []) release(pieces)
      orgs.delete(org)
    },
  }
}

function finder(pieces: readonly Piece[]): ReadRun['at'] {
  const held = [...pieces]
  return (seq) => {
    const piece = held.find(({ first, last }) => first <= seq && seq <= last)
    const found = piece?.read[seq - piece.first]
    assert(found !== undefined, 'a run has a fact at each of its positions')
    return found
  }
}
