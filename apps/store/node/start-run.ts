import { checkBody, markEveryMs, noteBody, rollMark } from '@tillkeeper/http/sync/check-body.ts'
import { forgetTokens } from '@tillkeeper/http/sync/identity-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { beginRun, endRun, type Identity } from './identity.ts'

/** Who a server is while it runs: its epoch may change. */
export type LiveIdentity = {
  readonly current: () => Identity
  readonly change: (identity: Identity) => void
}

export type Run = {
  readonly identity: LiveIdentity
  /** Ends the run without a word: the next start finds that it was not clean. */
  readonly drop: () => void
  /** Notes a clean stop. */
  readonly end: () => Promise<void>
}

/**
 * Begins a run: looks at the body, takes an epoch that no copy has, and makes the mark anew, now and
 * every ten minutes. A body in doubt is noted and keeps nobody from selling.
 */
export async function startRun(
  db: Db,
  {
    dataDir,
    identity: found,
    now,
    onFault,
  }: {
    readonly dataDir: string
    readonly identity: Identity
    readonly now: () => Date
    readonly onFault: (error: unknown) => void
  },
): Promise<Run> {
  const { org } = found
  const why = await checkBody(db, org, dataDir)
  let identity = await beginRun(dataDir, found, { suspect: why.length > 0 })
  if (why.length > 0) {
    await noteBody(db, org, { node: found.author, why, at: now().toISOString() })
    // What tills said since the backup was made is forgotten here: none of them is a copy for it.
    await forgetTokens(db, org)
  }
  await rollMark(db, org, { dataDir, now })
  const timer = setInterval(() => {
    rollMark(db, org, { dataDir, now }).catch(onFault)
  }, markEveryMs)
  timer.unref()
  const drop = () => clearInterval(timer)
  return {
    identity: {
      current: () => identity,
      change: (next) => {
        identity = next
      },
    },
    drop,
    end: async () => {
      drop()
      await endRun(dataDir, identity)
    },
  }
}
