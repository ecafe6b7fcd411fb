import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { ReadAhead } from '@tillkeeper/projections/journal/read-ahead.ts'
import type {
  Hello,
  HelloReply,
  NackCode,
  Renewed,
  RenewRequest,
} from '@tillkeeper/sync/message/messages.ts'
import type { Authenticate } from '../auth/actor.ts'
import type { Child } from './child.ts'
import type { PokeHub } from './poke-hub.ts'
import type { ReceiptKey } from './sign-heads.ts'

/** Why an epoch is not granted: the node was never enrolled in its own, or has asked too often. */
export type RenewRefusal =
  | { readonly code: 'stream_not_yours' }
  | { readonly code: 'too_many_requests'; readonly retryAfterSeconds: number }

/** What a server is to its children: a store server to its tills, the cloud to its store servers. */
export type SyncParent = {
  readonly db: Db
  readonly now: () => Date
  readonly authenticate: Authenticate
  readonly hub: PokeHub
  /** The peer whose acknowledgements are the cloud's; left out, this server is the cloud. */
  readonly cloudPeer?: string
  /** The scopes that a child may hold. */
  readonly scopesOf: (child: Child) => readonly string[]
  /** The authors whose streams a child may bring: itself, and its own children. */
  readonly authorsOf: (child: Child) => Promise<ReadonlySet<string>>
  /** What the child may sign its heads with: public keys, base64 of SPKI. */
  readonly keysOf: (child: Child) => Promise<readonly string[]>
  /** What receipts are signed with: the cloud's. A server without one passes on the cloud's. */
  readonly receiptKey?: ReceiptKey
  /** In which epoch this cloud writes an organisation's feeds; it takes back what it lost of older ones. */
  readonly feedEpochOf?: (org: OrgId) => number
  /** Grants the child a major epoch that nobody had; the same request is granted the same. */
  readonly renew: (child: Child, request: RenewRequest) => Promise<Outcome<Renewed, RenewRefusal>>
  /** What is asked of the child's batches now. Left out: all that the protocol allows. */
  readonly limitsOf?: (child: Child) => HelloReply['limits']
  /** A hello was answered: what it says of the child's health is for people. */
  readonly onHello?: (child: Child, hello: Hello) => Promise<void>
  /** Where the projector of this process finds what was read to be journalled. */
  readonly readAhead?: ReadAhead | undefined
  /** Facts of the child are in the journal: project them, carry them on. */
  readonly onReceived: (org: OrgId) => void
  /** A batch was not taken. A fork is for an alarm; the others tell of a broken child. */
  readonly onNack?: (child: Child, stream: StreamId, code: NackCode) => void
}
