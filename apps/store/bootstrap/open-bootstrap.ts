import type { BootstrapProgress } from '@tillkeeper/client/api/shapes.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { Identity } from '../node/identity.ts'
import { createNodeToken } from '../sync/node-token.ts'
import { snapshotWire } from './fetch-snapshot.ts'
import { type Bootstrap, createBootstrap } from './run-bootstrap.ts'

type Deps = {
  readonly db: Db
  readonly identity: Identity
  /** Without a slash at the end. */
  readonly cloudUrl: string
  readonly now: () => Date
  readonly onStep: (progress: BootstrapProgress) => void
  readonly onFault: (code: string, stream: string | null) => void
}

/** A shop's first load, from the cloud that it was enrolled with. Nothing runs before `run`. */
export async function openBootstrap({ cloudUrl, ...deps }: Deps): Promise<Bootstrap> {
  const { identity, now } = deps
  let wake = () => {}
  const over = new AbortController()
  const bootstrap = await createBootstrap({
    ...deps,
    org: identity.org,
    cloudPublicKey: identity.cloudPublicKey,
    random: Math.random,
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    wire: snapshotWire({
      baseUrl: cloudUrl,
      fetch,
      signal: over.signal,
      token: createNodeToken({ identity: () => identity, cloudUrl, now }),
    }),
  })
  return {
    ...bootstrap,
    stop: () => {
      bootstrap.stop()
      over.abort()
      wake()
    },
  }
}
