import { hash as digest } from 'node:crypto'
import { factBytesMax } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { sha256 } from '../journal/sha256.ts'
import type { CopyRow } from './binary-copy.ts'
import { checkEnvelope, isCanonicallyAt, placeOf, toUuid } from './fact-place.ts'

/** What is wrong at a position of a stream. */
export type Fault =
  /** A position that should hold a fact holds none. */
  | 'missing'
  /** The stored hash does not follow from the one before and the bytes. */
  | 'hash_differs'
  /** The bytes are no fact. */
  | 'not_a_fact'
  /** The fact says that it is another one, or of another place, than its row. */
  | 'misplaced'
  /** The head that the stream's row names is not the last fact's. */
  | 'head_differs'
  /** The fact's id is not listed, or is listed for another fact. */
  | 'id_missing'
  /** An id is listed for a position that holds another fact, or none. */
  | 'id_dangling'
  /** A peer has acknowledged more than is here: the tail was cut off, or an old copy was restored. */
  | 'behind_peer'
  /** A peer has acknowledged another history. */
  | 'differs_from_peer'

export type LocatedFault = {
  readonly org: string
  readonly stream: string
  readonly seq: number
  readonly fault: Fault
}

/** The columns that a checker reads, in this order, in the order of `seq`. */
export const checkedColumns = ['seq', 'id', 'type', 'bytes', 'hash'] as const

type Checked = {
  readonly org: string
  readonly stream: StreamId
  readonly onFault: (seq: number, fault: Fault) => void
}

const hashBytes = 32

/**
 * Walks a stream from its genesis. A fault is told at the position that it is at: the walk goes on from
 * what is stored there, so that one changed fact is one fault and not all that follow.
 */
export function createChainChecker({ org, stream, onFault }: Checked) {
  const place = placeOf(org, stream)
  // The chain runs over the hash before and the bytes: they are laid side by side here, fact by fact.
  let joined = Buffer.alloc(hashBytes + 4_096)
  joined.set(genesisHash(sha256, stream))
  let seq = 0

  const onRow = ([seqColumn, id, type, bytes, hash]: CopyRow): void => {
    if (!seqColumn || !id || !type || !bytes || !hash) return
    const found = Number(seqColumn.readBigInt64BE())
    if (found !== seq + 1) onFault(seq + 1, 'missing')
    seq = found
    const length = hashBytes + bytes.length
    if (joined.length < length) {
      const larger = Buffer.alloc(Math.max(length, hashBytes + factBytesMax))
      larger.set(joined.subarray(0, hashBytes))
      joined = larger
    }
    bytes.copy(joined, hashBytes)
    const computed = digest('sha256', joined.subarray(0, length), 'buffer')
    if (!computed.equals(hash)) onFault(seq, 'hash_differs')
    hash.copy(joined)
    const row = { id: toUuid(id), seq, type: type.toString('utf8') }
    if (isCanonicallyAt(bytes, place, row)) return
    const fault = checkEnvelope(bytes, place, row)
    if (fault !== undefined) onFault(seq, fault)
  }

  return {
    onRow,
    /** Compares the end of the walk with what the stream's row says of it. */
    end: (head: { readonly seq: number; readonly hash: Uint8Array }): void => {
      if (head.seq > seq) onFault(seq + 1, 'missing')
      if (head.seq !== seq || !joined.subarray(0, hashBytes).equals(head.hash)) {
        onFault(head.seq, 'head_differs')
      }
    },
  }
}
