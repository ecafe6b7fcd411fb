import { promisify } from 'node:util'
import { constants, gzip, zstdCompress } from 'node:zlib'
import type { LinkStatus } from '@tillkeeper/http/reads/sync-status-routes.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { MendWire, Timer, Wire } from '@tillkeeper/sync/link/ports.ts'
import { runLink } from '@tillkeeper/sync/link/run-link.ts'
import type { StopReason } from '@tillkeeper/sync/link/session.ts'
import { httpWire, type Socket } from '@tillkeeper/sync/wire/http-wire.ts'
import type { TrustedClock } from '../clock/trusted-clock.ts'
import { epochOf } from '../node/identity.ts'
import type { Store } from '../store.ts'
import { journalInbox, journalOutbox } from './cloud-ports.ts'
import { createSelf } from './cloud-self.ts'
import { createMender, type MendDeps } from './mend-streams.ts'
import { createNodeToken } from './node-token.ts'

export type CloudLinkDeps = {
  readonly db: Db
  readonly dataDir: string
  readonly store: Pick<Store, 'goOnIn' | 'node' | 'pokes'>
  /** Who this server is now: its epoch changes where it was copied or restored. */
  readonly identity: MendDeps['identity']
  /** Without a slash at the end. */
  readonly cloudUrl: string
  readonly build: string
  /** By the computer's own clock: the cloud is to see how far that is off. */
  readonly now: () => Date
  /** Hears the time that the cloud says. */
  readonly clock?: TrustedClock
  /** A stream stopped: told once for each reason. */
  readonly onAlarm: (stream: string, why: StopReason) => void
  readonly onFault: (error: unknown) => void
}

export type CloudLink = {
  readonly start: () => void
  /** Facts were journalled. Cheap. */
  readonly wake: () => void
  readonly status: () => LinkStatus
  /** Resolves when no stream of ours is being mended. */
  readonly mended: () => Promise<void>
  readonly stop: () => void
}

const deflate = promisify(gzip)
const zstd = promisify(zstdCompress)
/** The fastest: a shop's server has other work, and a level more saves a tenth of the bytes. */
const zstdFast = { [constants.ZSTD_c_compressionLevel]: 1 }
/** A packed batch comes in one piece: each piece waits for a turn of the event loop. */
const packedBytes = 262_144
const packedBytesMin = 1_024

async function packZstd(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const chunkSize = Math.min(packedBytes, Math.max(packedBytesMin, bytes.length))
  return new Uint8Array(await zstd(bytes, { params: zstdFast, chunkSize }))
}

function openWire({ identity, cloudUrl, now }: CloudLinkDeps): Wire & MendWire {
  return httpWire({
    baseUrl: cloudUrl,
    fetch,
    openSocket: (url) => new WebSocket(url) as unknown as Socket,
    gzip: async (bytes) => new Uint8Array(await deflate(bytes, { level: constants.Z_BEST_SPEED })),
    zstd: packZstd,
    token: createNodeToken({ identity: identity.current, cloudUrl, now }),
    timer: nodeTimer,
  })
}

/**
 * Carries this shop's facts to the cloud and the cloud's feeds here. It runs beside selling and is never
 * waited for: with no cloud, no line, or no valid token it tries again later, for ever.
 */
export function runCloudLink(deps: CloudLinkDeps): CloudLink {
  const { db, identity, now, onFault } = deps
  const { org, author, cloudPublicKey } = identity.current()
  const ports = { db, org, now, pokes: deps.store.pokes, cloudPublicKey }
  const stopped = new Map<string, StopReason>()
  let lastContactAt: string | null = null
  let linkUp = false
  const wire = openWire(deps)
  const mender = createMender({ ...deps, wire, onMended: () => link.greet() })
  const link = runLink({
    node: author,
    epoch: () => epochOf(identity.current()),
    self: createSelf({ db, now, identity: identity.current, onCloned: mender.cloned }),
    build: deps.build,
    outbox: journalOutbox(ports),
    inbox: journalInbox(ports),
    timer: nodeTimer,
    wire: deps.clock?.listenTo(wire) ?? wire,
    now: () => now().toISOString(),
    random: Math.random,
    onState: (state) => {
      // A hello that is on its way says nothing yet: the heartbeat must not look like an outage.
      if (state.at === 'greeting') return
      linkUp = state.at === 'idle' || state.at === 'streaming'
      // Each step into these follows an answer of the cloud, or facts that go there at once.
      if (linkUp) lastContactAt = now().toISOString()
    },
    onAlarm: (stream, why) => {
      mender.stopped(stream, why)
      // Said again at each hello; told once.
      if (stopped.get(stream) === why) return
      stopped.set(stream, why)
      deps.onAlarm(stream, why)
    },
    onFault,
  })
  const { wake, stop } = pace(link.wake)
  return {
    start: link.start,
    wake,
    stop: () => {
      stop()
      link.stop()
    },
    status: () => ({ linkUp, lastContactAt }),
    mended: mender.settled,
  }
}

/** In a rush, sales leave for the cloud together this often: each trip costs more than a sale does. */
const paceMs = 100

/** Passes the first call on at once, and of those within `paceMs` of it the last. */
function pace(call: () => void): { readonly wake: () => void; readonly stop: () => void } {
  let lastAt = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined
  const pass = () => {
    lastAt = nodeTimer.elapsed()
    cancel = undefined
    call()
  }
  return {
    wake: () => {
      if (cancel !== undefined) return
      const restMs = lastAt + paceMs - nodeTimer.elapsed()
      if (restMs <= 0) pass()
      else cancel = nodeTimer.after(restMs, pass)
    },
    stop: () => cancel?.(),
  }
}

const nodeTimer: Timer = {
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    // A shop's server that wants to stop does not wait for the cloud.
    timer.unref()
    return () => clearTimeout(timer)
  },
  elapsed: () => performance.now(),
}
