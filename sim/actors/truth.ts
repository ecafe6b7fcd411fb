import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'

// What people and authors know, kept outside of every node: the measure of all checkers. Nothing that a
// node remembers is believed here.

/** An act that somebody was told is done: a receipt was printed, a drawer opened, a server said 2xx. */
export type PromisedAct = {
  readonly id: string
  readonly type: string
  readonly node: string
  readonly atMs: number
  /** What the paper says: the body as it was printed. */
  readonly body: unknown
  readonly how: 'acknowledged' | 'offline' | 'found_after_restart'
}

/** Somewhere in the world a fact was sealed: its author asked its disk to keep it. */
export type SealedPlace = {
  readonly stream: StreamId
  readonly seq: number
  readonly id: string
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

export type Truth = {
  /** Acts that somebody asked for, done or not: nothing else may turn up. */
  readonly intended: Map<string, { readonly type: string; readonly node: string }>
  readonly promised: Map<string, PromisedAct>
  /** Every place that was ever sealed, by `placeName`. */
  readonly sealed: Map<string, SealedPlace>
  /** Ids of facts that a server, ever, told a child that it has for good. */
  readonly acked: Set<string>
  /** Facts that went with a disk that nobody had a copy of: they are reported lost, and count as that. */
  readonly burnt: Set<string>
  /** Machines whose disk was set back, cloned or emptied: what they said before may be said anew. */
  readonly rewound: Set<string>
}

export function makeTruth(): Truth {
  return {
    intended: new Map(),
    promised: new Map(),
    sealed: new Map(),
    acked: new Set(),
    burnt: new Set(),
    rewound: new Set(),
  }
}

/** One place of one history: two clones may seal the same position with other content. */
export function placeName(stream: StreamId, seq: number, hash: Uint8Array): string {
  return `${stream}#${seq}#${toHex(hash.subarray(0, 12))}`
}
