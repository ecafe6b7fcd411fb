import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { NackCode } from '@tillkeeper/sync/message/messages.ts'
import type { Authenticate } from '../auth/actor.ts'
import type { Child } from './child.ts'
import type { PokeHub } from './poke-hub.ts'

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
  /** Facts of the child are in the journal: project them, carry them on. */
  readonly onReceived: (org: OrgId) => void
  /** A batch was not taken. A fork is for an alarm; the others tell of a broken child. */
  readonly onNack?: (child: Child, stream: StreamId, code: NackCode) => void
}
