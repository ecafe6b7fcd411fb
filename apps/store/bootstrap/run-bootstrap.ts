import type { BootstrapProgress } from '@tillkeeper/client/api/shapes.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { projectPending } from '@tillkeeper/projections/project.ts'
import {
  type BootstrapRow,
  beginBootstrap,
  finishBootstrap,
  noteManifest,
  noteVerified,
} from '@tillkeeper/projections/snapshot/bootstrap-sql.ts'
import {
  forgetAuthorChunks,
  forgetChunks,
  listChunks,
  saveChunk,
} from '@tillkeeper/projections/snapshot/chunk-sql.ts'
import { backoffMs } from '@tillkeeper/sync/link/backoff.ts'
import { fromHex, toHex } from '@tillkeeper/sync/message/hex.ts'
import { isChunkBytes } from '@tillkeeper/sync/snapshot/check-chunk.ts'
import {
  type Chunk,
  isManifest,
  type Manifest,
  missingChunks,
} from '@tillkeeper/sync/snapshot/manifest.ts'
import type { SnapshotFault, SnapshotWire } from './fetch-snapshot.ts'
import {
  heldHeads,
  type Loading,
  type LoadRefusal,
  loadChunk,
  verifySnapshot,
} from './load-snapshot.ts'

export type Bootstrap = {
  /** `undefined` once the server is whole. */
  readonly progress: () => BootstrapProgress | undefined
  /** Loads what is missing. It resolves when the server is whole or was stopped; it never rejects. */
  readonly run: () => Promise<void>
  readonly stop: () => void
}

export type BootstrapDeps = Loading & {
  readonly wire: SnapshotWire
  /** Waits so long, or until it is stopped. */
  readonly wait: (ms: number) => Promise<void>
  readonly random: () => number
  /** Something to read in the log: where it is, and why it does not go on. */
  readonly onStep: (progress: BootstrapProgress) => void
  readonly onFault: (code: string, stream: StreamId | null) => void
}

/**
 * A stream of acts that came damaged so often is left to the link and to a person: what is lost in the cloud
 * must not keep a shop from selling. Without its feeds a shop has nothing to sell, and goes on asking.
 */
const damagedMax = 3

/**
 * Loads what a new server may hold: a snapshot of sealed facts, checked by name, chain and signature, then
 * taken into the journal and projected. Each step is in the database before the next, so a load that is
 * cut off goes on; a manifest is a cut, and what comes after it is brought by the link.
 */
export async function createBootstrap(deps: BootstrapDeps): Promise<Bootstrap> {
  const { db, org, now } = deps
  const begun = await beginBootstrap(db, org, now().toISOString())
  let whole = begun === undefined || begun.finishedAt !== null
  let stopped = false
  let progress = progressOf('asking', undefined, new Map())

  const step = (next: BootstrapProgress) => {
    progress = next
    deps.onStep(next)
  }
  const run = async (): Promise<void> => {
    let tries = 0
    const damaged = new Map<StreamId, number>()
    const isLeftOut = (stream: StreamId) =>
      !stream.startsWith('feed/') && (damaged.get(stream) ?? 0) >= damagedMax
    while (!whole && !stopped) {
      const outcome = await loadAll(deps, { step, isStopped: () => stopped, isLeftOut }).catch(
        (error: unknown): Outcome<undefined, Fault> =>
          // The database is away, or a bug of ours: what was done is noted, and tried again.
          refused({ code: 'failed', detail: String(error) }),
      )
      if (stopped) return
      // A parent that knows no snapshots still has a link.
      if (outcome.ok || outcome.refusal.code === 'not_offered') {
        if (!outcome.ok) deps.onFault(outcome.refusal.code, null)
        await finish(deps)
        whole = true
        return
      }
      const fault = outcome.refusal
      deps.onFault('detail' in fault ? fault.detail : fault.code, streamOf(fault))
      if (fault.code === 'snapshot_damaged') {
        damaged.set(fault.stream, (damaged.get(fault.stream) ?? 0) + 1)
      }
      tries += 1
      await deps.wait(
        backoffMs(tries, deps.random(), fault.code === 'busy' ? fault.retryAfterMs : 0),
      )
    }
  }
  return {
    progress: () => (whole ? undefined : progress),
    run,
    stop: () => {
      stopped = true
    },
  }
}

type Fault = SnapshotFault | LoadRefusal | { readonly code: 'failed'; readonly detail: string }

const streamOf = (fault: Fault) => ('stream' in fault ? fault.stream : null)

async function finish({ db, org, now }: BootstrapDeps): Promise<void> {
  await db.begin(async (tx) => {
    // The chunks of feeds stay: tills ask for them.
    await forgetAuthorChunks(tx, org)
    await finishBootstrap(tx, org, now().toISOString())
  })
}

type Steps = {
  readonly step: (progress: BootstrapProgress) => void
  readonly isStopped: () => boolean
  readonly isLeftOut: (stream: StreamId) => boolean
}

async function loadAll(
  deps: BootstrapDeps,
  { step, isStopped, isLeftOut }: Steps,
): Promise<Outcome<undefined, Fault>> {
  const { db, org, now } = deps
  const row = await beginBootstrap(db, org, now().toISOString())
  const asked = await findManifest(deps, row)
  if (!asked.ok) return asked
  const manifest = {
    ...asked.value,
    streams: asked.value.streams.filter(({ stream }) => !isLeftOut(stream)),
    chunks: asked.value.chunks.filter(({ stream }) => !isLeftOut(stream)),
  }
  const at = async (phase: BootstrapProgress['phase']) =>
    step(progressOf(phase, manifest, await heldHeads(deps)))

  await at('fetching')
  for (const chunk of await unfetched(deps, manifest)) {
    const fetched = await fetchChunk(deps, chunk)
    if (isStopped()) return accepted(undefined)
    if (!fetched.ok) return fetched
  }
  if (row?.verified !== true) {
    await at('verifying')
    const verified = await verifySnapshot(deps, manifest)
    if (!verified.ok) {
      await forgetChunks(db, org)
      await noteManifest(db, org, null)
      return verified
    }
    await noteVerified(db, org)
  }
  for (const chunk of missingChunks(manifest, await heldHeads(deps))) {
    await at('loading')
    const loaded = await loadChunk(deps, chunk)
    if (isStopped()) return accepted(undefined)
    // One stream of another history holds back no other: the link judges it when it says hello.
    if (!loaded.ok && loaded.refusal.code !== 'history_differs') return loaded
    if (!loaded.ok) deps.onFault(loaded.refusal.code, chunk.stream)
  }
  await at('projecting')
  while (!isStopped() && (await projectPending(db, org, { batchMax: projectedMax })).more);
  return accepted(undefined)
}

/** Facts that are projected in one transaction: nobody else waits for the organisation's lock here. */
const projectedMax = 5_000

async function findManifest(
  { db, org, wire }: BootstrapDeps,
  row: BootstrapRow | undefined,
): Promise<Outcome<Manifest, SnapshotFault>> {
  if (isManifest(row?.manifest)) return accepted(row.manifest)
  const asked = await wire.askManifest()
  if (asked.ok) await noteManifest(db, org, asked.value)
  return asked
}

/** The chunks that are still needed and not here. Until all chains were followed, every one is needed. */
async function unfetched(
  { db, org }: BootstrapDeps,
  manifest: Manifest,
): Promise<readonly Chunk[]> {
  const streams = manifest.streams.map(({ stream }) => stream)
  const kept = new Set((await listChunks(db, org, streams)).map(({ sha256: name }) => toHex(name)))
  return manifest.chunks.filter((chunk) => !kept.has(chunk.sha256))
}

async function fetchChunk(
  { db, org, now, wire }: BootstrapDeps,
  chunk: Chunk,
): Promise<Outcome<undefined, SnapshotFault>> {
  const parts: Uint8Array[] = []
  let had = -1
  let fetched: Outcome<undefined, SnapshotFault> = refused({ code: 'unreachable' })
  // A line that was cut is asked for the rest at once, as long as each answer brings something.
  while (!fetched.ok && fetched.refusal.code === 'unreachable' && sizeOf(parts) > had) {
    had = sizeOf(parts)
    fetched = await wire.fetchChunk(chunk, parts)
  }
  if (!fetched.ok) {
    if (fetched.refusal.code === 'chunk_gone') await noteManifest(db, org, null)
    return fetched
  }
  const bytes = Buffer.concat(parts)
  if (!isChunkBytes(sha256, chunk, bytes)) return refused({ code: 'bad_answer' })
  const { stream, from, facts } = chunk
  const madeAt = now().toISOString()
  await saveChunk(db, org, { stream, from, facts, sha256: fromHex(chunk.sha256), bytes, madeAt })
  return accepted(undefined)
}

const sizeOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0)

function progressOf(
  phase: BootstrapProgress['phase'],
  manifest: Manifest | undefined,
  heads: ReadonlyMap<StreamId, number>,
): BootstrapProgress {
  const chunks = manifest?.chunks ?? []
  const missing = manifest === undefined ? [] : missingChunks(manifest, heads)
  const count = (of: readonly Chunk[]) => of.reduce((sum, { facts }) => sum + facts, 0)
  return {
    phase,
    chunks: chunks.length,
    chunksDone: chunks.length - missing.length,
    facts: count(chunks),
    factsDone: count(chunks) - count(missing),
  }
}
