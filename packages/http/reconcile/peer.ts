import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type {
  FactsAnswer,
  FactsQuestion,
  MendHeader,
  RegistersAnswer,
  RegistersQuestion,
} from '@tillkeeper/sync/digest/digest-messages.ts'

/** Why a peer gave no answer. The comparison ends there; the next run begins again. */
export type PeerFault = { readonly code: 'unreachable' | 'refused' }

/** The parent, as a comparison of data at rest needs it. It never throws. */
export type Peer = {
  readonly compareFacts: (question: FactsQuestion) => Promise<Outcome<FactsAnswer, PeerFault>>
  readonly compareRegisters: (
    question: RegistersQuestion,
  ) => Promise<Outcome<RegistersAnswer, PeerFault>>
  /** Facts after a position, as the peer holds them: at least one where it has one. */
  readonly pull: (ask: {
    readonly stream: StreamId
    readonly after: number
    readonly limit: number
  }) => Promise<Outcome<readonly Uint8Array[], PeerFault>>
  /** Offers the facts of a bucket that the peer is damaged in; it proves them by its own chain. */
  readonly mend: (
    header: MendHeader,
    facts: readonly Uint8Array[],
  ) => Promise<Outcome<{ readonly mended: number }, PeerFault>>
}
